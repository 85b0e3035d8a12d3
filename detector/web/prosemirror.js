// A ProseMirror editor (TipTap too): its document read as HTML, underlined by decorations, changed by transactions.

import { elementAt } from "./editable.js";
import { Draft, linesOf } from "./html.js";
import { makeUnderlines } from "./underlines.js";

/**
 * The classes of `prosemirror-state` and `prosemirror-view` that the page already has. Without them underlines are
 * the browser's own highlights.
 * @typedef {{Plugin: any, PluginKey: any, Decoration: any, DecorationSet: any}} Classes
 * @typedef {import("./editors.js").Mark} Mark
 * @typedef {import("./client.js").Fix} Fix
 */

/** Whether `value` is an `EditorView`, or a TipTap editor, which has one. @param {any} value */
export const isProseMirror = (value) => Boolean((value?.view ?? value)?.state?.doc && (value?.view ?? value).dispatch);

/** A ProseMirror view as an editor. */
export class ProseMirrorEditor {
  /** @param {any} editor an `EditorView`, or a TipTap editor @param {HTMLElement} layer
   * @param {{classes?: Classes}} options */
  constructor(editor, layer, { classes } = {}) {
    this.view = editor.view ?? editor;
    this.element = this.view.dom;
    this.format = "html";
    this.underlines = makeUnderlines(layer);
    this.decorations = classes ? new Decorations(this.view, classes) : null;
    this.draft = read(this.view.state.doc);
  }

  get writable() {
    return this.view.editable;
  }

  read() {
    this.draft = read(this.view.state.doc);
    return { text: this.draft.text, format: this.format };
  }

  /** Positions in the document that was last read. @param {number} start @param {number} end */
  place(start, end) {
    const first = this.draft.locate(start);
    const last = this.draft.locate(end, { before: true });
    const from = first ? first.node + first.offset : this.view.state.doc.content.size;
    return { from, to: last && start < end ? Math.max(from, last.node + last.offset) : from };
  }

  /** Where the caret is: before the mark (-1), at it (0), after it (1). @param {Mark} mark */
  compare({ place: { from, to } }) {
    const { head } = this.view.state.selection;
    return head < from ? -1 : Number(head > to);
  }

  /** Brings a finding into sight, with the caret at its start. @param {Mark} mark */
  goTo(mark) {
    const range = this.range(mark);
    if (this.compare(mark)) getSelection()?.collapse(range.startContainer, range.startOffset);
    elementAt(range).scrollIntoView({ block: "nearest" });
  }

  /** @param {Mark[]} marks */
  show(marks) {
    const marked = marks.filter(({ place: { from, to } }) => from < to);
    if (this.decorations) this.decorations.show(marked);
    else this.underlines.show(marked.map((mark) => ({ range: this.range(mark), severity: mark.finding.severity })));
  }

  /** Decorations move with every transaction. */
  typed() {
    this.underlines.follow();
  }

  follow() {
    this.underlines.follow();
  }

  /** @param {Mark} mark */
  range({ place: { from, to } }) {
    const range = document.createRange();
    const start = this.view.domAtPos(from, 1);
    const end = from === to ? start : this.view.domAtPos(to, -1);
    range.setStart(start.node, start.offset);
    range.setEnd(end.node, end.offset);
    return range;
  }

  /** One transaction, so that the editor's own undo takes it back as one step.
   * @param {{from: number, to: number}} place @param {Fix} fix */
  replace({ from, to }, { action, replacement }) {
    const { tr, schema, doc } = this.view.state;
    const all = linesOf(replacement) ?? [];
    const lines = all.filter(Boolean);
    if (action === "quote") {
      tr.wrap(doc.resolve(from).blockRange(doc.resolve(to)), [{ type: schema.nodes.blockquote }]);
    } else if (all.length > 1 && from === to && lines.length) {
      const block = doc.type.contentMatch.defaultType;
      tr.insert(between(doc, from), lines.map((line) => block.create(null, schema.text(line))));
    } else if (lines.length) {
      tr.insertText(lines.join(" "), from, to);
    } else {
      tr.delete(from, to);
    }
    this.view.dispatch(tr.scrollIntoView());
    this.view.focus();
  }

  /** A comment in the text (a suppression) has no place in such a document. @param {Fix} fix */
  canShow(fix) {
    const known = fix.action !== "quote" || this.view.state.schema.nodes.blockquote;
    return Boolean(known) && linesOf(fix.replacement) !== null;
  }

  detach() {
    this.underlines.clear();
    this.decorations?.detach();
  }
}

/** A plugin whose decorations move with every transaction, and are no part of the document. */
class Decorations {
  /** @param {any} view @param {Classes} classes */
  constructor(view, { Plugin, PluginKey, Decoration, DecorationSet }) {
    this.view = view;
    this.key = new PluginKey("detector");
    this.make = (/** @type {Mark} */ { place: { from, to }, finding }) =>
      Decoration.inline(from, to, { class: `detector-${finding.severity}` });
    const plugin = new Plugin({
      key: this.key,
      state: {
        init: () => DecorationSet.empty,
        apply: (/** @type {any} */ tr, /** @type {any} */ set) => {
          const shown = tr.getMeta(this.key);
          return shown ? DecorationSet.create(tr.doc, shown) : set.map(tr.mapping, tr.doc);
        },
      },
      props: { decorations: (/** @type {any} */ state) => this.key.getState(state) },
    });
    this.plugin = plugin;
    view.updateState(view.state.reconfigure({ plugins: [...view.state.plugins, plugin] }));
  }

  /** @param {Mark[]} marks */
  show(marks) {
    const shown = this.key.getState(this.view.state).find().map(place).sort();
    if (shown.join() === marks.map((mark) => place(mark.place)).sort().join()) return;
    const tr = this.view.state.tr.setMeta(this.key, marks.map(this.make)).setMeta("addToHistory", false);
    this.view.dispatch(tr);
  }

  detach() {
    if (this.view.isDestroyed) return;
    const plugins = this.view.state.plugins.filter((/** @type {any} */ each) => each !== this.plugin);
    this.view.updateState(this.view.state.reconfigure({ plugins }));
  }
}

/** The place between two blocks that is nearest to `position`. @param {any} doc @param {number} position */
function between(doc, position) {
  const place = doc.resolve(position);
  if (!place.depth) return position;
  return place.parentOffset ? place.after(1) : place.before(1);
}

/** @param {{from: number, to: number}} span */
const place = ({ from, to }) => `${from}-${to}`;

/** The document as HTML; a place is a position of the document. @param {any} doc */
function read(doc) {
  /** @type {Draft<number>} */
  const draft = new Draft();
  doc.forEach((/** @type {any} */ child, /** @type {number} */ offset) => write(child, offset, draft));
  return draft;
}

/** @param {any} node @param {number} position @param {Draft<number>} draft */
function write(node, position, draft) {
  if (node.isText) {
    const tags = node.marks.map((/** @type {any} */ mark) => tagOf(mark.type.spec.toDOM?.(mark, true), "span"));
    tags.forEach((/** @type {string} */ tag) => draft.markup(`<${tag}>`));
    draft.words(position, node.text);
    tags.reverse().forEach((/** @type {string} */ tag) => draft.markup(`</${tag}>`));
    return;
  }
  const tag = tagOf(node.type.spec.toDOM?.(node), node.isInline ? "span" : "div");
  draft.markup(`<${tag}>`);
  node.forEach((/** @type {any} */ child, /** @type {number} */ offset) => write(child, position + 1 + offset, draft));
  if (!node.isLeaf) draft.markup(`</${tag}>`);
}

/** The element's name in what a schema's `toDOM` gives. @param {any} made @param {string} otherwise */
function tagOf(made, otherwise) {
  const element = made?.dom ?? made;
  const name = Array.isArray(element) ? String(element[0]).split(" ").pop() : element?.nodeName;
  return name && /^[a-z][\w-]*$/i.test(name) ? name.toLowerCase() : otherwise;
}

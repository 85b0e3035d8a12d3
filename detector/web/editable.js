// A contenteditable element: read as the HTML a site would save, underlined without a change to its document.

import { linesOf, serialise } from "./html.js";
import { makeUnderlines } from "./underlines.js";

/**
 * @typedef {import("./editors.js").Mark} Mark
 * @typedef {import("./client.js").Fix} Fix
 */

/** A contenteditable element as an editor. */
export class EditableEditor {
  /** @param {HTMLElement} element @param {HTMLElement} layer */
  constructor(element, layer) {
    this.element = element;
    this.format = "html";
    const boxes = document.createElement("div");
    boxes.className = "boxes";
    layer.append(boxes);
    this.underlines = makeUnderlines(boxes);
    this.draft = serialise(element);
  }

  get writable() {
    return this.element.isContentEditable;
  }

  read() {
    this.draft = serialise(this.element);
    return { text: this.draft.text, format: this.format };
  }

  /** The range of a stretch of what was last read. @param {number} start @param {number} end */
  place(start, end) {
    const range = document.createRange();
    const first = this.draft.locate(start) ?? this.draft.locate(start, { before: true });
    const last = this.draft.locate(end, { before: true });
    if (!first) range.selectNodeContents(this.element);
    if (first) range.setStart(first.node, first.offset);
    if (last && start < end) range.setEnd(last.node, last.offset);
    else range.collapse(true);
    return range;
  }

  /** Where the caret is: before the mark (-1), at it (0), after it (1). @param {Mark} mark */
  compare({ place }) {
    const selection = getSelection();
    const node = selection?.focusNode;
    return node && this.element.contains(node) ? place.comparePoint(node, selection.focusOffset) : -1;
  }

  /** Brings a finding into sight, with the caret at its start. @param {Mark} mark */
  goTo(mark) {
    if (this.compare(mark)) getSelection()?.collapse(mark.place.startContainer, mark.place.startOffset);
    elementAt(mark.place).scrollIntoView({ block: "nearest" });
  }

  /** @param {Mark[]} marks */
  show(marks) {
    const marked = marks.filter((mark) => !mark.place.collapsed);
    this.underlines.show(marked.map((mark) => ({ range: mark.place, severity: mark.finding.severity })));
  }

  /** The browser moves the underlines along. */
  typed() {
    this.underlines.follow();
  }

  follow() {
    this.underlines.follow();
  }

  /** @param {Mark} mark */
  range({ place }) {
    return place;
  }

  /**
   * Replaces as if typed, so that undo takes it back. Several lines become blocks of their own.
   * @param {Range} place @param {Fix} fix
   */
  replace(place, { action, replacement, start }) {
    const lines = linesOf(replacement) ?? [];
    this.element.focus({ preventScroll: true });
    getSelection()?.setBaseAndExtent(place.startContainer, place.startOffset, place.endContainer, place.endOffset);
    if (action === "quote") return document.execCommand("formatBlock", false, "blockquote");
    if (!lines.some(Boolean)) return document.execCommand("delete");
    if (lines.length === 1) return document.execCommand("insertText", false, lines[0]);
    return insertBlocks(lines.filter(Boolean), { after: this.draft.locate(start) === null });
  }

  /** A comment in the text (a suppression) cannot be shown in such an editor. @param {Fix} fix */
  canShow(fix) {
    return linesOf(fix.replacement) !== null;
  }

  detach() {
    this.underlines.clear();
  }
}

/** The element that a range begins in. @param {Range} range @returns {Element} */
export function elementAt({ startContainer }) {
  return /** @type {Element} */ (startContainer instanceof Element ? startContainer : startContainer.parentElement);
}

/**
 * Types lines as paragraphs of their own, after or before the one at the caret. (The command `insertHTML` would join the
 * first with what is there, and write styles into the text.)
 * @param {string[]} lines @param {{after: boolean}} where
 */
function insertBlocks(lines, { after }) {
  for (const line of lines) {
    if (after) document.execCommand("insertParagraph");
    if (after && isInQuotation()) document.execCommand("outdent");
    document.execCommand("insertText", false, line);
    if (!after) document.execCommand("insertParagraph");
  }
}

/** A new paragraph behind a quotation or a list belongs outside of it. */
function isInQuotation() {
  const node = getSelection()?.focusNode;
  return Boolean((node instanceof Element ? node : node?.parentElement)?.closest("blockquote, li"));
}

// What stands in an editable element, as the HTML that a site would save, with a way back from its offsets.

const RAW = new Set(["STYLE", "SCRIPT", "XMP", "IFRAME", "NOEMBED", "NOFRAMES", "NOSCRIPT", "PLAINTEXT"]);
const ENTITIES = new Map([["&", "&amp;"], ["\u00a0", "&nbsp;"], ["<", "&lt;"], [">", "&gt;"]]);
const ESCAPED = /[&\u00a0<>]/g;

/**
 * A stretch of the text that stands for `length` code units of `node` from `from` on. Where the stretch is longer
 * than that it is an entity, which has no inside.
 * @template Node
 * @typedef {{at: number, size: number, node: Node, from: number, length: number}} Piece
 */

/**
 * Grows a text and remembers where each part of it came from.
 * @template Node
 */
export class Draft {
  constructor() {
    /** @type {string[]} */
    this.parts = [];
    /** @type {Piece<Node>[]} */
    this.pieces = [];
    this.size = 0;
  }

  get text() {
    return this.parts.join("");
  }

  /** Adds markup, which stands for no characters. @param {string} markup */
  markup(markup) {
    this.parts.push(markup);
    this.size += markup.length;
  }

  /** Adds the words of `node`, escaped. @param {Node} node @param {string} words */
  words(node, words, { raw = false, base = 0 } = {}) {
    let from = 0;
    for (const found of raw ? [] : words.matchAll(ESCAPED)) {
      this.#piece(node, words.slice(from, found.index), base + from, found.index - from);
      this.#piece(node, /** @type {string} */ (ENTITIES.get(found[0])), base + found.index, 1);
      from = found.index + 1;
    }
    this.#piece(node, words.slice(from), base + from, words.length - from);
  }

  /** @param {Node} node @param {string} text @param {number} from @param {number} length */
  #piece(node, text, from, length) {
    if (!length) return;
    this.pieces.push({ at: this.size, size: text.length, node, from, length });
    this.markup(text);
  }

  /**
   * The place of offset `at`: an end (`before`) looks back over markup to the last character, a start looks ahead.
   * @param {number} at @param {{before?: boolean}} [options] @returns {{node: Node, offset: number} | null}
   */
  locate(at, { before = false } = {}) {
    const index = this.#pieceAt(at, before);
    if (index < 0 || index >= this.pieces.length) return null;
    const piece = this.pieces[index];
    const inside = Math.min(Math.max(at - piece.at, 0), piece.size);
    const offset = piece.size === piece.length ? inside : inside && piece.length;
    return { node: piece.node, offset: piece.from + offset };
  }

  /** @param {number} at @param {boolean} before */
  #pieceAt(at, before) {
    let low = 0;
    let high = this.pieces.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const piece = this.pieces[middle];
      if (before ? piece.at < at : piece.at + piece.size <= at) low = middle + 1;
      else high = middle;
    }
    return before ? low - 1 : low;
  }
}

/** Writes the children of `element` exactly as its `innerHTML` reads. @param {Element} element */
export function serialise(element) {
  /** @type {Draft<Text>} */
  const draft = new Draft();
  for (const child of element.childNodes) write(child, draft);
  return draft;
}

/** @param {ChildNode} node @param {Draft<Text>} draft */
function write(node, draft) {
  if (node instanceof Text) {
    draft.words(node, node.data, { raw: RAW.has(node.parentElement?.tagName ?? "") });
  } else if (node instanceof Element) {
    const [start, end] = tags(node);
    draft.markup(start);
    for (const child of node.childNodes) write(child, draft);
    draft.markup(end);
  } else if (node instanceof Comment) {
    draft.markup(`<!--${node.data}-->`);
  }
}

/** Start and end tag as the browser writes them. @param {Element} element */
function tags(element) {
  const both = /** @type {Element} */ (element.cloneNode(false)).outerHTML;
  const end = `</${element.localName}>`;
  return both.endsWith(end) ? [both.slice(0, -end.length), end] : [both, ""];
}

/**
 * The words of a piece of HTML, a line a block: what a fix puts into an editor. Parsed without running or loading
 * anything; null when it holds a comment, which an editor cannot show.
 * @param {string} html @returns {string[] | null}
 */
export function linesOf(html) {
  const body = new DOMParser().parseFromString(html, "text/html").body;
  if (/<!--/.test(html)) return null;
  for (const block of body.querySelectorAll("br, p, div, blockquote, li, pre, h1, h2, h3, h4, h5, h6")) {
    block.before("\n");
    block.after("\n");
  }
  return (body.textContent ?? "").split(/\s*\n\s*/);
}

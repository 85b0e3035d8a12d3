// Underlines that never touch the author's document: the browser's own highlights, or boxes drawn over it.

/** @typedef {{range: Range, severity: "notice" | "warning" | "error"}} Underline */

const SEVERITIES = /** @type {const} */ (["notice", "warning", "error"]);

/** Whether the browser has highlights of its own (CSS Custom Highlight API). */
export const hasHighlights = () => typeof Highlight === "function" && "highlights" in CSS;

/** The one highlight of the document for `severity`, shared by all editors on the page. @param {string} severity */
function highlightFor(severity) {
  const name = `detector-${severity}`;
  const known = CSS.highlights.get(name);
  if (known) return known;
  const made = new Highlight();
  CSS.highlights.set(name, made);
  return made;
}

/** Underlines by the browser: the ranges are live, so they move with what is typed before the next check. */
export class Highlights {
  constructor() {
    /** @type {Underline[]} */
    this.shown = [];
  }

  /** @param {Underline[]} underlines */
  show(underlines) {
    this.clear();
    this.shown = underlines;
    for (const each of underlines) highlightFor(each.severity).add(each.range);
  }

  clear() {
    for (const each of this.shown) highlightFor(each.severity).delete(each.range);
    this.shown = [];
  }

  /** Nothing to do: the browser moves them. */
  follow() {}
}

/** Underlines as boxes in `layer`, for browsers without highlights. */
export class Boxes {
  /** @param {HTMLElement} layer */
  constructor(layer) {
    this.layer = layer;
    /** @type {Underline[]} */
    this.shown = [];
  }

  /** @param {Underline[]} underlines */
  show(underlines) {
    this.shown = underlines;
    this.follow();
  }

  clear() {
    this.shown = [];
    this.layer.replaceChildren();
  }

  /** Draws the boxes anew, where the words are now. */
  follow() {
    const origin = this.layer.getBoundingClientRect();
    const boxes = this.shown.flatMap(({ range, severity }) =>
      [...range.getClientRects()].map((rect) => box(rect, origin, severity)),
    );
    this.layer.replaceChildren(...boxes);
  }
}

/** @param {DOMRect} rect @param {DOMRect} origin @param {string} severity */
function box(rect, origin, severity) {
  const element = document.createElement("span");
  element.className = `box ${severity}`;
  place(element, { left: rect.left - origin.left, top: rect.top - origin.top, width: rect.width, height: rect.height });
  return element;
}

/** Sets lengths in pixels through the object model, which no content security policy forbids.
 * @param {HTMLElement} element @param {Record<string, number>} lengths */
export function place(element, lengths) {
  for (const [name, length] of Object.entries(lengths)) element.style.setProperty(name, `${length}px`);
}

/** @param {HTMLElement} layer */
export const makeUnderlines = (layer) => (hasHighlights() ? new Highlights() : new Boxes(layer));

export { SEVERITIES };

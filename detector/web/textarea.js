// A textarea: underlines are drawn on a mirror of its text, which lies over it and takes no clicks.

import { makeUnderlines, place } from "./underlines.js";

/**
 * @typedef {import("./editors.js").Mark} Mark
 * @typedef {import("./client.js").Fix} Fix
 */

const MIRRORED = [
  "direction", "font-family", "font-feature-settings", "font-kerning", "font-size", "font-size-adjust",
  "font-stretch", "font-style", "font-variant", "font-variation-settings", "font-weight", "hyphens",
  "letter-spacing", "line-break", "line-height", "padding-bottom", "padding-left", "padding-right", "padding-top",
  "tab-size", "text-align", "text-align-last", "text-indent", "text-rendering", "text-transform", "unicode-bidi",
  "white-space", "word-break", "word-spacing", "writing-mode",
];

/** A textarea as an editor. */
export class TextareaEditor {
  /** @param {HTMLTextAreaElement} element @param {HTMLElement} layer @param {{format?: string}} options */
  constructor(element, layer, { format = "plain" } = {}) {
    this.element = element;
    this.format = format;
    this.mirror = document.createElement("div");
    this.mirror.className = "mirror";
    this.sheet = document.createElement("div");
    this.words = document.createTextNode("");
    this.sheet.append(this.words);
    this.mirror.append(this.sheet);
    const boxes = document.createElement("div");
    boxes.className = "boxes";
    layer.append(this.mirror, boxes);
    this.underlines = makeUnderlines(boxes);
    /** @type {Mark[]} */
    this.marks = [];
    this.onScroll = () => this.#scroll();
    element.addEventListener("scroll", this.onScroll, { passive: true });
  }

  get writable() {
    return !this.element.readOnly && !this.element.disabled;
  }

  read() {
    return { text: this.element.value, format: this.format };
  }

  /** @param {number} start @param {number} end */
  place(start, end) {
    return { start, end };
  }

  /** Where the caret is: before the mark (-1), at it (0), after it (1). @param {Mark} mark */
  compare({ place: { start, end } }) {
    const at = this.element.selectionStart;
    return at < start ? -1 : Number(at > end);
  }

  /** Brings a finding into sight, with the caret at its start. @param {Mark} mark */
  goTo(mark) {
    const { place: { start } } = mark;
    if (this.compare(mark)) this.element.setSelectionRange(start, start);
    this.element.scrollIntoView({ block: "nearest" });
    const there = this.range(mark).getBoundingClientRect();
    const here = this.mirror.getBoundingClientRect();
    if (there.top < here.top || there.bottom > here.bottom) this.element.scrollTop += there.top - here.top - here.height / 3;
    this.#scroll();
  }

  /** Shows underlines; the text is the one that was read. @param {Mark[]} marks */
  show(marks) {
    this.marks = marks;
    this.follow();
    this.underlines.show(
      marks.filter((mark) => mark.place.start < mark.place.end).map((mark) => ({ range: this.range(mark), severity: mark.finding.severity })),
    );
  }

  /** The text changed: underlines move along until the next check. */
  typed() {
    if (!this.marks.length) return;
    this.#copyText(this.element.value);
    this.#scroll();
  }

  /** Keeps the mirror over the textarea and its text the same. With no underlines there is nothing to mirror. */
  follow() {
    if (!this.marks.length) {
      this.words.data = "";
      return;
    }
    this.#copyText(this.element.value);
    this.#copyLooks();
    this.#scroll();
    this.underlines.follow();
  }

  /** Only what changed, so that underlines move along and the browser lays out one place. @param {string} text */
  #copyText(text) {
    const before = this.words.data;
    if (before === text) return;
    const shorter = Math.min(before.length, text.length);
    let start = 0;
    while (start < shorter && before.charCodeAt(start) === text.charCodeAt(start)) start += 1;
    let same = 0;
    while (same < shorter - start && before.charCodeAt(before.length - 1 - same) === text.charCodeAt(text.length - 1 - same)) same += 1;
    this.words.replaceData(start, before.length - same - start, text.slice(start, text.length - same));
  }

  #copyLooks() {
    const looks = getComputedStyle(this.element);
    for (const name of MIRRORED) this.sheet.style.setProperty(name, looks.getPropertyValue(name));
    const { clientWidth, clientHeight, clientLeft, clientTop } = this.element;
    place(this.sheet, { width: clientWidth });
    place(this.mirror, { width: clientWidth, height: clientHeight, left: 0, top: 0 });
    const here = this.mirror.getBoundingClientRect();
    const there = this.element.getBoundingClientRect();
    place(this.mirror, { left: there.left + clientLeft - here.left, top: there.top + clientTop - here.top });
  }

  #scroll() {
    this.mirror.scrollTo(this.element.scrollLeft, this.element.scrollTop);
    this.underlines.follow();
  }

  /** @param {Mark} mark */
  range({ place: { start, end } }) {
    const range = document.createRange();
    const size = this.words.length;
    range.setStart(this.words, Math.min(start, size));
    range.setEnd(this.words, Math.min(end, size));
    return range;
  }

  /** Replaces as if typed, so that undo takes it back. @param {{start: number, end: number}} place @param {Fix} fix */
  replace({ start, end }, { replacement }) {
    this.element.focus({ preventScroll: true });
    this.element.setSelectionRange(start, end);
    const done = replacement ? document.execCommand("insertText", false, replacement) : document.execCommand("delete");
    if (done) return;
    this.element.setRangeText(replacement, start, end, "end");
    this.element.dispatchEvent(new InputEvent("input", { bubbles: true, inputType: "insertReplacementText", data: replacement }));
  }

  /** @param {Fix} _fix */
  canShow(_fix) {
    return true;
  }

  detach() {
    this.element.removeEventListener("scroll", this.onScroll);
    this.underlines.clear();
  }
}

// One editor under watch: asks while the author pauses, shows what was found, applies fixes.

import { ask, fixesFor, Unchecked } from "./client.js";
import { counted } from "./dom.js";
import { editorFor, elementOf } from "./editors.js";
import { listen } from "./listening.js";
import { atCaret, beside, nearest, worst } from "./marks.js";
import { narrowed } from "./narrowing.js";
import { Popover } from "./popover.js";
import { Surface } from "./surface.js";

/**
 * @typedef {import("./client.js").Answer} Answer
 * @typedef {import("./editors.js").Mark} Mark
 * @typedef {{text: string, format: string}} Read
 * @typedef {Partial<import("./client.js").Server> & {delay?: number, format?: string,
 *   classes?: import("./prosemirror.js").Classes}} Options
 */

const DELAY = 500;
const SLOW = 600;
const TIMEOUT = 8000;
const RETRIES = [5, 15, 60];
const NOTHING = /** @type {Answer} */ ({ verdict: "allow", findings: [], abstained: false, decided: [] });
const HINT = "Checked while you type. F8: next finding. Alt+Enter: the finding at the cursor.";

/** Dispatches `checked` (detail: the answer) and `unchecked` (detail: why). */
export class Attachment extends EventTarget {
  /** @param {any} target @param {Options} options */
  constructor(target, options) {
    super();
    this.element = elementOf(target);
    this.server = { url: new URL("../v1/check", import.meta.url).href, timeout: TIMEOUT, ...options };
    this.delay = options.delay ?? DELAY;
    this.surface = new Surface(this.element, { open: () => void this.step(1, { from: -1 }) });
    this.editor = editorFor(target, this.surface.layer, options);
    this.popover = new Popover(this.surface.root, {
      fix: (fix) => this.#fix(fix), step: (by) => void this.step(by), close: () => this.close(),
    });
    this.#describe();
    /** @type {Mark[]} */
    this.marks = [];
    /** @type {{post: Read, answer: Answer} | null} */
    this.answered = null;
    /** @type {{post: Read, promise: Promise<Answer>, stop: AbortController} | null} */
    this.asking = null;
    this.failures = 0;
    this.composing = false;
    this.opened = 0;
    /** @type {number | undefined} */
    this.frame = undefined;
    this.stop = this.#listen();
    this.#later(0);
  }

  /** Tells screen readers what goes on here, unless the page has said something of its own. */
  #describe() {
    if (!this.element.ariaDescription) this.element.ariaDescription = HINT;
    this.element.setAttribute("aria-keyshortcuts", "F8 Shift+F8 Alt+Enter");
  }

  #listen() {
    return listen(this.element, this.surface.host, {
      typed: () => this.#changed(),
      composes: () => this.#composes(),
      composed: () => this.#composed(),
      pressed: (event) => this.#key(event),
      clicked: () => this.#clicked(),
      left: () => this.popover.close(),
      moved: () => this.#moved(),
      mutated: () => this.#later(this.delay),
    });
  }

  /** The answer for exactly the text that is there now. Rejects with `Unchecked`. @returns {Promise<Answer>} */
  async check() {
    clearTimeout(this.timer);
    const post = this.editor.read();
    if (this.answered?.post.text === post.text) return this.#show(this.answered.post, this.answered.answer);
    if (this.asking?.post.text !== post.text) this.#ask(post);
    return /** @type {{promise: Promise<Answer>}} */ (this.asking).promise;
  }

  /** Forgets the last answer and asks again: the policy or the server changed. @param {Partial<Options>} [options] */
  recheck(options = {}) {
    Object.assign(this.server, options);
    this.answered = null;
    this.asking?.stop.abort();
    this.asking = null;
    return this.check();
  }

  /** @param {Read} post */
  #ask(post) {
    this.asking?.stop.abort();
    const stop = new AbortController();
    const promise = post.text.trim() ? ask(this.server, post, stop.signal) : Promise.resolve(NOTHING);
    /** @type {{post: Read, promise: Promise<Answer>, stop: AbortController}} */
    const asking = { post, stop, promise: promise.then((answer) => this.#answer(asking, answer), (error) => this.#fail(asking, error)) };
    asking.promise.catch(() => {});
    this.asking = asking;
    this.slow = setTimeout(() => this.asking === asking && this.#say("checking", "Checking…", { aloud: false }), SLOW);
  }

  /** @param {{post: Read}} asking @param {Answer} answer */
  #answer(asking, answer) {
    if (this.asking !== asking) throw new DOMException("a newer check took its place", "AbortError");
    this.asking = null;
    this.failures = 0;
    this.answered = { post: asking.post, answer };
    if (!this.composing && this.editor.read().text === asking.post.text) this.#show(asking.post, answer);
    else this.#later(this.delay);
    this.dispatchEvent(new CustomEvent("checked", { detail: answer }));
    return answer;
  }

  /** @param {unknown} asking @param {Error} error @returns {never} */
  #fail(asking, error) {
    if (this.asking === asking) this.asking = null;
    if (error instanceof Unchecked) {
      this.#say("unchecked", `Not checked: ${error.message}`);
      this.dispatchEvent(new CustomEvent("unchecked", { detail: error.message }));
      this.#later(1000 * RETRIES[Math.min(this.failures, RETRIES.length - 1)]);
      this.failures += 1;
    }
    throw error;
  }

  /** @param {Read} post @param {Answer} answer */
  #show(post, answer) {
    this.marks = answer.findings.map((finding) => ({ finding, place: this.editor.place(finding.start, finding.end) }));
    this.editor.show(this.marks);
    if (this.marks.length) this.#say(worst(this.marks), counted(this.marks.length, "finding"));
    else if (answer.abstained && post.text.trim()) this.#say("idle", "Not judged: not in English");
    else this.#say("fine", post.text.trim() ? "No findings" : "");
    return answer;
  }

  /** What the pill shows; said aloud when it is news. @param {string} state @param {string} words */
  #say(state, words, { aloud = true } = {}) {
    this.surface.say(state, words, { aloud, opens: this.marks.length > 0 });
    this.#moved();
  }

  #changed() {
    this.popover.close();
    if (this.composing) return;
    this.editor.typed();
    this.#later(this.delay);
  }

  #composes() {
    this.composing = true;
    clearTimeout(this.timer);
  }

  #composed() {
    this.composing = false;
    this.#changed();
  }

  /** @param {number} wait milliseconds */
  #later(wait) {
    clearTimeout(this.timer);
    if (!this.composing) this.timer = setTimeout(() => this.check().catch(() => {}), wait);
  }

  /** Something on the page moved: what lies over the editor follows, once a frame. */
  #moved() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = undefined;
      if (this.composing) return;
      this.editor.follow();
      this.surface.follow();
    });
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.isComposing) return;
    if (event.key === "F8") void this.step(event.shiftKey ? -1 : 1);
    else if (event.key === "Enter" && event.altKey) void this.step(0);
    else if (event.key === "Escape" && this.popover.isOpen) this.close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** A click into underlined words opens the panel and leaves the keyboard where it is. */
  #clicked() {
    const at = atCaret(this.marks, this.editor);
    if (at >= 0 && this.editor.read().text === this.answered?.post.text) this.#open(at, { focus: false });
  }

  /**
   * Goes to the next (1) or previous (-1) finding, or to the one at the caret (0), and opens its panel.
   * @param {number} by @param {{from?: number}} [options]
   */
  async step(by, { from } = {}) {
    await this.check().catch(() => {});
    const count = this.marks.length;
    if (!count) return;
    const here = from ?? (this.popover.isOpen ? this.opened : undefined);
    this.#open(here === undefined ? nearest(this.marks, this.editor, by) : (here + by + count) % count, { focus: true });
  }

  /** @param {number} index @param {{focus: boolean}} options */
  #open(index, options) {
    const mark = this.marks[index];
    const post = this.answered?.post;
    if (!post) return;
    this.opened = index;
    if (options.focus) this.editor.goTo(mark);
    const fixes = this.editor.writable ? this.#fixes(post, mark.finding) : Promise.resolve([]);
    const rect = mark.finding.start < mark.finding.end ? beside(this.editor.range(mark)) : this.surface.pill.getBoundingClientRect();
    this.popover.open({ finding: mark.finding, post, fixes, number: index + 1, count: this.marks.length }, rect, options);
  }

  /** The fixes that this editor can show. @param {Read} post @param {import("./client.js").Finding} finding */
  async #fixes(post, finding) {
    const fixes = await fixesFor(this.server, post, finding);
    return fixes.filter((fix) => this.editor.canShow(fix));
  }

  /** Closes the panel; the keyboard goes back to the editor. */
  close() {
    const back = this.popover.hasFocus;
    this.popover.close();
    if (back) this.element.focus({ preventScroll: true });
  }

  /** @param {import("./client.js").Fix} fix */
  #fix(fix) {
    this.popover.close();
    if (this.editor.read().text !== this.answered?.post.text) return;
    const least = narrowed(fix, this.answered.post);
    this.editor.replace(this.editor.place(least.start, least.end), least);
    this.#later(0);
  }

  /** Takes everything away again; the author's text stays as it is. */
  detach() {
    clearTimeout(this.timer);
    this.asking?.stop.abort();
    this.stop();
    this.editor.detach();
    this.surface.remove();
    if (this.element.ariaDescription === HINT) this.element.ariaDescription = null;
    this.element.removeAttribute("aria-keyshortcuts");
  }
}

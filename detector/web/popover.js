// The panel beside a finding: what, why, and fixes one click away. Reachable and usable with a keyboard alone.

import { make, shortened } from "./dom.js";
import { certainty, explanation, SEVERITY_WORDS, subject } from "./explain.js";
import { place } from "./underlines.js";

const GAP = 8;
const PREVIEW = 160;
const LEAST = 200; // pixels of height: where there is less room, the panel lies over the words

/**
 * @typedef {import("./client.js").Finding} Finding
 * @typedef {import("./client.js").Fix} Fix
 * @typedef {{finding: Finding, post: {text: string, format: string}, fixes: Promise<Fix[]>, number: number, count: number}} Shown
 * @typedef {{fix: (fix: Fix) => void, step: (by: number) => void, close: () => void}} Actions
 */

/** A non-modal dialog: the author may go on typing, which closes it. */
export class Popover {
  /** @param {ShadowRoot | HTMLElement} root @param {Actions} actions */
  constructor(root, actions) {
    this.actions = actions;
    this.element = make("div", {
      role: "dialog", class: "panel", popover: "manual", tabindex: "-1",
      "aria-labelledby": "subject", "aria-describedby": "explanation",
      keydown: (/** @type {KeyboardEvent} */ event) => this.#key(event),
    });
    root.append(this.element);
    this.fixes = make("div");
    /** @type {Shown | null} */
    this.shown = null;
    this.isOpen = false;
  }

  /** Shows a finding beside `rect`; `focus` moves the keyboard into the panel. @param {Shown} shown @param {DOMRect} rect
   * @param {{focus: boolean}} options */
  open(shown, rect, { focus }) {
    this.element.replaceChildren(...this.#content(shown));
    this.element.dataset.severity = shown.finding.severity;
    if (!this.isOpen) this.element.showPopover();
    this.isOpen = true;
    this.#placeAt(rect);
    if (focus) this.element.focus({ preventScroll: true });
    this.shown = shown;
    void shown.fixes.then((fixes) => {
      if (this.shown !== shown || !this.isOpen) return;
      this.fixes.replaceChildren(...fixes.map((fix) => this.#fix(fix)));
      this.fixes.removeAttribute("aria-busy");
      this.#placeAt(rect);
    });
  }

  close() {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.element.hidePopover();
  }

  get hasFocus() {
    return /** @type {ShadowRoot} */ (this.element.getRootNode()).activeElement?.closest(".panel") === this.element;
  }

  /** @param {Shown} shown */
  #content({ finding, post, number, count }) {
    const sure = certainty(finding);
    this.fixes = make("div", { class: "fixes", role: "group", "aria-label": "Fixes", "aria-busy": "true" });
    return [
      make("div", { class: "head" },
        make("span", { class: `severity ${finding.severity}` }, SEVERITY_WORDS[finding.severity]),
        make("h2", { id: "subject" }, subject(finding)),
        sure && make("span", { class: "certainty" }, sure)),
      make("div", { id: "explanation", class: "explanation" }, ...explanation(finding, post)),
      this.fixes,
      make("div", { class: "foot" },
        make("span", { class: "position" }, `${number} of ${count}`),
        count > 1 && make("button", { type: "button", class: "step", "aria-label": "Previous finding", click: () => this.actions.step(-1) }, "‹"),
        count > 1 && make("button", { type: "button", class: "step", "aria-label": "Next finding", click: () => this.actions.step(1) }, "›"),
        make("button", { type: "button", class: "close", click: () => this.actions.close() }, "Close")),
    ].filter((part) => part instanceof Node);
  }

  /** @param {Fix} fix */
  #fix(fix) {
    const words = fix.replacement.trim();
    return make("button", { type: "button", click: () => this.actions.fix(fix) },
      make("strong", {}, fix.title),
      words && !fix.title.includes(words) && make("span", { class: "preview", dir: "auto" }, shortened(words, PREVIEW)));
  }

  /** Below the words where there is room, else on the side with more of it, and no higher than that. @param {DOMRect} rect */
  #placeAt(rect) {
    this.element.style.removeProperty("max-height");
    place(this.element, { left: 0, top: 0 });
    const { width, height } = this.element.getBoundingClientRect();
    const above = rect.top - 2 * GAP;
    const below = innerHeight - rect.bottom - 2 * GAP;
    const isBelow = height <= below || below >= above;
    const most = Math.min(height, Math.max(isBelow ? below : above, LEAST));
    if (most < height) place(this.element, { "max-height": most });
    const top = isBelow ? rect.bottom + GAP : rect.top - GAP - most;
    const left = Math.min(rect.left, innerWidth - width - GAP);
    place(this.element, { left: Math.max(GAP, left), top: Math.max(GAP, Math.min(top, innerHeight - most - GAP)) });
  }

  /** Esc closes; Tab goes round inside, so that a keyboard is never lost behind the panel. @param {KeyboardEvent} event */
  #key(event) {
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      this.actions.close();
    } else if (event.key === "F8") {
      event.preventDefault();
      this.actions.step(event.shiftKey ? -1 : 1);
    } else if (event.key === "Tab") {
      this.#tab(event);
    }
  }

  /** @param {KeyboardEvent} event */
  #tab(event) {
    const stops = /** @type {HTMLElement[]} */ ([...this.element.querySelectorAll("button, summary")]);
    const active = /** @type {ShadowRoot} */ (this.element.getRootNode()).activeElement;
    const leaving = event.shiftKey ? [stops[0], this.element] : [stops.at(-1)];
    if (!leaving.includes(/** @type {HTMLElement} */ (active))) return;
    event.preventDefault();
    stops.at(event.shiftKey ? -1 : 0)?.focus();
  }
}

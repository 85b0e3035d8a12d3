// What is shown around an editor: a layer over it, the pill at its corner, a voice for screen readers.

import { make } from "./dom.js";
import { adopt } from "./style.js";
import { place } from "./underlines.js";

const INSET = 12;

/** Lives in a shadow root beside the editor, so that neither the page's style nor the author's text is touched. */
export class Surface {
  /** @param {HTMLElement} element the editor's @param {{open: () => void}} actions */
  constructor(element, { open }) {
    this.element = element;
    this.host = document.createElement("span");
    this.host.style.setProperty("position", "absolute");
    this.root = this.host.attachShadow({ mode: "open" });
    adopt(this.root);
    this.layer = make("div", { class: "layer", "aria-hidden": "true" });
    this.pill = make("button", { type: "button", class: "pill", hidden: true, "aria-haspopup": "dialog", click: open });
    this.status = make("div", { role: "status", class: "unseen" });
    this.root.append(this.layer, this.pill, this.status);
    element.after(this.host);
  }

  /** What the pill shows; said aloud when it is news. @param {string} state @param {string} words
   * @param {{aloud: boolean, opens: boolean}} options */
  say(state, words, { aloud, opens }) {
    this.pill.dataset.state = state;
    this.pill.textContent = words;
    this.pill.hidden = !words;
    this.pill.disabled = !opens;
    if (aloud && this.status.textContent !== words) this.status.textContent = words;
  }

  /** Follows the editor to where it is now; a page that redrew itself may have thrown the surface out. */
  follow() {
    if (!this.host.isConnected) this.element.after(this.host);
    place(this.pill, { left: 0, top: 0 });
    const here = this.pill.getBoundingClientRect();
    const there = this.element.getBoundingClientRect();
    place(this.pill, { left: there.right - here.right - INSET, top: there.bottom - here.top - here.height / 2 });
  }

  remove() {
    this.host.remove();
  }
}

// The last look before publishing: asks on `nudge`, holds on `block`, lets through what nobody could check.

import { Unchecked } from "./client.js";
import { counted, make, shortened } from "./dom.js";
import { because, subject } from "./explain.js";
import { adopt } from "./style.js";

/**
 * @typedef {import("./attachment.js").Attachment} Attachment
 * @typedef {import("./client.js").Answer} Answer
 * @typedef {{timeout?: number}} GateOptions
 */

const TIMEOUT = 4000;
const EXCERPT = 90;
const ORDER = ["allow", "review", "nudge", "block"];

/**
 * Puts a check before publishing. `target` is the form, or the button of an editor without one.
 * @param {HTMLFormElement | HTMLButtonElement} target @param {Attachment | Attachment[]} editors
 * @param {GateOptions} [options]
 */
export function gate(target, editors, options = {}) {
  return new Gate(target, [editors].flat(), options);
}

/** Dispatches `held`, `published` (detail: the verdict) and `unchecked` (detail: why) on itself. */
class Gate extends EventTarget {
  /** @param {HTMLFormElement | HTMLButtonElement} target @param {Attachment[]} editors @param {GateOptions} options */
  constructor(target, editors, { timeout = TIMEOUT }) {
    super();
    this.target = target;
    this.editors = editors;
    this.timeout = timeout;
    this.passes = false;
    this.host = document.createElement("div");
    this.note = make("p", { role: "status", class: "gate-note" });
    this.dialog = make("dialog", { class: "gate", role: "alertdialog", "aria-labelledby": "gate-title", "aria-describedby": "gate-why" });
    this.#build();
    const stop = new AbortController();
    const type = target instanceof HTMLFormElement ? "submit" : "click";
    target.addEventListener(type, (event) => this.#asked(event), { capture: true, signal: stop.signal });
    for (const editor of editors) {
      editor.addEventListener("checked", () => this.#hold(), { signal: stop.signal });
      editor.element.addEventListener("input", () => this.#release(), { signal: stop.signal });
    }
    this.stop = () => stop.abort();
  }

  #build() {
    const root = this.host.attachShadow({ mode: "open" });
    adopt(root);
    root.append(this.note, this.dialog);
    if (this.target instanceof HTMLFormElement) this.target.append(this.host);
    else this.target.after(this.host);
  }

  /** @param {Event} event */
  #asked(event) {
    if (this.passes) {
      this.went = true;
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    if (this.deciding) return;
    const button = event instanceof SubmitEvent ? event.submitter : this.target;
    this.deciding = this.#decide(/** @type {HTMLButtonElement | null} */ (button)).finally(() => (this.deciding = undefined));
  }

  /** @param {HTMLButtonElement | null} button */
  async #decide(button) {
    // A form does not submit again while it still tells of a submission: wait until that is over.
    await new Promise((resolve) => setTimeout(resolve));
    this.note.textContent = "Checking before publishing…";
    const answer = await this.#worst();
    this.note.textContent = "";
    if (answer instanceof Unchecked) {
      this.note.textContent = `Published without a check: ${answer.message}.`;
      this.dispatchEvent(new CustomEvent("unchecked", { detail: answer.message }));
      return this.#publish(button, "unchecked");
    }
    if (answer.verdict === "nudge" || answer.verdict === "block") {
      const anyway = await this.#question(answer);
      if (!anyway) return this.dispatchEvent(new CustomEvent("held", { detail: answer.verdict }));
    }
    return this.#publish(button, answer.verdict);
  }

  /** The gravest answer of all editors; `Unchecked` when one of them has none in time. @returns {Promise<Answer | Unchecked>} */
  async #worst() {
    const late = new Promise((resolve) => setTimeout(resolve, this.timeout, new Unchecked("the server is too slow")));
    const answers = Promise.all(this.editors.map(latest));
    try {
      const found = await Promise.race([answers, /** @type {Promise<Unchecked>} */ (late)]);
      return found instanceof Unchecked ? found : worstOf(found);
    } catch (error) {
      return error instanceof Unchecked ? error : new Unchecked("the check failed");
    }
  }

  /** @param {HTMLButtonElement | null} button @param {string} verdict */
  #publish(button, verdict) {
    this.passes = true;
    this.went = false;
    try {
      if (this.target instanceof HTMLFormElement) this.target.requestSubmit(button);
      else this.target.click();
    } finally {
      this.passes = false;
    }
    if (this.went) this.dispatchEvent(new CustomEvent("published", { detail: verdict }));
  }

  /** Asks the author; resolves with whether to publish. @param {Answer} answer @returns {Promise<boolean>} */
  #question(answer) {
    const held = answer.verdict === "block";
    const title = held ? "This cannot be published yet" : "Publish this as it is?";
    const back = make("button", { type: "button", class: "main", click: () => this.dialog.close("back") }, "Go back and edit");
    const anyway = !held && make("button", { type: "button", click: () => this.dialog.close("anyway") }, "Publish anyway");
    this.dialog.replaceChildren(
      make("h2", { id: "gate-title" }, title),
      make("div", { id: "gate-why" },
        make("p", {}, held ? "The site’s policy holds it back for this:" : `The check found ${counted(answer.findings.length, "thing")} that readers or the site may object to:`),
        make("ul", {}, ...deciding(answer).map(line))),
      make("div", { class: "buttons" }, back, anyway));
    this.dialog.returnValue = "";
    const from = document.activeElement;
    this.dialog.showModal();
    back.focus();
    return new Promise((resolve) => {
      this.dialog.addEventListener("close", () => {
        const go = this.dialog.returnValue === "anyway";
        if (from instanceof HTMLElement) from.focus();
        resolve(go);
      }, { once: true });
    });
  }

  /** While the text is one that may not be published, the button says so; pressing it still tells why. */
  #hold() {
    const held = this.editors.some((editor) => editor.answered?.answer.verdict === "block");
    for (const button of this.#buttons()) {
      if (held) button.setAttribute("aria-disabled", "true");
      else button.removeAttribute("aria-disabled");
    }
    this.note.textContent = held ? "Held by the site’s policy: see the findings." : "";
  }

  #release() {
    this.note.textContent = "";
    for (const button of this.#buttons()) button.removeAttribute("aria-disabled");
  }

  /** @returns {HTMLElement[]} */
  #buttons() {
    if (!(this.target instanceof HTMLFormElement)) return [this.target];
    return /** @type {HTMLElement[]} */ ([...this.target.elements].filter((each) => each.matches("button:not([type]), [type=submit]")));
  }

  /** Takes the gate away. */
  detach() {
    this.stop();
    this.#release();
    this.host.remove();
  }
}

/** The answer for the text as it is; when it changes meanwhile, for the new one. @param {Attachment} editor
 * @returns {Promise<Answer>} */
async function latest(editor) {
  try {
    return await editor.check();
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") return latest(editor);
    throw error;
  }
}

/** @param {Answer[]} answers @returns {Answer} */
function worstOf(answers) {
  const worst = answers.reduce((one, other) => (ORDER.indexOf(other.verdict) > ORDER.indexOf(one.verdict) ? other : one));
  return { ...worst, findings: answers.flatMap((each) => each.findings) };
}

/** The findings that decided, or all of them. @param {Answer} answer */
function deciding({ decided, findings }) {
  const chosen = findings.filter((finding) => decided.includes(finding.id));
  return chosen.length ? chosen : findings;
}

/** @param {import("./client.js").Finding} finding */
function line(finding) {
  const words = finding.text.trim();
  return make("li", { class: finding.severity },
    make("strong", {}, subject(finding)), make("span", {}, because(finding)),
    words && make("q", { dir: "auto" }, shortened(words, EXCERPT)));
}

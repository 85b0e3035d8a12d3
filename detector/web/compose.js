// The page at /compose: two editors, a gate before each button, the policy switchable.

import { attach, gate } from "./detector.js";

const policy = /** @type {HTMLSelectElement} */ (document.querySelector("#policy"));
const key = /** @type {HTMLInputElement | null} */ (document.querySelector("#key"));

const settings = () => ({
  policy: policy.value,
  headers: /** @type {Record<string, string>} */ (key?.value ? { Authorization: `Bearer ${key.value}` } : {}),
});

const editors = [...document.querySelectorAll("#text, #editable")].map((element) => attach(element, settings()));

[...document.forms].forEach((form, index) => {
  const said = /** @type {HTMLOutputElement} */ (form.querySelector("output"));
  const before = gate(form, editors[index]);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", () => (said.textContent = ""));
  before.addEventListener("published", (event) => {
    const verdict = /** @type {CustomEvent} */ (event).detail;
    said.textContent = verdict === "review" ? "Published; a moderator will look at it." : `Published (${verdict}).`;
  });
  before.addEventListener("held", () => (said.textContent = "Not published."));
});

function describe() {
  const description = document.querySelector("#policy-description");
  if (description) description.textContent = policy.selectedOptions[0]?.dataset.description ?? "";
}

function changed() {
  describe();
  for (const editor of editors) editor.recheck(settings()).catch(() => {});
}

policy.addEventListener("change", changed);
key?.addEventListener("change", changed);
describe();

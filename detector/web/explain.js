// A finding in words: what it is, why it was found, what became of the disclaimer.

import { capital, make, shortened } from "./dom.js";
import { linesOf } from "./html.js";
import { EDITS, INTEGRITY, KINDS, RULES } from "./words.js";

/** @typedef {import("./client.js").Finding} Finding */

const CONTEXT = 40;
const REASONS = 4;
const EXCERPT = 140;
const CERTAIN = 0.99;
export const SEVERITY_WORDS = { notice: "Notice", warning: "Warning", error: "Serious" };

/** What the finding is about, in a few words. @param {Finding} finding */
export function subject(finding) {
  if (finding.kind) return capital(KINDS[finding.kind]?.label ?? finding.kind);
  const became = finding.integrity && INTEGRITY[finding.integrity];
  return became ? `Disclaimer: ${became}` : capital(finding.rule.replaceAll("_", " "));
}

/** Never more certain than it is. @param {number} probability */
const percent = (probability) => (probability > CERTAIN ? "over 99% sure" : `${Math.round(probability * 100)}% sure`);

/** How sure the classifier is; empty for a disclaimer. @param {Finding} finding */
export const certainty = (finding) => (finding.probability === null ? "" : percent(finding.probability));

/** Why, as one sentence. @param {Finding} finding */
export function because(finding) {
  const kind = finding.kind && KINDS[finding.kind];
  if (kind) return `This passage ${kind.definition}.`;
  return finding.edits.length ? finding.message.replace(/:.*$/s, ".") : finding.message;
}

/** Everything there is to say, as elements. @param {Finding} finding @param {{text: string, format: string}} post */
export function explanation(finding, post) {
  const rule = RULES[finding.rule];
  return [
    finding.text.trim() && make("blockquote", { dir: "auto" }, shortened(words(finding.text, post.format), EXCERPT)),
    make("p", {}, because(finding)),
    finding.reasons.length > 0 && reasons(finding),
    finding.edits.length > 0 && diff(finding, post),
    rule && make("details", {}, make("summary", {}, "Why this rule"), make("p", {}, rule.why), make("p", { class: "source" }, `Source: ${rule.source}`)),
  ].filter((part) => part instanceof Node);
}

/** The words that weighed most. @param {Finding} finding */
function reasons(finding) {
  const most = finding.reasons.filter((each) => each.contribution > 0 && !each.words.startsWith("(")).slice(0, REASONS);
  const items = most.map((each) => make("li", {}, each.words));
  return items.length > 0 && make("div", { class: "reasons" }, make("span", { id: "weighed" }, "Weighed most"), make("ul", { "aria-labelledby": "weighed" }, ...items));
}

/** The disclaimer's changes: registered words that are gone, words that were put in, in their surroundings.
 * @param {Finding} finding @param {{text: string, format: string}} post */
function diff(finding, { text, format }) {
  const parts = [];
  const from = finding.start;
  let at = from;
  for (const edit of finding.edits) {
    parts.push(between(words(text.slice(at, Math.max(at, edit.start)), format), { first: at === from, last: false }));
    const note = EDITS[edit.edit_class] ?? "";
    if (edit.expected) parts.push(make("del", { title: note }, hidden("removed: "), edit.expected), " ");
    if (edit.found) parts.push(make("ins", { title: note }, hidden("added: "), edit.found));
    at = Math.max(at, edit.end);
  }
  parts.push(between(words(text.slice(at, Math.max(at, finding.end)), format), { first: false, last: true }));
  return make("p", { class: "diff", dir: "auto", role: "group", "aria-label": "Changes to the registered wording" }, ...parts);
}

/** For screen readers, which do not say that words are struck out. @param {string} said */
const hidden = (said) => make("span", { class: "unseen" }, said);

/** Surroundings, cut between words: those before the first change, after the last, or between two.
 * @param {string} said @param {{first: boolean, last: boolean}} where */
function between(said, { first, last }) {
  if (said.length <= 2 * CONTEXT) return said;
  const head = first ? "" : said.slice(0, CONTEXT).replace(/\S*$/, "");
  const tail = last ? "" : said.slice(-CONTEXT).replace(/^\S*/, "");
  return `${head}…${tail}`;
}

/** The words of a stretch of the text, without markup. @param {string} text @param {string} format */
const words = (text, format) => (format === "html" ? (linesOf(text) ?? [text]).join(" ") : text);

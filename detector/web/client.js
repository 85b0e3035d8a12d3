// One question to the server: a text, answered by findings in the browser's own offsets.

import { Units } from "./units.js";

/**
 * @typedef {{action?: string, title: string, start: number, end: number, replacement: string}} Fix
 * @typedef {{edit_class: string, start: number, end: number, expected: string, found: string,
 *   changes_meaning: boolean}} Edit
 * @typedef {{id: string, rule: string, kind: string | null, field: string, start: number, end: number, text: string,
 *   probability: number | null, severity: "notice" | "warning" | "error", message: string, integrity: string | null,
 *   edits: Edit[], fix: Fix | null, reasons: {words: string, contribution: number}[]}} Finding
 * @typedef {"allow" | "nudge" | "review" | "block"} Verdict
 * @typedef {{verdict: Verdict, findings: Finding[], abstained: boolean, decided: string[]}} Answer
 * @typedef {{url: string, policy?: string, headers?: Record<string, string>, timeout: number,
 *   about?: Record<string, unknown>, fetch?: typeof fetch}} Server
 */

const STATUS_WORDS = new Map([
  [401, "the server asks for a key"],
  [403, "the server does not allow it"],
  [413, "the text is too long for the server"],
  [429, "too many checks in a short time"],
  [503, "the server is busy"],
]);

/** The server gave no answer that can be used; `message` says why in words for the author. */
export class Unchecked extends Error {}

/** The fixes of one finding, each tried by the server before it is offered. Without an answer: the finding's own fix.
 * @param {Server} server @param {{text: string, format: string}} post @param {Finding} finding @returns {Promise<Fix[]>} */
export async function fixesFor(server, post, finding) {
  const own = finding.fix ? [finding.fix] : [];
  try {
    const json = await send(server, new URL("fixes", server.url).href, { ...question(server, post), finding: finding.id });
    const units = new Units(post.text);
    return json.fixes.filter((/** @type {any} */ fix) => fix.field === "text").map((/** @type {any} */ fix) => inUnits(fix, units));
  } catch {
    return own;
  }
}

/**
 * Asks the server. Rejects with `Unchecked` when there is no answer in time, and with an `AbortError` when `signal`
 * was aborted.
 * @param {Server} server @param {{text: string, format: string}} post @param {AbortSignal} signal
 * @returns {Promise<Answer>}
 */
export async function ask(server, post, signal) {
  return answer(await send(server, server.url, question(server, post), signal), post.text);
}

/** @param {Server} server @param {string} url @param {object} body @param {AbortSignal} [signal] */
async function send(server, url, body, signal) {
  const late = AbortSignal.timeout(server.timeout);
  try {
    const response = await (server.fetch ?? fetch)(url, {
      method: "POST",
      headers: { "Content-Type": "application/json", ...server.headers },
      body: JSON.stringify(body),
      credentials: "same-origin",
      signal: signal ? AbortSignal.any([signal, late]) : late,
    });
    if (!response.ok) throw new Unchecked(STATUS_WORDS.get(response.status) ?? `the server said ${response.status}`);
    return await response.json();
  } catch (error) {
    if (error instanceof Unchecked || signal?.aborted) throw error;
    if (late.aborted) throw new Unchecked("the server is too slow");
    throw new Unchecked(error instanceof TypeError ? "the server cannot be reached" : "the answer cannot be read");
  }
}

/** @param {Server} server @param {{text: string, format: string}} post */
function question(server, post) {
  const policy = server.policy ? { policy: server.policy } : {};
  return { draft: true, ...server.about, text: post.text, format: post.format, ...policy };
}

/** @param {any} span @param {Units} units */
const inUnits = (span, units) => ({ ...span, start: units.toUtf16(span.start), end: units.toUtf16(span.end) });

/** The answer with every offset in UTF-16 code units. @param {any} json @param {string} text @returns {Answer} */
function answer(json, text) {
  const { verdict, post } = json.results?.[0] ?? {};
  if (!post) throw new Unchecked(verdict?.because ?? "the answer cannot be read");
  const units = new Units(text);
  const findings = post.findings.filter((/** @type {any} */ each) => each.field === "text");
  return {
    verdict: verdict.verdict,
    decided: verdict.findings,
    abstained: post.abstained,
    findings: findings.map((/** @type {any} */ each) => ({
      ...inUnits(each, units),
      edits: each.edits.map((/** @type {any} */ edit) => inUnits(edit, units)),
      fix: each.fix && inUnits(each.fix, units),
    })),
  };
}

// One question to the server: a text, answered by findings in the browser's own offsets.

import { Units } from "./units.js";

/**
 * @typedef {{title: string, start: number, end: number, replacement: string}} Fix
 * @typedef {{edit_class: string, start: number, end: number, expected: string, found: string,
 *   changes_meaning: boolean}} Edit
 * @typedef {{id: string, rule: string, kind: string | null, field: string, start: number, end: number, text: string,
 *   probability: number | null, severity: "notice" | "warning" | "error", message: string, integrity: string | null,
 *   edits: Edit[], fixes: Fix[], reasons: {words: string, contribution: number}[]}} Finding
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

/**
 * Asks the server. Rejects with `Unchecked` when there is no answer in time, and with an `AbortError` when `signal`
 * was aborted.
 * @param {Server} server @param {{text: string, format: string}} post @param {AbortSignal} signal
 * @returns {Promise<Answer>}
 */
export async function ask(server, post, signal) {
  const late = AbortSignal.timeout(server.timeout);
  try {
    const response = await (server.fetch ?? fetch)(server.url, {
      method: "POST",
      headers: { "Content-Type": "application/json", ...server.headers },
      body: JSON.stringify(question(server, post)),
      credentials: "same-origin",
      signal: AbortSignal.any([signal, late]),
    });
    if (!response.ok) throw new Unchecked(STATUS_WORDS.get(response.status) ?? `the server said ${response.status}`);
    return answer(await response.json(), post.text);
  } catch (error) {
    if (error instanceof Unchecked || signal.aborted) throw error;
    if (late.aborted) throw new Unchecked("the server is too slow");
    throw new Unchecked(error instanceof TypeError ? "the server cannot be reached" : "the answer cannot be read");
  }
}

/** @param {Server} server @param {{text: string, format: string}} post */
function question(server, post) {
  const policy = server.policy ? { policy: server.policy } : {};
  return { ...server.about, text: post.text, format: post.format, ...policy };
}

/** The answer with every offset in UTF-16 code units. @param {any} json @param {string} text @returns {Answer} */
function answer(json, text) {
  const units = new Units(text);
  const at = (/** @type {any} */ span) => ({ ...span, start: units.toUtf16(span.start), end: units.toUtf16(span.end) });
  const findings = json.findings.filter((/** @type {any} */ each) => each.field === "text");
  return {
    verdict: json.verdict,
    abstained: json.abstained,
    decided: json.decided ?? [],
    findings: findings.map((/** @type {any} */ each) => ({
      ...at(each),
      edits: each.edits.map(at),
      fixes: (each.fixes ?? [each.fix]).filter(Boolean).map(at),
    })),
  };
}

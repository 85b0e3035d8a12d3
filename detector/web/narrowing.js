// The least change that does what a fix does, so that markup and caret around it stay as they are.

/** @typedef {import("./client.js").Fix} Fix */

/** Without what the fix leaves as it was; never half a tag or half a character.
 * @param {Fix} fix @param {{text: string, format: string}} post @returns {Fix} */
export function narrowed(fix, { text, format }) {
  const before = text.slice(fix.start, fix.end);
  const after = fix.replacement;
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && before[head] === after[head]) head += 1;
  while (head && isInside(before, head, format)) head -= 1;
  let tail = 0;
  while (tail < shorter - head && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  while (tail && isInside(before, before.length - tail, format)) tail -= 1;
  return { ...fix, start: fix.start + head, end: fix.end - tail, replacement: after.slice(head, after.length - tail) };
}

/** Whether a cut there would part a character, a tag or an entity. @param {string} text @param {number} at
 * @param {string} format */
function isInside(text, at, format) {
  if ((text.charCodeAt(at) & 0xfc00) === 0xdc00) return true;
  return format === "html" && /<[^>]*$|&[^;\s]*$/.test(text.slice(0, at));
}

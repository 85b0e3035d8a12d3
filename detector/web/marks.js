// Findings with their places in an editor: which is at the caret, which comes next, which is the worst.

/**
 * @typedef {import("./editors.js").Mark} Mark
 * @typedef {import("./editors.js").Editor} Editor
 */

/** The number of the mark that the caret stands in, or -1. @param {Mark[]} marks @param {Editor} editor */
export function atCaret(marks, editor) {
  return marks.findIndex((mark) => mark.finding.start < mark.finding.end && editor.compare(mark) === 0);
}

/** The mark at the caret, else the next one in that direction. @param {Mark[]} marks @param {Editor} editor @param {number} by */
export function nearest(marks, editor, by) {
  const at = atCaret(marks, editor);
  if (at >= 0) return at;
  const after = marks.findIndex((mark) => editor.compare(mark) <= 0);
  const next = after < 0 ? marks.length : after;
  return by < 0 ? (next + marks.length - 1) % marks.length : next % marks.length;
}

/** The gravest severity among them. @param {Mark[]} marks @returns {string} */
export function worst(marks) {
  const severities = marks.map(({ finding }) => finding.severity);
  return ["error", "warning"].find((each) => severities.includes(each)) ?? "notice";
}

/** Where a panel is put: beside the whole passage, or beside its first line when it is long. @param {Range} range */
export function beside(range) {
  const whole = range.getBoundingClientRect();
  return whole.height < innerHeight / 4 ? whole : (range.getClientRects()[0] ?? whole);
}

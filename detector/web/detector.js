// The check before publishing, for any editor on any site. No dependencies, no build step.
//
//   import { attach, gate } from "https://your-service.example/web/detector.js";
//   const editor = attach(document.querySelector("textarea"));
//   gate(document.querySelector("form"), editor);

import { Attachment } from "./attachment.js";

export { gate } from "./gate.js";

/**
 * Watches an editor: a textarea, a contenteditable element, a ProseMirror `EditorView` or a TipTap editor.
 * @param {HTMLTextAreaElement | HTMLElement | object} target
 * @param {import("./attachment.js").Options} [options] `url` of the check (default: `/v1/check` of the service that
 *   served this file), `policy`, `headers`, `timeout` and `delay` in milliseconds, `format` of a textarea (`plain`,
 *   `markdown`, `html`), `about` (more fields of the question), `fetch` (a stand-in for the browser's), `classes` (for
 *   ProseMirror: `{Plugin, PluginKey, Decoration, DecorationSet}`)
 * @returns {Attachment}
 */
export const attach = (target, options = {}) => new Attachment(target, options);

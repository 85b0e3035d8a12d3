// What the rest needs of an editor, and which of the three kinds an element is.

import { EditableEditor } from "./editable.js";
import { isProseMirror, ProseMirrorEditor } from "./prosemirror.js";
import { TextareaEditor } from "./textarea.js";

/**
 * A finding where it stands in the editor; `place` is the editor's own idea of a place.
 * @typedef {{finding: import("./client.js").Finding, place: any}} Mark
 */

/**
 * The editor behind `target`: a textarea, a contenteditable element, a ProseMirror view or a TipTap editor.
 * @param {any} target @param {HTMLElement} layer where underlines may be drawn
 * @param {{format?: string, classes?: import("./prosemirror.js").Classes}} options
 */
export function editorFor(target, layer, options) {
  if (target instanceof HTMLTextAreaElement) return new TextareaEditor(target, layer, options);
  if (isProseMirror(target)) return new ProseMirrorEditor(target, layer, options);
  if (target instanceof HTMLElement && target.isContentEditable) return new EditableEditor(target, layer);
  throw new TypeError("attach() takes a textarea, a contenteditable element, an EditorView or a TipTap editor");
}

/** The element that events come from. @param {any} target @returns {HTMLElement} */
export const elementOf = (target) => (isProseMirror(target) ? (target.view ?? target).dom : target);

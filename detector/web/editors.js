// What the rest needs of an editor, and which of the three kinds an element is.

import { EditableEditor } from "./editable.js";
import { isProseMirror, ProseMirrorEditor } from "./prosemirror.js";
import { TextareaEditor } from "./textarea.js";

/**
 * A finding where it stands in the editor; `place` is the editor's own idea of a place.
 * @typedef {{finding: import("./client.js").Finding, place: any}} Mark
 *
 * @typedef {object} Editor
 * @property {HTMLElement} element where events come from
 * @property {boolean} writable whether a fix may change it
 * @property {() => {text: string, format: string}} read what would be published
 * @property {(start: number, end: number) => any} place where a stretch of what was last read stands
 * @property {(mark: Mark) => number} compare where the caret is: before the mark (-1), at it (0), after it (1)
 * @property {(mark: Mark) => void} goTo brings a finding into sight, with the caret at its start
 * @property {(mark: Mark) => Range} range the finding's words on the page
 * @property {(marks: Mark[]) => void} show underlines them
 * @property {() => void} typed the text changed: underlines move along until the next check
 * @property {() => void} follow the page moved: underlines follow
 * @property {(place: any, fix: import("./client.js").Fix) => void} replace as if typed, so that undo takes it back
 * @property {(fix: import("./client.js").Fix) => boolean} canShow whether the fix can be made in such an editor
 * @property {() => void} detach takes away what it added
 */

/**
 * The editor behind `target`: a textarea, a contenteditable element, a ProseMirror view or a TipTap editor.
 * @param {any} target @param {HTMLElement} layer where underlines may be drawn
 * @param {{format?: string, classes?: import("./prosemirror.js").Classes}} options
 * @returns {Editor}
 */
export function editorFor(target, layer, options) {
  if (target instanceof HTMLTextAreaElement) return new TextareaEditor(target, layer, options);
  if (isProseMirror(target)) return new ProseMirrorEditor(target, layer, options);
  if (target instanceof HTMLElement && target.isContentEditable) return new EditableEditor(target, layer);
  throw new TypeError("attach() takes a textarea, a contenteditable element, an EditorView or a TipTap editor");
}

/** The element that events come from. @param {any} target @returns {HTMLElement} */
export const elementOf = (target) => (isProseMirror(target) ? (target.view ?? target).dom : target);

// What happens in and around an editor, as calls.

/**
 * @typedef {object} Listener
 * @property {() => void} typed the author changed the text
 * @property {() => void} composes an input method began to put a word together
 * @property {() => void} composed and is done
 * @property {(event: KeyboardEvent) => void} pressed a key, in the editor
 * @property {() => void} clicked into the editor
 * @property {() => void} left the pointer went down outside of `host`
 * @property {() => void} moved something that changes where the words are on the screen
 * @property {() => void} mutated the page changed the text, or the editor's own script did
 */

/** Starts to listen; what is returned ends it. @param {HTMLElement} element @param {Element} host @param {Listener} listener */
export function listen(element, host, listener) {
  const stop = new AbortController();
  const on = (/** @type {EventTarget} */ target, /** @type {string} */ type, /** @type {(event: any) => void} */ act, passive = {}) =>
    target.addEventListener(type, act, { signal: stop.signal, ...passive });
  on(element, "input", () => listener.typed());
  on(element, "compositionstart", () => listener.composes());
  on(element, "compositionend", () => listener.composed());
  on(element, "keydown", (event) => listener.pressed(event));
  on(element, "click", () => listener.clicked());
  on(document, "pointerdown", (event) => event.composedPath().includes(host) || listener.left(), { capture: true });
  on(document, "scroll", () => listener.moved(), { capture: true, passive: true });
  on(window, "resize", () => listener.moved());
  const resized = new ResizeObserver(() => listener.moved());
  for (const each of [element, document.body]) resized.observe(each);
  const mutated = new MutationObserver(() => listener.mutated());
  mutated.observe(element, { childList: true, characterData: true, subtree: true });
  return () => {
    stop.abort();
    resized.disconnect();
    mutated.disconnect();
  };
}

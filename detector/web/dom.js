// Small helpers for elements: made without markup strings, so that no words of a post can become markup.

/**
 * An element with attributes and children; a listener is given as a function (`{click: …}`).
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag @param {Record<string, any>} [facts] @param {...(Node | string | null | false)} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function make(tag, facts = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, fact] of Object.entries(facts)) {
    if (typeof fact === "function") element.addEventListener(name, fact);
    else if (fact === true) element.setAttribute(name, "");
    else if (fact !== false && fact !== null && fact !== undefined) element.setAttribute(name, String(fact));
  }
  element.append(...children.filter((child) => child !== null && child !== false));
  return element;
}

/** `1 finding`, `2 findings`. @param {number} number @param {string} noun */
export const counted = (number, noun) => `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;

/** @param {string} words */
export const capital = (words) => words.charAt(0).toUpperCase() + words.slice(1);

/** @param {string} words @param {number} most */
export const shortened = (words, most) => (words.length > most ? `${words.slice(0, most).trimEnd()}…` : words);

// Offsets in other units: the server counts code points, the browser UTF-16 code units. Converted once, here.

/** Whether a character outside the basic plane (two code units) begins at `index`. */
function isWide(/** @type {string} */ text, /** @type {number} */ index) {
  return (text.charCodeAt(index) & 0xfc00) === 0xd800 && (text.charCodeAt(index + 1) & 0xfc00) === 0xdc00;
}

/** Converts offsets into one text; built once per text, it answers in logarithmic time. */
export class Units {
  /** @param {string} text */
  constructor(text) {
    /** @type {number[]} code point index of each character of two code units */
    this.wide = [];
    for (let index = 0; index < text.length; index += 1) {
      if (isWide(text, index)) {
        this.wide.push(index - this.wide.length);
        index += 1;
      }
    }
  }

  /** The code unit at code point `offset`. @param {number} offset @returns {number} */
  toUtf16(offset) {
    let low = 0;
    let high = this.wide.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.wide[middle] < offset) low = middle + 1;
      else high = middle;
    }
    return offset + low;
  }
}

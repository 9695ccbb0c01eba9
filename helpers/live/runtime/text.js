/** Numbers for reading. */

/** @param {number} number @param {number} [digits] after the point @returns {string} with a proper minus, 0 without */
export function signed(number, digits) {
  return (digits === undefined ? String(number) : number.toFixed(digits)).replace(/^-(?=[0.]+$)/, "").replace("-", "−");
}

/** A number as people write it: 256,000 or 12.3. @param {number} number */
export function written(number) {
  if (Math.abs(number) < 100) return signed(number, Math.abs(number) < 10 ? 2 : 1);
  return signed(Math.round(number)).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** A digit's name with its article: a 7, an 8. @param {string | number} name */
export const withArticle = (name) => `${/^8/.test(String(name)) ? "an" : "a"} ${name}`;

/** @param {string} text */
export const capital = (text) => text[0].toUpperCase() + text.slice(1);

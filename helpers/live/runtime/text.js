/** Numbers for reading. */

/** @param {number} number @param {number} [digits] after the point @returns {string} with a proper minus */
export function signed(number, digits) {
  return (digits === undefined ? String(number) : number.toFixed(digits)).replace("-", "−");
}

/** A number as people write it: 256,000 or 12.3. @param {number} number */
export function written(number) {
  if (Math.abs(number) < 100) return signed(number, Math.abs(number) < 10 ? 2 : 1);
  return signed(Math.round(number)).replace(/\B(?=(\d{3})+$)/g, ",");
}

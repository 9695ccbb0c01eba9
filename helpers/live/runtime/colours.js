/** The page's colours, light or dark. */

/**
 * @typedef {object} Colours
 * @property {string} ink text and axes   @property {string} faint grid lines   @property {string} paper background
 * @property {string} blue @property {string} orange @property {string} green @property {string} red
 */

/** Okabe and Ito's colour-blind-safe palette, a step lighter on a dark page. */
const PALETTES = {
  light: { blue: "#0072b2", orange: "#d55e00", green: "#009e73", red: "#b3246b", faint: "#00000022", paper: "#ffffff" },
  dark: { blue: "#56b4e9", orange: "#f0a04b", green: "#35c99a", red: "#e58ab9", faint: "#ffffff2e", paper: "#121212" },
};

/** @param {Element} el @returns {Colours} the palette for the background that `el` stands on */
export function pageColours(el) {
  const ink = getComputedStyle(el).color, [r, g, b] = ofRgb(ink);
  return { ink, ...PALETTES[0.3 * r + 0.59 * g + 0.11 * b > 128 ? "dark" : "light"] };
}

/** @param {string} colour as computed styles have it, rgb(…) @returns {number[]} red, green, blue, each 0 to 255 */
export function ofRgb(colour) {
  return (colour.match(/[\d.]+/g) ?? []).map(Number);
}

/** @param {string} colour as #RRGGBB @returns {number[]} red, green, blue, each 0 to 255 */
export function ofHex(colour) {
  return [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
}

/** Wrodlers on a canvas, from the sprites of faces.py: a sprite in a colour is a stamp, a face some stamps. */
import { brushOf, makeCanvas } from "./canvas.js";
import { ofHex } from "./colours.js";
import { whenIdle } from "./idle.js";

/**
 * @typedef {object} Art
 * @property {number} size pixels of a sprite's side
 * @property {string[]} sprites their names, in the order of the sheet
 * @property {string[]} left the tops under which glasses sit further left
 * @property {string} skin @property {string} background as #RRGGBB
 * @property {{clothingColor: Record<string, string>, hairColor: Record<string, string>}} colours
 * @typedef {Record<string, string>} Style the value of each feature
 */

/** @param {Art} art @param {Style} style @returns {[sprite: string, colour: string][]} back to front */
export function layers(art, style) {
  /** @type {[string, string][]} */
  const stack = [["Body", art.skin], [style.clothingType, art.colours.clothingColor[style.clothingColor]]];
  if (style.topType !== "NoHair") stack.push([style.topType, art.colours.hairColor[style.hairColor]]);
  if (style.accessoriesType !== "Blank") {
    stack.push([style.accessoriesType + (art.left.includes(style.topType) ? " left" : ""), art.background]);
  }
  return stack;
}

/**
 * A sprite in a colour, ready to be laid over what is there: its opacity, and ink + tint * colour divided by it.
 * @param {Uint8ClampedArray} sheet RGBA of faces.png @param {number} size @param {number} index of the sprite
 * @param {string} colour as #RRGGBB @returns {Uint8ClampedArray} RGBA of one stamp
 */
export function stampPixels(sheet, size, index, colour) {
  const rgb = ofHex(colour).map((part) => part / 255), pixels = new Uint8ClampedArray(4 * size * size);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const ink = 4 * ((index * size + y) * 2 * size + x), more = ink + 4 * size, to = 4 * (y * size + x);
      const opacity = sheet[more], tint = sheet[more + 1];
      if (opacity === 0) continue;
      for (let c = 0; c < 3; c++) pixels[to + c] = (255 * (sheet[ink + c] + tint * rgb[c])) / opacity;
      pixels[to + 3] = opacity;
    }
  }
  return pixels;
}

/** The colours of a PNG. @param {BlobPart} png @returns {Promise<Uint8ClampedArray>} RGBA */
export async function decodePng(png) {
  const image = await createImageBitmap(new Blob([png], { type: "image/png" }), { colorSpaceConversion: "none" });
  const brush = brushOf(makeCanvas(image.width, image.height), { willReadFrequently: true });
  brush.drawImage(image, 0, 0);
  return brush.getImageData(0, 0, image.width, image.height).data;
}

/**
 * @param {Art} art @param {Uint8ClampedArray} sheet RGBA of the sprites
 * @returns what draws a face, and what makes the stamps for styles while the page is idle
 */
export function facePainter(art, sheet) {
  const stamps = new Map(), face = makeCanvas(art.size, art.size), paper = brushOf(face);

  /** @param {[string, string]} layer @returns {HTMLCanvasElement} */
  function stamp([name, colour]) {
    const key = name + colour;
    if (!stamps.has(key)) {
      const canvas = makeCanvas(art.size, art.size), image = new ImageData(art.size, art.size);
      image.data.set(stampPixels(sheet, art.size, art.sprites.indexOf(name), colour));
      brushOf(canvas).putImageData(image, 0, 0);
      stamps.set(key, canvas);
    }
    return stamps.get(key);
  }
  /**
   * @param {CanvasRenderingContext2D} ctx @param {Style} style @param {number} x @param {number} y
   * @param {number} side
   */
  function paint(ctx, style, x, y, side) {
    paper.fillStyle = art.background;
    paper.fillRect(0, 0, art.size, art.size);
    for (const layer of layers(art, style)) paper.drawImage(stamp(layer), 0, 0);
    ctx.imageSmoothingQuality = "high";
    ctx.drawImage(face, x, y, side, side);
  }
  /** @param {Style[]} styles */
  function prepare([style, ...more]) {
    layers(art, style).forEach(stamp);
    if (more.length) whenIdle(() => prepare(more));
  }
  return { paint, prepare };
}

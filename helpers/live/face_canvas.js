/** Wrodlers on a canvas, from the sprites of helpers/faces.py: a sprite in a colour is a stamp, a face some stamps. */

/**
 * @typedef {object} Art
 * @property {number} size pixels of a sprite's side
 * @property {string[]} sprites their names, in the order of the sheet
 * @property {string[]} left the tops under which glasses sit further left
 * @property {string} skin @property {string} background as #RRGGBB
 * @property {{clothingColor: Object<string, string>, hairColor: Object<string, string>}} colours
 */

/**
 * @param {Art} art @param {Object<string, string>} style
 * @returns {[string, string][]} sprites and their colours, back to front
 */
export function layers(art, style) {
  const stack = [["Body", art.skin], [style.clothingType, art.colours.clothingColor[style.clothingColor]]];
  if (style.topType !== "NoHair") stack.push([style.topType, art.colours.hairColor[style.hairColor]]);
  if (style.accessoriesType !== "Blank") {
    stack.push([style.accessoriesType + (art.left.includes(style.topType) ? " left" : ""), art.background]);
  }
  return stack;
}

/**
 * A sprite in a colour, ready to be laid over what is there: its opacity, and ink + tint * colour divided by it.
 * @param {Uint8ClampedArray} sheet RGBA of faces.png @returns {Uint8ClampedArray} RGBA of one stamp
 */
export function stampPixels(sheet, size, index, colour) {
  const rgb = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16) / 255);
  const pixels = new Uint8ClampedArray(4 * size * size);
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

/** The colours of a PNG. @param {DataView | Uint8Array} png @returns {Promise<Uint8ClampedArray>} RGBA */
async function decode(png) {
  const image = await createImageBitmap(new Blob([png], { type: "image/png" }), { colorSpaceConversion: "none" });
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [image.width, image.height];
  const ctx = canvas.getContext("2d", { willReadFrequently: true });
  ctx.drawImage(image, 0, 0);
  return ctx.getImageData(0, 0, image.width, image.height).data;
}

/**
 * @param {Art} art @param {DataView} png the sheet of sprites @param {() => void} loaded called when faces can be drawn
 * @param {(call: () => void) => void} whenIdle as in common.js
 * @returns {{paint: (ctx: CanvasRenderingContext2D, style: Object<string, string>, x: number, y: number,
 *   side: number) => void, prepare: (styles: Object<string, string>[]) => void}} what draws a face (until the sheet is
 *   decoded, its background alone), and what makes the stamps for these styles while the page is idle
 */
export function facePainter(art, png, loaded, whenIdle) {
  const stamps = new Map(), face = document.createElement("canvas"), paper = face.getContext("2d");
  face.width = face.height = art.size;
  let sheet = null;
  decode(png).then((pixels) => { sheet = pixels; loaded(); });

  function stamp([name, colour]) {
    const key = name + colour;
    if (!stamps.has(key)) {
      const canvas = document.createElement("canvas");
      canvas.width = canvas.height = art.size;
      const pixels = stampPixels(sheet, art.size, art.sprites.indexOf(name), colour);
      canvas.getContext("2d").putImageData(new ImageData(pixels, art.size, art.size), 0, 0);
      stamps.set(key, canvas);
    }
    return stamps.get(key);
  }
  function paint(ctx, style, x, y, side) {
    paper.fillStyle = art.background;
    paper.fillRect(0, 0, art.size, art.size);
    if (sheet) for (const layer of layers(art, style)) paper.drawImage(stamp(layer), 0, 0);
    ctx.imageSmoothingQuality = "high";
    ctx.drawImage(face, x, y, side, side);
  }
  function prepare([style, ...more]) {
    layers(art, style).forEach(stamp);
    if (more.length) whenIdle(() => prepare(more));
  }
  return { paint, prepare };
}

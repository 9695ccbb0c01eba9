// The page's side of test_drawn.py: notes what a canvas is told, and moves a figure as a reader would.
(() => {
  const STYLES = ["fillStyle", "strokeStyle", "lineWidth", "globalAlpha", "font", "textAlign", "textBaseline",
    "imageSmoothingEnabled", "lineCap", "lineJoin"];
  const SILENT = ["save", "restore", "reset", "getContextAttributes", "getImageData", "createImageData", "getTransform",
    "getLineDash", "isPointInPath", "isPointInStroke"];
  const logs = new WeakMap();                    // of each canvas: how often each method was called, and a hash

  const hash = (text, h = 0x811c9dc5) => {
    for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
    return h >>> 0;
  };
  const brief = (h) => h.toString(36).slice(-5).padStart(5, "0");
  const rounded = (_, value) => (typeof value === "number" ? Number(value.toPrecision(6)) : value);
  const logOf = (canvas) => logs.get(canvas) ?? logs.set(canvas, new Map()).get(canvas);
  const told = (canvas) => [...logOf(canvas)].sort().map(([name, [n, h]]) => `${name} ${n} ${brief(h)}`).join(", ");
  const said = (one) => {
    if (typeof one === "number") return one.toFixed(2);
    if (one instanceof HTMLCanvasElement || one instanceof OffscreenCanvas) return told(one);
    if (one instanceof ImageData) return `${one.width} ${one.height} ${hash(String(one.data))}`;
    return one instanceof ImageBitmap ? `${one.width} ${one.height}` : String(one);
  };

  const brush = CanvasRenderingContext2D.prototype;
  for (const [name, { value: method }] of Object.entries(Object.getOwnPropertyDescriptors(brush))) {
    if (typeof method !== "function" || name === "constructor") continue;
    brush[name] = function (...given) {
      const { width: wide, height: high } = name === "putImageData" ? given[0]
        : ["clearRect", "fillRect"].includes(name) ? { width: given[2], height: given[3] } : {};
      if (name === "reset" || (wide >= this.canvas.width && high >= this.canvas.height)) logs.delete(this.canvas);
      if (!SILENT.includes(name)) {
        const { a, d, e, f } = this.getTransform(), log = logOf(this.canvas), [n, h] = log.get(name) ?? [0, undefined];
        const state = [...given, ...STYLES.map((style) => this[style]), a, d, e, f].map(said).join();
        log.set(name, [n + 1, hash(state, h)]);
      }
      return method.apply(this, given);
    };
  }
  brush.measureText = (text) => ({ width: 7 * text.length, actualBoundingBoxLeft: 0, actualBoundingBoxRight: 7 * text.length,
    actualBoundingBoxAscent: 9, actualBoundingBoxDescent: 3 });            // whatever fonts there are
  for (const side of ["width", "height"]) {
    const { get, set } = Object.getOwnPropertyDescriptor(HTMLCanvasElement.prototype, side);
    Object.defineProperty(HTMLCanvasElement.prototype, side, { get, set(n) { logs.delete(this); set.call(this, n); } });
  }
  let saved = [];
  HTMLCanvasElement.prototype.toDataURL = function () { saved = [`saved: ${told(this)}`]; return ""; };
  HTMLAnchorElement.prototype.click = () => {};                            // nothing is downloaded
  Element.prototype.setPointerCapture = () => {};                          // of a pointer that there is not
  globalThis.Worker = undefined;                                           // what learns, learns on the page
  let random = 1, now = 0;
  Math.random = () => (random = (random * 48271) % 0x7fffffff) / 0x7fffffff;
  performance.now = () => (now += 0.25);

  const listeners = [], state = {};
  const tell = (event, ...given) => { for (const [events, call] of [...listeners]) if (events.includes(event)) call(...given); };
  const model = {
    get: (trait) => state[trait],
    set(trait, value) {
      if (JSON.stringify(state[trait]) === JSON.stringify(value)) return;
      state[trait] = value;
      tell(`change:${trait}`);
    },
    save_changes() {},
    on(events, call) { listeners.push([events.split(" "), call]); },
    off(event, call) { listeners.splice(listeners.findIndex((one) => one[1] === call), 1); },
    async send({ bring: part }) {
      const bytes = Uint8Array.from(atob(await bring(part)), (byte) => byte.charCodeAt(0));
      tell("msg:custom", { part }, [new DataView(bytes.buffer)]);
    },
  };
  const all = (selector) => [...document.querySelectorAll(selector)].filter((one) => one.checkVisibility());

  globalThis.watch = {
    async show(address, traits) {
      for (const [trait, value] of Object.entries(traits)) {
        const bytes = value?.bytes && Uint8Array.from(atob(value.bytes), (byte) => byte.charCodeAt(0));
        state[trait] = bytes ? new DataView(bytes.buffer) : value;
      }
      const { default: view } = await import(address);
      await view.render({ model, el: document.querySelector(".explorer > div") });
    },
    set: (trait, value) => model.set(trait, value),
    /** What a reader sees, in lines: the numbers, each canvas, the words. */
    seen() {
      const { state: kept = "", values = "" } = document.querySelector(".explorer-view")?.dataset ?? {};
      const [numbers, results] = [kept, values].map((text) => brief(hash(JSON.stringify(JSON.parse(text || "0"), rounded))));
      const pressed = all("[aria-pressed=true]").map((button) => button.textContent);
      return [`numbers ${numbers}, results ${results}`, ...all("canvas").map((canvas) => `canvas: ${told(canvas)}`),
        document.querySelector(".explorer").innerText.replace(/\s+/g, " "), ...pressed.map((text) => `pressed: ${text}`), ...saved];
    },
    buttons: () => all("button:enabled").map((button) => button.textContent),
    press(text) {
      for (const input of all(".explorer input")) input.value ||= "7";
      all("button:enabled").find((button) => button.textContent === text).click();
    },
    /** The menus inside the figure: the values of each. */
    menus: () => all(".explorer select").map((menu) => [...menu.options].map((option) => option.value)),
    choose(k, value) {
      const menu = all(".explorer select")[k];
      menu.value = value;
      menu.dispatchEvent(new Event("change"));
    },
    press_picture() { all(".explorer-row button")[1]?.click(); },
    canvases: () => all("canvas").map((canvas) => canvas.tabIndex >= 0),
    key(k, key) {
      const canvas = all("canvas")[k];
      canvas.focus();
      canvas.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
    },
    blur() { document.activeElement.blur(); },
    /** The cursor over places of a canvas: "g" where something can be held, "c" where something can be drawn. */
    cursors(k, step = 13) {
      const canvas = all("canvas")[k], { width, height } = canvas.getBoundingClientRect(), found = [];
      for (let y = step / 2; y < height; y += step) {
        for (let x = step / 2; x < width; x += step) {
          watch.point(k, "pointermove", [x, y]);
          found.push([canvas.style.cursor, x, y]);
        }
      }
      return found;
    },
    point(k, kind, [x, y], pointerType = "mouse") {
      const canvas = all("canvas")[k], { left, top } = canvas.getBoundingClientRect();
      canvas.dispatchEvent(new PointerEvent(kind, { clientX: left + x, clientY: top + y, bubbles: true, pointerType, pointerId: 1,
        button: kind === "pointermove" ? -1 : 0, buttons: 1 }));
    },
  };
})();

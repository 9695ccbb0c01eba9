// Live figures come when they come near: their code, once for the site, and of each figure its own state.
{
  const root = document.documentElement.dataset.content_root ?? "";
  /** @type {Map<string, Promise<void>>} */
  const loading = new Map();
  /** @type {Map<string, object>} */
  const states = new Map();
  /** @type {Map<HTMLElement, Promise<void>>} */
  const figures = new Map();

  /** A script of the site, once. @param {string} path */
  const load = (path) => {
    const script = Object.assign(document.createElement("script"), { src: root + path });
    const done = loading.get(path) ?? new Promise((resolve, reject) => {
      script.onload = () => { resolve(); };
      script.onerror = () => { loading.delete(path); reject(new Error(`${path} did not load`)); };
      document.head.append(script);
    });
    loading.set(path, done);
    return done;
  };

  /** What the files of states call, and what the widgets' code answers. */
  const course = Object.assign(globalThis, { course: {
    /** The views by name: those of vendor/widgets.js, and those of vendor/learning.js where a figure asks for it. */
    views: {},
    /** @param {string} path @param {object} state */
    state(path, state) { states.set(path, state); },
    /** @type {(place: HTMLElement, state: object) => Promise<void>} replaced by vendor/widgets.js */
    async show() {},
    load,
    /** What a figure brings when it is wanted: the object that vendor/parts/NAME.js hands to `state`. @param {string} name */
    async part(name) {
      const path = `vendor/parts/${name}.js`;
      await load(path);
      return states.get(path);
    },
    /** Every figure, wherever the reader is: before the page is printed. */
    all: () => Promise.all(places.map(bring)),
  } }).course;

  /** Put a figure into its place, once. @param {HTMLElement} place */
  const bring = (place) => {
    near.unobserve(place);
    const brought = figures.get(place) ?? fetchAndShow(place);
    figures.set(place, brought);
    return brought;
  };

  /** @param {HTMLElement} place */
  const fetchAndShow = async (place) => {
    const { code = "", state = "" } = place.dataset;
    try {
      await Promise.all([...code.split(" "), state].map(load));
      await course.show(place, states.get(state) ?? {});
    } catch (error) {
      place.textContent = `This figure failed: ${error instanceof Error ? error.message : error}. Reload the page.`;
      place.setAttribute("role", "alert");
    }
    keep();
  };

  const places = /** @type {HTMLElement[]} */ ([...document.querySelectorAll(".figure-place")]);
  // A figure's name in addresses (?figure=ppf): its view, and which of the page's figures of this view.
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const place of places) {
    const { view = "" } = place.dataset, count = (counts.get(view) ?? 0) + 1;
    counts.set(view, count);
    place.dataset.name = count > 1 ? `${view}-${count}` : view;
  }
  const near = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (isIntersecting) bring(/** @type {HTMLElement} */ (target));
    }
  }, { rootMargin: "600px" });

  // Heights are kept from one visit to the next, so that a page that is loaded again stays where it was.
  const key = () => `heights ${location.pathname} ${document.documentElement.clientWidth}`;
  const keep = () => {
    try {
      const known = places.map((place) => (place.firstChild || place.style.minHeight) && place.offsetHeight);
      sessionStorage.setItem(key(), JSON.stringify(known));
    } catch { /* where storage is blocked, the heights of the style sheet must do */ }
  };
  try {
    const heights = JSON.parse(sessionStorage.getItem(key()) ?? "[]");
    for (const [k, place] of places.entries()) if (heights[k]) place.style.minHeight = `${heights[k]}px`;
  } catch { /* as above */ }
  addEventListener("pagehide", keep);
  addEventListener("beforeprint", course.all);
  // The words come first: no figure before they are painted, and none before the browser has nothing else to do. Where
  // it always has (a slow device draws something at each frame), they come after two seconds.
  const whenIdle = globalThis.requestIdleCallback ?? setTimeout;
  const wanted = new URLSearchParams(location.search).get("figure");
  const begin = () => requestAnimationFrame(() => setTimeout(() => whenIdle(() => {
    places.find((place) => place.dataset.name === wanted)?.scrollIntoView({ block: "center" });
    for (const place of places) near.observe(place);
  }, { timeout: 2000 })));
  if (document.readyState === "complete") begin();
  else addEventListener("load", begin);
}

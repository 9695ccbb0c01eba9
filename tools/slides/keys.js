/** What turns the slides: keys, a remote control (which sends Page keys), a finger, another size of the window. */
import { article, fits } from "./stage.js";

/** Where arrows, Home, End and Space have a meaning of their own. */
const CONTROL = "input, textarea, select, [contenteditable], [role=slider], [role=listbox], canvas[tabindex]";
const SWIPE = 60;                                         // pixels

/**
 * @param {{step: (by: number) => void, to: (k: number) => void, last: () => number, leave: () => void,
 *   bar: {toggle: (name: string) => void}, fullScreen: (on?: boolean) => void, redo: () => void, follow: () => void}} does
 * @returns {() => void} what stops it
 */
export function listen({ step, to, last, leave, bar, fullScreen, redo, follow }) {
  const stop = new AbortController(), { signal } = stop;
  /** @type {Record<string, () => void>} */
  const always = { PageDown: () => step(1), PageUp: () => step(-1), Escape: leave };
  /** @type {Record<string, () => void>} */
  const free = {
    ArrowRight: () => step(1), ArrowLeft: () => step(-1), ArrowDown: () => { if (fits()) step(1); },
    ArrowUp: () => { if (fits()) step(-1); }, Home: () => to(0), End: () => to(last()), " ": () => step(1),
    n: () => bar.toggle("notes"), c: () => bar.toggle("contents"), f: () => fullScreen(),
    b: () => { document.documentElement.classList.toggle("dark-screen"); },
  };
  free["."] = free.b;
  addEventListener("keydown", (event) => {
    const { key, target, ctrlKey, altKey, metaKey, shiftKey } = event, on = /** @type {Element} */ (target);
    if (ctrlKey || altKey || metaKey || document.querySelector("dialog[open]")) return;
    const busy = on.closest?.(CONTROL) || (key === " " && on.closest?.("button, summary, a"));
    const act = always[key] ?? (busy ? null : key === " " && shiftKey ? always.PageUp : free[key]);
    if (!act || ((key === "ArrowDown" || key === "ArrowUp") && !fits())) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }, { capture: true, signal });

  let from = /** @type {Touch | null} */ (null);
  article.addEventListener("touchstart", ({ touches, target }) => {
    const own = /** @type {Element} */ (target).closest("canvas, .explorer-controls, input, select, textarea, pre");
    from = own || touches.length > 1 ? null : touches[0];
  }, { passive: true, signal });
  article.addEventListener("touchend", ({ changedTouches: [end] }) => {
    if (!from) return;
    const across = end.clientX - from.clientX, down = end.clientY - from.clientY;
    if (Math.abs(across) > SWIPE && Math.abs(across) > 2 * Math.abs(down)) step(across < 0 ? 1 : -1);
  }, { passive: true, signal });

  const size = () => `${innerWidth} ${innerHeight}`;
  let known = size(), wasFull = false;
  addEventListener("resize", () => {
    if (size() === known) return;
    known = size();
    redo();
  }, { signal });
  addEventListener("hashchange", follow, { signal });
  document.addEventListener("fullscreenchange", () => {
    if (wasFull && !document.fullscreenElement) leave();  // Escape, which the browser keeps to itself
    wasFull = !!document.fullscreenElement;
  }, { signal });
  return () => stop.abort();
}

// What a reader wrote and answered, kept in the browser's storage; where that is blocked, nothing fails.

/** @typedef {{ file: string, id: string, source: string }} Where  a cell, and the source that the page has */

/** @param {Where} where */
const keyOf = ({ file, id, source }) => `${startOf({ file, id })}${hashOf(source)}`;

/** FNV-1a: equal for equal texts, different for the versions of a cell. @param {string} text */
function hashOf(text) {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash >>> 0).toString(16);
}

/** @param {{ file: string, id: string }} where */
const startOf = ({ file, id }) => `course edit ${file} ${id} `;

/** @template T @param {() => T} act @param {T} otherwise */
function guarded(act, otherwise) {
  try {
    return act();
  } catch {
    return otherwise;
  }
}

/**
 * Keep a text, or forget it if there is none.
 * @param {Where} where @param {string | null} text @returns {boolean} whether it is kept
 */
export function keep(where, text) {
  const key = keyOf(where);
  return guarded(() => {
    if (text === null) localStorage.removeItem(key);
    else localStorage.setItem(key, text);
    return localStorage.getItem(key) === text;
  }, false);
}

/** @param {Where} where @returns {string | null} what was kept for this source of the cell */
export const kept = (where) => guarded(() => localStorage.getItem(keyOf(where)), null);

/** What was kept for other sources, which the page had before. @param {Where} where @returns {string | null} */
export function keptBefore(where) {
  const key = older(where)[0];
  return key ? localStorage.getItem(key) : null;
}

/** Forget what was kept for other sources. @param {Where} where */
export function forgetBefore(where) {
  for (const key of older(where)) localStorage.removeItem(key);
}

/** @param {Where} where @returns {string[]} */
const older = (where) => guarded(() => Object.keys(localStorage)
  .filter((key) => key.startsWith(startOf(where)) && key !== keyOf(where)), []);

/** Call when another tab keeps a text for this cell. @param {Where} where @param {(text: string) => void} call */
export function whenKeptElsewhere(where, call) {
  addEventListener("storage", ({ key, newValue }) => {
    if (key === keyOf(where) && newValue !== null) call(newValue);
  });
}

/** Remember that an exercise was answered, and tell the page. @param {string} exercise "3.1" */
export function keepAnswered(exercise) {
  guarded(() => localStorage.setItem(`course answered ${exercise}`, "right"), undefined);
  document.dispatchEvent(new CustomEvent("course:answered", { detail: exercise }));
}

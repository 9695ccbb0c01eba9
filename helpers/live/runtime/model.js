/** The numbers of a figure, which Python, its controls and its canvas share. */

/**
 * What a view may do with its model.
 * @typedef {object} Model
 * @property {(trait: string) => any} get
 * @property {(trait: string, value: unknown) => void} set
 * @property {() => void} save_changes
 * @property {(event: string, call: (...given: any[]) => void) => void} on
 * @property {(event: string, call: (...given: any[]) => void) => void} off
 * @property {(message: any) => void} send  to Python, where there is one
 */

/** @param {Model} model @param {Record<string, unknown>} changes by trait */
export function change(model, changes) {
  for (const [trait, value] of Object.entries(changes)) model.set(trait, value);
  model.save_changes();
}

/** @param {Model} model @param {string[]} traits @returns {any[]} their values */
export function read(model, ...traits) {
  return traits.map((trait) => model.get(trait));
}

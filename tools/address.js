// A figure's state in the page's address: ?figure=ppf&z=0.25&mu=300, as helpers/live/runtime/keepsakes.js writes it.

/** @typedef {{model_name: string, state: Record<string, any>}} Stored a model as a page stores it */

/**
 * Move a figure to the numbers of the address, as a reader would by its controls. What no figure has is left out, and a
 * number beyond a control's range becomes the nearest one in it.
 * @param {HTMLElement} place @param {Record<string, Stored>} models the models that the figure reaches, by id
 * @param {(id: string) => Promise<any>} modelOf
 */
export async function followAddress(place, models, modelOf) {
  const query = new URLSearchParams(location.search);
  if (query.get("figure") !== place.dataset.name) return;
  const view = Object.keys(models).find((id) => "_esm" in models[id].state);
  for (const [trait, text] of query) {
    const [id, key] = controlOf(models, trait) ?? [view, trait], model = await modelOf(id ?? "");
    const value = allowed(text, model, model.get(key));
    if (value === undefined) continue;
    model.set(key, value);
    model.save_changes();
  }
}

/** The control that is linked to a trait, and its key. @param {Record<string, Stored>} models @param {string} trait */
function controlOf(models, trait) {
  const link = Object.values(models).find(({ model_name, state }) => (
    model_name === "LinkModel" && state.target[1] === trait));
  return link && [link.state.source[0].replace("IPY_MODEL_", ""), link.state.source[1]];
}

/** @param {string} text @param {any} model @param {unknown} now its value @returns what it may become, if anything */
function allowed(text, model, now) {
  const numbers = text.split(",").map((part) => (part === "" ? NaN : Number(part)));
  if (typeof now === "boolean") return text === "true";
  if (!numbers.every(Number.isFinite)) return undefined;
  if (Array.isArray(now)) return now.length === numbers.length ? numbers : undefined;
  const last = (model.get("_options_labels")?.length ?? Infinity) - 1;
  const least = model.get("min") ?? (last < Infinity ? 0 : -Infinity);
  return typeof now === "number" ? Math.min(Math.max(numbers[0], least), model.get("max") ?? last) : undefined;
}

/** A figure that fails says so where it stands, and stops nothing else. */
/** @import { Model } from "./model.js" */

/** @param {unknown} error @returns {string} for the caption; the console gets the error itself */
export function failureText(error) {
  reportError(error);
  const reason = error instanceof Error ? error.message : String(error);
  return `This figure failed: ${reason.replace(/\.$/, "")}. The rest of the page works.`;
}

/** @param {Element} el what holds the figure @param {unknown} error */
export function showFailure(el, error) {
  const figure = document.createElement("figure"), caption = document.createElement("figcaption");
  figure.className = "explorer-view";
  caption.setAttribute("role", "alert");
  caption.textContent = failureText(error);
  figure.append(caption);
  el.replaceChildren(figure);
}

/**
 * What a view's file exports, for anywidget.
 * @param {(context: {model: Model, el: HTMLElement}) => unknown} render  builds the figure in `el`; may return what
 *   stops it
 */
export function view(render) {
  return {
    /** @param {{model: Model, el: HTMLElement}} context */
    async render(context) {
      try {
        return await render(context);
      } catch (error) {
        return showFailure(context.el, error);
      }
    },
  };
}

// The chapter as a notebook with what the reader wrote: it opens in JupyterLab.
import { element } from "./site.js";

/** @typedef {{ text: string, edited: boolean, ran: boolean, outputs: Record<string, any>[] }} Mine  a cell */

/**
 * Download the chapter: the notebook to which the page's own download leads, with what the reader wrote.
 * @param {Map<string, Mine>} mine  by cell
 */
export async function download(mine) {
  const { href } = /** @type {HTMLAnchorElement} */ (document.querySelector("a[href*='_sources/']"));
  const answer = await fetch(href);
  if (!answer.ok) throw new Error(`the site does not have ${href}.`);
  const notebook = withMine(await answer.json(), mine);
  const url = URL.createObjectURL(new Blob([JSON.stringify(notebook, null, 1)], { type: "application/x-ipynb+json" }));
  element("a", { href: url, download: href.split("/").at(-1) ?? "" }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);  // a browser may ask first where to put the file
}

/**
 * The outputs of a cell whose source has changed are the reader's own.
 * @param {any} notebook @param {Map<string, Mine>} mine
 */
export function withMine(notebook, mine) {
  for (const cell of notebook.cells) {
    const own = mine.get(cell.id);
    if (!own) continue;
    if (own.edited) cell.source = own.text;
    if (own.ran || own.edited) Object.assign(cell, { outputs: own.outputs.map(stored), execution_count: null });
  }
  return notebook;
}

/** An output as nbformat wants it: no part that needs a widget's kernel. @param {Record<string, any>} output */
function stored({ output_type, ename, evalue, traceback = [], ...rest }) {
  if (output_type === "stream") return { output_type, name: rest.name, text: rest.text };
  if (output_type === "error") return { output_type, ename, evalue, traceback };
  const { "application/vnd.jupyter.widget-view+json": _, ...data } = rest.data;
  return { output_type: "display_data", data, metadata: rest.metadata ?? {} };
}

// Live figures in JupyterLab, in a notebook that was run, saved and opened again. The widget is gone with its kernel,
// and ipywidgets says "model not found", or waits for a kernel. Here the picture that stands in the same output takes
// its place, and a sentence says what to do. JupyterLab finds this file by JUPYTER_PATH=tools/lab and loads it as it
// stands, into one scope with other extensions: hence the braces.
{
  const OUTPUT = ".jp-OutputArea-output.lm-Panel";  // a widget's
  const GONE = "Error displaying widget: model not found", WAITS = "Loading widget...";

  /**
   * @typedef {{data: Record<string, unknown>}} Output
   * @typedef {{node: HTMLElement, outputArea?: {widgets: {node: HTMLElement}[], model: {get: (place: number) => Output}}}} Cell
   * @typedef {{content?: {widgets?: Iterable<Cell>}, sessionContext?: {session: {kernel: unknown} | null}}} Panel
   */

  /** The picture that stands in an output beside its widget, if there is one, and what brings the widget. */
  function still(/** @type {Output} */ { data }) {
    const shown = document.createElement("div"), hint = document.createElement("p"), picture = data["image/png"];
    if (picture) {
      const image = document.createElement("img");
      image.src = `data:image/png;base64,${picture}`;
      image.alt = String(data["text/plain"] ?? "");
      shown.append(image);
    }
    hint.textContent = `${picture ? "A picture of a live figure" : "A widget"}. Run this cell to use it.`;
    shown.append(hint);
    return shown;
  }

  /** Give each output whose widget is gone its picture. */
  function replace(/** @type {Iterable<Panel>} */ panels) {
    for (const node of document.querySelectorAll(OUTPUT)) {
      if (node.textContent !== GONE && node.textContent !== WAITS) continue;
      for (const { content, sessionContext } of panels) {
        const area = [...content?.widgets ?? []].find((cell) => cell.node.contains(node))?.outputArea;
        if (!area || (node.textContent === WAITS && sessionContext?.session?.kernel)) continue;
        const place = area.widgets.findIndex((output) => output.node.contains(node));
        node.replaceChildren(still(area.model.get(place)));
      }
    }
  }

  const plugin = {
    id: "course-figures:plugin",
    autoStart: true,
    /** @param {{shell: {widgets: (area: string) => Iterable<Panel>}}} app */
    activate: ({ shell }) => {
      new MutationObserver(() => replace([...shell.widgets("main")]))
        .observe(document.body, { childList: true, subtree: true });
    },
  };

  Object.assign(/** @type {any} */ (globalThis)._JUPYTERLAB ??= {}, {
    "course-figures": { init: () => {}, get: async () => () => ({ __esModule: true, default: plugin }) },
  });
}

// Citations in JupyterLab. jupyterlab-myst knows no bibliography: it shows each citation's key behind a warning sign.
// Here author and year from book/references.bib take its place, as on the site. JupyterLab finds this file by
// JUPYTER_PATH=tools/lab and loads it as it stands.
const SIGN = 'span[title="Citation Not Found"]';
const ACCENTS = { "'": "\u0301", "`": "\u0300", '"': "\u0308", "^": "\u0302", "~": "\u0303" };

/** Text without BibTeX's braces and commands: `Sch{\"o}lkopf` is Schölkopf. */
const plain = (/** @type {string} */ text) => text
  .replace(/\\(['`"^~])\{?(\w)\}?/g, (_, accent, letter) => letter + ACCENTS[/** @type {"'"} */ (accent)])
  .replace(/\\o\b/g, "ø").replace(/\\i\b/g, "ı").replace(/[{}\\]/g, "").normalize("NFC");

/** A field of an entry, with braces in braces in it at most. */
const field = (/** @type {string} */ entry, /** @type {string} */ name) =>
  plain(entry.match(new RegExp(`\\b${name}\\s*=\\s*\\{((?:[^{}]|\\{(?:[^{}]|\\{[^{}]*\\})*\\})*)\\}`))?.[1] ?? "");

/** Family names as a citation has them: one, two, or the first "et al.". */
function families(/** @type {string} */ authors) {
  const names = authors.split(/\s+and\s+/).map((one) => one.split(",")[0]);
  return names.length > 2 ? `${names[0]} et al.` : names.join(" and ");
}

/** What each key of a bibliography stands for. */
function entries(/** @type {string} */ bibliography) {
  return new Map(bibliography.split(/^@/m).slice(1).map((entry) => [entry.match(/\{\s*([^,\s]+)/)?.[1], {
    who: families(field(entry, "author") || field(entry, "editor") || field(entry, "title")),
    year: field(entry, "year"), title: field(entry, "title"),
  }]));
}

/** Give the citations that are on the page their words; the elements stay, they are another's. */
function rewrite(/** @type {ReturnType<typeof entries>} */ known) {
  for (const sign of document.querySelectorAll(SIGN)) {
    const found = known.get(sign.textContent ?? ""), group = sign.closest(".cite-group");
    if (!found || !(sign instanceof HTMLElement) || !sign.lastChild) continue;
    const [first, last] = [!group || !sign.previousSibling, !group || !sign.nextSibling];
    const alone = group && first && last;  // {cite:t}`key`: the subject of a sentence
    sign.lastChild.nodeValue = alone ? `${found.who} [${found.year}]`
      : `${first ? "[" : ""}${found.who}, ${found.year}${last ? "]" : "; "}`;
    sign.title = found.title;
    sign.style.color = "inherit";
    sign.querySelector("svg")?.remove();
  }
}

const plugin = {
  id: "course-citations:plugin",
  autoStart: true,
  /** @param {{serviceManager: {contents: {get: (path: string) => Promise<{content: string}>}}}} app */
  activate: async ({ serviceManager }) => {
    for (const path of ["book/references.bib", "course/book/references.bib"]) {  // the second: in a hub's home folder
      const file = await serviceManager.contents.get(path).catch(() => null);
      if (!file) continue;
      const known = entries(file.content);
      new MutationObserver(() => rewrite(known)).observe(document.body, { childList: true, subtree: true });
      return;
    }
  },
};

Object.assign(/** @type {any} */ (globalThis)._JUPYTERLAB ??= {}, {
  "course-citations": { init: () => {}, get: async () => () => ({ __esModule: true, default: plugin }) },
});

// Among the results of the search a formula is text once: its MathML, which repeats it with its source, is left out.
{
  /** @type {{htmlToText: (page: string, anchor: string) => string}} */
  // @ts-expect-error: Sphinx's searchtools.js declares it
  const search = Search, textOf = search.htmlToText;
  search.htmlToText = (page, anchor) => textOf(page.replace(/<span class="katex-mathml">.*?<\/math><\/span>/gs, ""), anchor);
}

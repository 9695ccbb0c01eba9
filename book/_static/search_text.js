// Among the results of the search a formula is text once: its MathML, which repeats it with its source, is left out.
// So are the handlers of a page's buttons, which the policy of the search's own page does not admit.
{
  /** @type {{htmlToText: (page: string, anchor: string) => string}} */
  // @ts-expect-error: Sphinx's searchtools.js declares it
  const search = Search, textOf = search.htmlToText;
  const LEFT_OUT = /<span class="katex-mathml">.*?<\/math><\/span>| on\w+="[^"]*"/gs;
  // A chapter that names the word in a heading comes before the glossary, which comes before those that only use it.
  // @ts-expect-error: Sphinx's searchtools.js declares it, too
  Scorer.score = ([, , anchor, , score]) => (anchor.startsWith("#term-") ? Math.min(score, Scorer.title - 1) : score);
  search.htmlToText = (page, anchor) => textOf(page.replace(LEFT_OUT, ""), anchor);
}

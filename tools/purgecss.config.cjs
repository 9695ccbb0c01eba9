// How PurgeCSS finds the rules that the site's pages use (book/_ext/styles.py).
const words = (/** @type {string} */ text) => text.match(/[\w-]+/g) ?? [];
const PROSE = /\s(?:href|src|srcset|alt|title|content|style|d|points|viewBox)="[^"]*"/g;

module.exports = {
  defaultExtractor: words,
  extractors: [{
    extensions: ["html"],  // tags, classes, ids and attributes, not what readers read
    extractor: (html) => words((html.match(/<[a-z][^>]*>/g) ?? []).join(" ").replace(PROSE, "")),
  }],
  safelist: {
    standard: ["show", "fade", "active", "collapsed"],
     greedy: [/tooltip/, /data-theme/, /data-mode/, /widget-/, /\bopen\b/, /katex-error/],
  },  // what scripts add
};

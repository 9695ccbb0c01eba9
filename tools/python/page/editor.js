// The editor of a cell: CodeMirror with Python's colours, as the page's own code has them.
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { python } from "@codemirror/lang-python";
import { bracketMatching, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { EditorState } from "@codemirror/state";
import { EditorView, keymap, lineNumbers } from "@codemirror/view";
import { tagHighlighter, tags } from "@lezer/highlight";

/** Pygments' names of what stands in code: the site's style sheet has their colours, in both themes. */
const COLOURS = tagHighlighter([
  { tag: tags.comment, class: "c1" },
  { tag: [tags.keyword, tags.operatorKeyword, tags.bool, tags.null], class: "k" },
  { tag: [tags.string, tags.special(tags.string)], class: "s2" },
  { tag: tags.number, class: "mi" },
  { tag: tags.operator, class: "o" },
  { tag: [tags.function(tags.definition(tags.variableName)), tags.definition(tags.className)], class: "nf" },
  { tag: tags.meta, class: "nd" },
]);

/**
 * @typedef {object} Asked
 * @property {string} text  what stands in the editor at first
 * @property {string} label  its name for screen readers
 * @property {() => void} run  Shift+Enter
 * @property {(text: string) => void} changed
 */

/** @param {Asked} asked @returns {EditorView} */
export const editor = ({ text, label, run, changed }) => new EditorView({
  state: EditorState.create({ doc: text, extensions: [
    keymap.of([{ key: "Shift-Enter", run: () => { run(); return true; } }, { key: "Escape", run: letTabLeave },
      ...defaultKeymap, ...historyKeymap, indentWithTab]),
    EditorView.domEventHandlers({ blur: (_, view) => view.setTabFocusMode(false) }),
    EditorView.updateListener.of(({ docChanged, state }) => { if (docChanged) changed(state.doc.toString()); }),
    EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0" }),
    history(), lineNumbers(), bracketMatching(), indentOnInput(), indentUnit.of("    "), EditorState.tabSize.of(4),
    python(), syntaxHighlighting(COLOURS),
  ] }),
});

/** Until the focus has left, Tab moves it. @param {EditorView} view */
function letTabLeave(view) {
  view.setTabFocusMode(true);
  return false;  // Escape does what else it does
}

/** Put another text into an editor. @param {EditorView} view @param {string} text */
export const write = (view, text) => view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });

/** The words under a figure: a new text in them costs the page no layout. */
import { failureText } from "./failure.js";

/**
 * A read-out that keeps the height of the longest text that it had. Then a new text moves nothing below it, and the
 * browser lays out this block alone instead of the page.
 * @param {HTMLElement} block
 */
export function makeReadout(block) {
  let room = 0;
  block.setAttribute("role", "status");
  block.className = "explorer-words";
  keepTextNode(block);

  /** @param {string} text @param {"status" | "alert"} role */
  function show(text, role = "status") {
    if (block.getAttribute("role") !== role) block.setAttribute("role", role);
    block.textContent = text;
    if (block.scrollHeight <= room) return;
    block.style.cssText = "";
    room = block.offsetHeight;
    block.style.cssText = `height: ${room}px; contain: layout size`;
  }
  return {
    show,
    /** @param {unknown} error */
    fail(error) { show(failureText(error), "alert"); },
    forget() { room = 0; },
  };
}

/**
 * From now on a new `textContent` changes the words of the one text node. A new node would make the browser ask all
 * `:has()` rules of the page again, which takes longer than a frame may.
 * @param {HTMLElement} part
 */
export function keepTextNode(part) {
  const { get, set } = /** @type {{get: () => string, set: (text: string) => void}} */ (
    Object.getOwnPropertyDescriptor(Node.prototype, "textContent"));
  Object.defineProperty(part, "textContent", {
    get() { return get.call(part); },
    set(text) {
      const [node, more] = part.childNodes;
      if (node instanceof Text && !more) node.data = text;
      else set.call(part, text);
    },
  });
  part.dataset.textNode = "";
}

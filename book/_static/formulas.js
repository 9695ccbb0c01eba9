// A formula that is wider than its column can be scrolled by keyboard, as the theme arranges it for code and tables.
{
  /** @param {Element} box */
  const letScroll = (box) => {
    const wide = box.scrollWidth > box.clientWidth;
    if (wide === box.hasAttribute("tabindex")) return;
    for (const [name, value] of Object.entries({ tabindex: "0", role: "group", "aria-label": "Wide formula" })) {
      if (wide) box.setAttribute(name, value);
      else box.removeAttribute(name);
    }
  };
  const sizes = new ResizeObserver((entries) => { for (const { target } of entries) letScroll(target); });
  const boxes = document.querySelectorAll("div.math");
  for (const box of boxes) sizes.observe(box);
  document.fonts.ready.then(() => { boxes.forEach(letScroll); });
}

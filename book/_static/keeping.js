// The landing page's box on what the browser keeps: to a file, from a file, or forgotten.
{
  const box = /** @type {HTMLElement} */ (document.querySelector(".keeping")), [save, take, forget] = box.querySelectorAll("button");
  const file = /** @type {HTMLInputElement} */ (box.querySelector("input")), says = /** @type {HTMLElement} */ (box.querySelector("[role=status]"));
  const ours = () => Object.entries(localStorage).filter(([key]) => key.startsWith("course "));

  save.addEventListener("click", () => {
    const text = JSON.stringify(Object.fromEntries(ours()), null, 1);
    const link = Object.assign(document.createElement("a"), { download: "course_progress.json",
      href: URL.createObjectURL(new Blob([text], { type: "application/json" })) });
    link.click();
    URL.revokeObjectURL(link.href);
    says.textContent = `Saved what is kept under ${ours().length} names.`;
  });
  take.addEventListener("click", () => { file.click(); });
  file.addEventListener("change", async () => {
    try {
      const found = Object.entries(JSON.parse(await file.files?.[0].text() ?? ""));
      const good = found.filter(([key, text]) => key.startsWith("course ") && typeof text === "string");
      if (!good.length) throw new Error("nothing of this course is in it");
      for (const [key, text] of good) localStorage.setItem(key, String(text));
      says.textContent = `Took what stood under ${good.length} names. Reload the page to see it.`;
    } catch (error) {
      says.textContent = `This file was not taken: ${error instanceof Error ? error.message : error}. Choose a file that was saved here.`;
    }
    file.value = "";
  });
  forget.addEventListener("click", () => {
    const names = ours();
    for (const [key] of names) localStorage.removeItem(key);
    says.textContent = names.length ? "Forgotten. Reload the page to see it." : "There was nothing to forget.";
  });
}

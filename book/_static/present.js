// Slides come when they are asked for: by the button in the page's header, or by an address that names a slide.
{
  const course = /** @type {any} */ (globalThis).course;
  const begin = async () => {
    if (!location.hash.startsWith("#slide") || document.documentElement.classList.contains("presenting")) return;
    try {
      await course.load("vendor/slides.js");
      await course.present();
    } catch (error) {
      const text = `The slides failed: ${error instanceof Error ? error.message : error}. Reload the page.`;
      document.querySelector("article")?.prepend(Object.assign(document.createElement("p"), { role: "alert", textContent: text }));
      throw error;
    }
  };
  addEventListener("hashchange", begin);
  begin();
}

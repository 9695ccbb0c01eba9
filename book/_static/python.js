// Python in the page waits for a press; with it comes vendor/python.js, which does all else.
for (const button of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".python-press"))) {
  button.addEventListener("click", async () => {
    const place = /** @type {HTMLElement} */ (document.querySelector(".python-start"));
    const { course } = /** @type {any} */ (globalThis);
    try {
      await course.load(place.dataset.code);
      await course.python(place, button);
    } catch (error) {
      place.append(`Python did not start: ${error instanceof Error ? error.message : error}. Reload the page.`);
      place.setAttribute("role", "alert");
    }
  });
}

// What was read and answered, kept in this browser alone: in the contents, and as a place to go on from.
{
  const PREFIX = "course page ", root = new URL(document.documentElement.dataset.content_root ?? "", location.href);
  /** A page by its file: "book/02_percent_point_function". @param {string} address */
  const nameOf = (address) => new URL(address, location.href).pathname.slice(root.pathname.length).replace(/\.html$/, "");
  const here = nameOf(location.href), cells = document.querySelector("meta[name=exercises]")?.getAttribute("content");

  /** @typedef {{read: string[], questions: Record<string, boolean>, exercises: Record<string, string>, of: number[],
   *   place?: string, title?: string}} Kept */
  /** @param {string} page @returns {Kept} */
  const get = (page) => {
    const empty = { read: [], questions: {}, exercises: {}, of: [0, 0, 0] };
    try {
      return { ...empty, ...JSON.parse(localStorage.getItem(PREFIX + page) ?? "{}") };
    } catch { return empty; }
  };
  /** @param {(kept: Kept) => void} change */
  const set = (change) => {
    const kept = get(here);
    change(kept);
    try {
      localStorage.setItem(PREFIX + here, JSON.stringify(kept));
      localStorage.setItem("course last", here);
    } catch { /* blocked or full: the page works, and forgets */ }
    mark();
  };

  /** The sections of the core, each with the last thing in it that is seen. */
  const sections = () => [...document.querySelectorAll("article > section > section[id]")];
  const isCore = (/** @type {Element} */ section) => !section.id.startsWith("deeper");
  /** The questions of the page: answers that follow each other, named by their cell. */
  const questions = new Map();
  /** @type {Record<string, number>} */
  const counts = {};
  for (const answer of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("details.choice"))) {
    const { cell = "" } = answer.dataset, before = answer.previousElementSibling;
    if (!before?.matches("details.choice")) counts[cell] = (counts[cell] ?? 0) + 1;
    questions.set(answer, `${cell}.${counts[cell]}`);
  }
  /** The cells of the exercises' checks, by the labels of the exercises. */
  const checks = new Map(cells?.split(" ").map((pair) => /** @type {[string, string]} */ (pair.split("="))));
  const of = [sections().filter(isCore).length, new Set(questions.values()).size, checks.size];

  document.addEventListener("toggle", ({ target }) => {
    const key = questions.get(target), answer = /** @type {HTMLDetailsElement} */ (target);
    const right = answer.textContent?.includes("Right.") ?? false;
    if (key && answer.open) set((kept) => { kept.questions[key] ??= right; });
  }, true);
  document.addEventListener("click", ({ target }) => {
    const solution = /** @type {Element} */ (target).closest(".solution");
    const label = solution?.querySelector(".admonition-title a")?.getAttribute("href")?.slice(1);
    const cell = checks.get(label ?? "");
    if (cell) set((kept) => { kept.exercises[cell] ??= "read"; });
  });
  document.addEventListener("course:answered", (event) => {
    const cell = checks.get(`ex-${/** @type {CustomEvent} */ (event).detail.replace(".", "-")}`);
    if (cell) set((kept) => { kept.exercises[cell] = "right"; });
  });

  /** A section is read when its last line has been seen on the page. */
  const ends = new Map();
  const seen = new IntersectionObserver((entries) => {
    const news = entries.filter(({ isIntersecting }) => isIntersecting).map(({ target }) => ends.get(target));
    if (!news.length || document.documentElement.classList.contains("presenting")) return;
    set((kept) => { Object.assign(kept, { read: [...new Set([...kept.read, ...news])], of, title: document.title.split(" — ")[0] }); });
  });
  const watch = () => {
    for (const section of sections().filter(isCore)) {
      const last = [...section.querySelectorAll("p, pre, li, summary, img")].findLast((part) => part.checkVisibility());
      if (!last) continue;
      ends.set(last, section.id);
      seen.observe(last);
    }
  };
  const keepPlace = () => {
    if (!get(here).read.length || document.documentElement.classList.contains("presenting")) return;
    const place = sections().findLast((section) => section.getBoundingClientRect().top < innerHeight / 2)?.id ?? "";
    set((kept) => { kept.place = place; });
  };

  /** @param {Element} link @param {string} text what is seen @param {string} words what is heard */
  const note = (link, text, words) => {
    const old = link.querySelector(".kept"), span = Object.assign(document.createElement("span"), { className: "kept" });
    span.append(Object.assign(document.createElement("span"), { textContent: text, ariaHidden: "true" }),
      Object.assign(document.createElement("span"), { textContent: `: ${words}`, className: "kept-heard" }));
    if (old) old.replaceWith(span);
    else link.append(span);
  };
  /** Write what is kept into the contents of the book and of the page. */
  function mark() {
    for (const link of document.querySelectorAll(".bd-docs-nav a[href$='.html'], .course-map a")) {
      const { read, questions: asked, exercises, of: [parts, ...rest] } = get(nameOf(link.getAttribute("href") ?? ""));
      const done = [Object.keys(asked).length, Object.keys(exercises).length];
      if (!parts || !(read.length + done[0] + done[1])) continue;
      const share = Math.min(100, Math.round((100 * read.length) / parts)), names = ["questions", "exercises"];
      note(link, [share < 100 ? `${share}% read` : "✓ read", ...names.map((name, k) => `${name} ${done[k]}/${rest[k]}`)].join(" · "),
        [`${share}% read`, ...names.map((name, k) => `${done[k]} of ${rest[k]} ${name}`)].join(", "));
    }
    const kept = get(here);
    for (const link of document.querySelectorAll(".bd-toc a[href^='#']")) {
      const id = link.getAttribute("href")?.slice(1) ?? "", holds = (/** @type {string} */ what) => (
        document.getElementById(id)?.querySelector(what));
      if (holds("details.choice")) note(link, `${Object.keys(kept.questions).length}/${of[1]}`, `${Object.keys(kept.questions).length} of ${of[1]} answered`);
      else if (holds(":scope > .exercise")) note(link, `${Object.keys(kept.exercises).length}/${of[2]}`, `${Object.keys(kept.exercises).length} of ${of[2]} done`);
      else if (kept.read.includes(id)) note(link, "✓", "read");
    }
  }

  let last = "";
  try { last = localStorage.getItem("course last") ?? ""; } catch { /* as above */ }
  const go = document.querySelector(".continue a");
  if (go && last && get(last).title) {
    const { title = "", place } = get(last);
    go.textContent = title;
    go.setAttribute("href", `${root.pathname}${last}.html${place ? `#${place}` : ""}`);
  }
  mark();
  addEventListener("storage", mark);
  if (of[0] && (of[1] || of[2])) {
    addEventListener("load", () => (globalThis.requestIdleCallback ?? setTimeout)(watch, { timeout: 2000 }));
    addEventListener("pagehide", keepPlace);
    document.addEventListener("visibilitychange", keepPlace);
  }
}

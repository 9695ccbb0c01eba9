// The form on the instructors' page: a link that gives each learner of a JupyterHub their own copy of the course.
// The pattern is nbgitpuller's: HUB/hub/user-redirect/git-pull?repo=…&branch=…&urlpath=lab/tree/FOLDER/PAGE

const form = /** @type {HTMLFormElement} */ (document.getElementById("hub-link"));
const result = /** @type {HTMLOutputElement} */ (form.querySelector("output"));

/**
 * The notebooks that the site's own menu lists.
 * @returns {{path: string, title: string}[]} their paths in the repository
 */
function notebooks() {
  return [...document.querySelectorAll(".bd-sidebar-primary a[href*='.html']")].flatMap((link) => {
    const name = /(\d\d_\w+)\.html/.exec(link.getAttribute("href") ?? "")?.[1];
    return name ? [{ path: `book/${name}.ipynb`, title: link.textContent?.trim() ?? name }] : [];
  });
}

/** @param {string} address */
const isWeb = (address) => URL.canParse(address) && /^https?:$/.test(new URL(address).protocol);

/** The link for what the form says, or "" while it says too little. @param {Record<string, string>} said */
function hubLink({ hub, repo, branch, page }) {
  const folder = repo.replace(/\/+$/, "").replace(/\.git$/, "").split("/").pop();
  if (!isWeb(hub) || !isWeb(repo) || !folder) return "";
  const query = new URLSearchParams({ repo, branch: branch || "main", urlpath: `lab/tree/${folder}/${page}` });
  return `${hub.replace(/\/(hub\/?)?$/, "")}/hub/user-redirect/git-pull?${query}`;
}

function show() {
  const link = hubLink(Object.fromEntries([...new FormData(form)].map(([name, text]) => [name, String(text).trim()])));
  const anchor = Object.assign(document.createElement("a"), { href: link, textContent: link });
  result.replaceChildren(link ? anchor : "Fill in the first two lines.");
}

const meta = /** @type {HTMLMetaElement | null} */ (document.querySelector("meta[name=repository]"));
form.repo.value = meta?.content ?? "";
form.branch.value = meta?.dataset.branch ?? "main";
form.page.append(...notebooks().map(({ path, title }) => new Option(title, path)));
form.addEventListener("input", show);
form.addEventListener("submit", (event) => event.preventDefault());
form.hidden = false;
show();

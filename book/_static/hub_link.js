// The form on the instructors' page: a link that gives each learner of a JupyterHub their own copy of the course.
// The pattern is nbgitpuller's: HUB/hub/user-redirect/git-pull?repo=…&branch=…&urlpath=lab/tree/FOLDER/PAGE

const form = document.getElementById("hub-link");
const result = form.querySelector("output");

/** The notebooks that the site's own menu lists: [path in the repository, title]. */
function notebooks() {
  const links = [...document.querySelectorAll(".bd-sidebar-primary a[href*='.html']")];
  return links.map((a) => [/(\d\d_\w+)\.html/.exec(a.href)?.[1], a.textContent.trim()])
    .filter(([name]) => name).map(([name, title]) => [`book/${name}.ipynb`, title]);
}

/** The link for what the form says, or "" while it says too little. */
function hubLink({ hub, repo, branch, page }) {
  const folder = repo.replace(/\/+$/, "").replace(/\.git$/, "").split("/").pop();
  if (!URL.canParse(hub) || !URL.canParse(repo) || !folder) return "";
  const query = new URLSearchParams({ repo, branch: branch || "main", urlpath: `lab/tree/${folder}/${page}` });
  return `${hub.replace(/\/(hub\/?)?$/, "")}/hub/user-redirect/git-pull?${query}`;
}

function show() {
  const link = hubLink(Object.fromEntries([...new FormData(form)].map(([name, text]) => [name, text.trim()])));
  const anchor = Object.assign(document.createElement("a"), { href: link, textContent: link });
  result.replaceChildren(link ? anchor : "Fill in the first two lines.");
}

const meta = document.querySelector("meta[name=repository]");
form.repo.value = meta?.content ?? "";
form.branch.value = meta?.dataset.branch ?? "main";
form.page.append(...notebooks().map(([path, title]) => new Option(title, path)));
form.addEventListener("input", show);
form.addEventListener("submit", (event) => event.preventDefault());
form.hidden = false;
show();

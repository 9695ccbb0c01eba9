"""Buttons that open a notebook on Binder and on Colab, where the repository's address is known.

The address stands in the environment and nowhere else: GitHub's CI sets the variables, and anyone may. Without
GITHUB_REPOSITORY there are no buttons.
"""

import os
from urllib.parse import quote

COLAB_BRANCH = "colab"  # the copies that tools/colab.py makes


def repository() -> tuple[str, str] | None:
    """The repository's address, as in https://github.com/OWNER/NAME, and its branch."""
    name = os.environ.get("GITHUB_REPOSITORY")
    server = os.environ.get("GITHUB_SERVER_URL", "https://github.com")
    return (f"{server}/{name}", os.environ.get("GITHUB_REF_NAME", "main")) if name else None


def binder_url(address: str, branch: str, path: str) -> str:
    """Open `path` in JupyterLab on mybinder.org."""
    on_github = address.startswith("https://github.com/")
    source = f"gh/{address.removeprefix('https://github.com/')}" if on_github else f"git/{quote(address, safe='')}"
    return f"https://mybinder.org/v2/{source}/{quote(branch, safe='')}?urlpath=lab/tree/{quote(path)}"


def colab_url(address: str, path: str) -> str:
    """Open the copy of `path` on Colab, which reads from github.com."""
    name = address.removeprefix("https://github.com/")
    return f"https://colab.research.google.com/github/{name}/blob/{COLAB_BRANCH}/{quote(path)}"


def button(text: str, url: str, icon: str) -> dict:
    return {"type": "link", "text": text, "tooltip": f"Open on {text}", "icon": f"_static/images/{icon}", "url": url}


def add_buttons(app, pagename, templatename, context, doctree):
    found = repository()
    if not found:
        return
    address, branch = found
    tag = f'<meta name="repository" content="{address}" data-branch="{branch}">'
    context["metatags"] = f"{context.get('metatags', '')}\n{tag}"
    if context.get("page_source_suffix") == ".ipynb":
        buttons = [button("Binder", binder_url(address, branch, f"{pagename}.ipynb"), "logo_binder.svg")]
        if address.startswith("https://github.com/"):
            buttons.append(button("Colab", colab_url(address, f"{pagename}.ipynb"), "logo_colab.png"))
        context["header_buttons"].insert(0, {"type": "group", "tooltip": "Run this page", "icon": "fas fa-rocket",
                                             "buttons": buttons, "label": "launch-buttons"})


def setup(app):
    app.connect("html-page-context", add_buttons, priority=502)  # after the theme has begun its list
    return {"parallel_read_safe": True, "parallel_write_safe": True}

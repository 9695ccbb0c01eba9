"""Buttons that open a notebook on Binder and on Colab, and a page's source to edit, where the repository is known."""

from html import escape
from urllib.parse import quote

from address import repository, web_address

COLAB_BRANCH = "colab"  # the copies that tools/colab.py makes
REMEDY = "Give GITHUB_SERVER_URL such an address, or unset GITHUB_REPOSITORY for pages without links."


def binder_url(address: str, branch: str, path: str) -> str:
    """Open `path` in JupyterLab on mybinder.org."""
    on_github = address.startswith("https://github.com/")
    source = f"gh/{address.removeprefix('https://github.com/')}" if on_github else f"git/{quote(address, safe='')}"
    return f"https://mybinder.org/v2/{source}/{quote(branch, safe='')}?urlpath=lab/tree/{quote(path)}"


def colab_url(address: str, path: str) -> str:
    """Open the copy of `path` on Colab, which reads from github.com."""
    name = address.removeprefix("https://github.com/")
    return f"https://colab.research.google.com/github/{name}/blob/{COLAB_BRANCH}/{quote(path)}"


def edit_url(address: str, branch: str, path: str) -> str | None:
    """Change `path` in the browser: GitHub's and GitLab's way; others have none that is known here."""
    host = address.split("/")[2]
    form = "{}/edit/{}/{}" if host == "github.com" else "{}/-/edit/{}/{}" if "gitlab" in host else None
    return form and form.format(address, quote(branch), quote(path))


def button(text: str, url: str, icon: str) -> dict:
    return {"type": "link", "text": text, "tooltip": f"Open on {text}", "icon": f"_static/images/{icon}", "url": url}


def add_buttons(app, pagename, templatename, context, doctree):
    found = repository()
    if not found:
        return
    address, branch = web_address(found[0], REMEDY), found[1]
    tag = f'<meta name="repository" content="{address}" data-branch="{escape(branch)}">'
    context["metatags"] = f"{context.get('metatags', '')}\n{tag}"
    suffix = context.get("page_source_suffix")
    if suffix and (url := edit_url(address, branch, f"{pagename}{suffix}")):
        context["header_buttons"].append({"type": "link", "text": "", "tooltip": "Edit this page", "url": url,
                                          "icon": "fas fa-pencil-alt", "label": "source-edit-button"})
    if suffix == ".ipynb":
        buttons = [button("Binder", binder_url(address, branch, f"{pagename}.ipynb"), "logo_binder.svg")]
        if address.startswith("https://github.com/"):
            buttons.append(button("Colab", colab_url(address, f"{pagename}.ipynb"), "logo_colab.png"))
        context["header_buttons"].insert(0, {"type": "group", "tooltip": "Run this page", "icon": "fas fa-rocket",
                                             "buttons": buttons, "label": "launch-buttons"})


def setup(app):
    app.connect("html-page-context", add_buttons, priority=502)  # after the theme has begun its list
    return {"parallel_read_safe": True, "parallel_write_safe": True}

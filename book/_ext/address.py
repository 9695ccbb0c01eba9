"""Where the repository and the published site are, as far as the build can know.

The addresses stand in the environment and nowhere else: GitHub's CI sets GITHUB_REPOSITORY, and anyone may. What needs
an address (launch buttons, "edit this page", the site's map) is left out where there is none.
"""

import os

from sphinx.errors import ExtensionError

OF_THE_WEB = "http://", "https://"


def repository() -> tuple[str, str] | None:
    """The repository's address, as in https://github.com/OWNER/NAME, and its branch."""
    name = os.environ.get("GITHUB_REPOSITORY")
    server = os.environ.get("GITHUB_SERVER_URL", "https://github.com")
    return (f"{server}/{name}", os.environ.get("GITHUB_REF_NAME", "main")) if name else None


def site() -> str | None:
    """The address of the published site, with a slash at its end: SITE_URL, or where GitHub Pages puts it.

    Raises ExtensionError if SITE_URL is no address of the web.
    """
    if url := os.environ.get("SITE_URL"):
        if not url.startswith(OF_THE_WEB):
            raise ExtensionError(f"SITE_URL is {url!r}; expected an address that begins with http:// or https://.")
        return url.rstrip("/") + "/"
    server, _, place = (repository() or ("", ""))[0].rpartition("github.com/")
    if not server.startswith("https://"):
        return None
    owner, name = place.lower().split("/")[0], place.split("/")[1]
    host = f"{owner}.github.io"
    return f"https://{host}/" if name.lower() == host else f"https://{host}/{name}/"

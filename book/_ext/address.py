"""Where the repository and the published site are, as far as the build can know.

The addresses stand in the environment and nowhere else: GitHub's CI sets GITHUB_REPOSITORY, and anyone may. What needs
an address (launch buttons, "edit this page", the site's map) is left out where there is none.
"""

import os
from urllib.parse import quote

from sphinx.errors import ExtensionError


def web_address(address: str, remedy: str) -> str:
    """The address as it may stand in a link, without signs that HTML reads as its own.

    Raises ExtensionError, which ends with the remedy, if the address begins neither with http:// nor with https://.
    """
    if not address.startswith(("http://", "https://")):
        raise ExtensionError(f"The address is {address!r}; a link needs http:// or https://. {remedy}")
    return quote(address, safe=":/%")


def repository() -> tuple[str, str] | None:
    """The repository's address, as in https://github.com/OWNER/NAME, and its branch."""
    name = os.environ.get("GITHUB_REPOSITORY")
    server = os.environ.get("GITHUB_SERVER_URL", "https://github.com")
    return (f"{server}/{name}", os.environ.get("GITHUB_REF_NAME", "main")) if name else None


def site() -> str | None:
    """The address of the published site, with a slash at its end: SITE_URL, or where GitHub Pages puts it.

    Raises ExtensionError if SITE_URL begins neither with http:// nor with https://.
    """
    if url := os.environ.get("SITE_URL"):
        return web_address(url, "Give SITE_URL such an address, or unset it.").rstrip("/") + "/"
    server, _, place = (repository() or ("", ""))[0].rpartition("github.com/")
    if not server.startswith("https://"):
        return None
    owner, name = place.lower().split("/")[0], place.split("/")[1]
    host = f"{owner}.github.io"
    return f"https://{host}/" if name.lower() == host else f"https://{host}/{name}/"

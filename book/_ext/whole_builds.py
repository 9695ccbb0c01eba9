"""A build that fails or is stopped leaves nothing that the next one takes for whole.

Sphinx stores each page that it has parsed, and what it warned of while parsing is not said again for a stored page: the
same build would fail first and pass when repeated. So a mark stands beside the stored pages until a build has ended
without a warning; a build that finds it parses all pages anew and forgets chapters that were stored by halves.

A second build of the same folder waits for the first (under make, which has the lock already, it need not).
"""

import os
import sys
from pathlib import Path

from jupyter_cache import get_cache

sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))
from alone import HELD, take
from cache import drop_damaged
from full_disk import remedy


def begin(app, config):
    if not os.environ.get(HELD):
        app.lock = take(Path(app.srcdir, "_build", ".lock"))  # until this process ends
    mark = mark_of(app)
    if mark.exists():
        Path(app.doctreedir, "environment.pickle").unlink(missing_ok=True)
        drop_damaged(get_cache(Path(app.outdir).parent / ".jupyter_cache"))
    mark.parent.mkdir(parents=True, exist_ok=True)
    mark.touch()


def end(app, exception):
    if said := remedy(exception):
        raise SystemExit(said)
    if exception is None and not app._warncount:
        mark_of(app).unlink()


def mark_of(app) -> Path:
    return Path(app.doctreedir, "unfinished")


def setup(app):
    app.connect("config-inited", begin)
    app.connect("build-finished", end, priority=999)  # after all that can still fail
    return {"parallel_read_safe": True, "parallel_write_safe": True}

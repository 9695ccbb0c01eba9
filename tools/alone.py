"""Run a command when no other build is at work in this folder; while one is, say so and wait.

Run: python tools/alone.py COMMAND...

The lock is the command's and its children's: it is free when the last of them has ended, in whatever way.
"""

import os
import sys
import time
from pathlib import Path
from typing import IO

try:
    import fcntl
except ImportError:  # Windows
    import msvcrt

HELD = "COURSE_ALONE"  # set where the lock is held already
LOCK = Path(__file__).resolve().parents[1] / "_build" / ".lock"


def is_free(file: IO) -> bool:
    """Take the lock if nobody has it. Where the file system knows no locks, nobody ever has."""
    try:
        if os.name == "nt":
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    except OSError:
        pass
    return True


def take(lock: Path = LOCK) -> IO:
    """Wait until the lock is free and take it; it is held as long as the file that this gives is open."""
    said = False
    while True:
        lock.parent.mkdir(exist_ok=True)
        file = lock.open("a")
        if is_free(file) and lock.exists() and os.path.samestat(os.fstat(file.fileno()), lock.stat()):
            return file
        file.close()  # held by another, or removed meanwhile by `make clean`
        if not said:
            print("Another build is at work in this folder: waiting for it to end.", flush=True)
            said = True
        time.sleep(0.2)


def main(command: list[str]) -> None:
    if not os.environ.get(HELD):
        lock = take()
        os.set_inheritable(lock.fileno(), True)
        os.environ[HELD] = "1"
    os.execvp(command[0], command)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit(130)

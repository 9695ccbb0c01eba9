"""Run a command where there is no network but this machine's own (localhost): in a Linux network namespace.

Run: python tools/offline.py COMMAND...

Where the system has no such thing or forbids it, the command runs with the network, after a line that says so.
What the command starts is in the namespace too: kernels, servers, browsers.
"""

import fcntl
import os
import socket
import struct
import subprocess
import sys

IN_NAMESPACE = "COURSE_OFFLINE"  # set inside, so that a test can ask
UNSHARE = ["unshare", "--user", "--map-root-user", "--net"]
SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 1


def allowed() -> bool:
    """Whether this user may make a network namespace here."""
    try:
        return subprocess.run([*UNSHARE, "true"], capture_output=True).returncode == 0
    except FileNotFoundError:
        return False


def bring_localhost_up() -> None:
    """`ip link set lo up`, without needing `ip`: a new namespace has its loopback device switched off."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as device:
        request = fcntl.ioctl(device, SIOCGIFFLAGS, struct.pack("16sh14x", b"lo", 0))
        flags = struct.unpack("16sh14x", request)[1] | IFF_UP
        fcntl.ioctl(device, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", flags))


def main(command: list[str]) -> None:
    if os.environ.get(IN_NAMESPACE):
        bring_localhost_up()
    elif allowed():
        os.environ[IN_NAMESPACE] = "1"
        command = [*UNSHARE, sys.executable, __file__, *command]
    else:
        print("offline: no network namespace can be made here; what follows runs with the network", flush=True)
    os.execvp(command[0], command)


if __name__ == "__main__":
    main(sys.argv[1:])

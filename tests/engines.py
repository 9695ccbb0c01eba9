"""Firefox and WebKit, through the protocols that they speak themselves: four words are all that the rehearsals need.

Firefox answers WebDriver BiDi on a socket of its own; WebKitGTK has a driver for the older WebDriver. Playwright, which
the other tests use, brings builds of its own for both, from a place that many networks do not reach.
"""

import contextlib
import itertools
import json
import shutil
import socket
import subprocess
import time
import urllib.request
from pathlib import Path

import websocket

KEYS = {"ArrowLeft": "\ue012", "ArrowUp": "\ue013", "ArrowRight": "\ue014", "ArrowDown": "\ue015", "Space": " "}
LIMIT = 120  # seconds that an answer may take
MINI_BROWSER = "usr/lib/*/webkit*gtk-*/MiniBrowser"


def program(*names: str) -> str:
    """The first of these programs that is installed."""
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        raise FileNotFoundError(f"none of {', '.join(names)} was found; install what tools/rehearse.py says")
    return found


def strokes(key: str) -> list[dict]:
    """A key pressed and released, as both protocols say it."""
    presses = [{"type": kind, "value": KEYS[key]} for kind in ("keyDown", "keyUp")]
    return [{"type": "key", "id": "keyboard", "actions": presses}]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def wait_for(ask):
    """What `ask` gives once the program that has begun is so far; its last error after that."""
    last = time.monotonic() + LIMIT
    while True:
        try:
            return ask()
        except (OSError, ValueError):  # nobody listens, no file, half a file
            if time.monotonic() > last:
                raise
            time.sleep(0.1)


class Firefox:
    """A headless Firefox with one page; `log` is what it says of its own accord: warnings and errors."""

    def __init__(self, folder: Path):
        command = [program("firefox-esr", "firefox"), "--headless", "--no-remote", "--profile", str(folder),
                   "--remote-debugging-port=0"]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        told = wait_for(lambda: json.loads((folder / "WebDriverBiDiServer.json").read_text()))
        address = f"ws://{told['ws_host']}:{told['ws_port']}/session"
        self.socket = websocket.create_connection(address, suppress_origin=True, timeout=LIMIT)
        self.numbers, self.log = itertools.count(1), []
        self.ask("session.new", capabilities={})
        self.ask("session.subscribe", events=["log.entryAdded"])
        self.page = self.ask("browsingContext.getTree")["contexts"][0]["context"]

    def ask(self, method: str, **params) -> dict:
        number = next(self.numbers)
        self.socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            told = json.loads(self.socket.recv())
            if told.get("method") == "log.entryAdded" and told["params"]["level"] in ("warn", "error"):
                self.log.append(told["params"]["text"])
            if told.get("id") == number:
                break
        if told["type"] == "error":
            raise RuntimeError(f"{method}: {told['message']}")
        return told["result"]

    def open(self, url: str) -> None:
        self.ask("browsingContext.navigate", context=self.page, url="about:blank", wait="complete")
        self.log.clear()  # with what the page before had not ended
        self.ask("browsingContext.navigate", context=self.page, url=url, wait="complete")

    def run(self, body: str):
        """What the body of an asynchronous JavaScript function returns in the page."""
        told = self.ask("script.callFunction", target={"context": self.page}, awaitPromise=True,
                        functionDeclaration=f"async () => JSON.stringify(await (async () => {{{body}}})() ?? null)")
        if told["type"] == "exception":
            raise RuntimeError(told["exceptionDetails"]["text"])
        return json.loads(told["result"]["value"])

    def press(self, key: str) -> None:
        self.ask("input.performActions", context=self.page, actions=strokes(key))

    def close(self) -> None:
        with contextlib.suppress(OSError, RuntimeError, websocket.WebSocketException):
            self.ask("browser.close")
        self.socket.close()
        end(self.process)


class WebKit:
    """WebKitGTK's small browser with one page; it needs a display (`xvfb-run`) and tells no `log`."""

    def __init__(self, folder: Path):
        self.log: list[str] = []
        port = free_port()
        self.address = f"http://127.0.0.1:{port}"
        self.process = subprocess.Popen([program("WebKitWebDriver"), f"--port={port}"], cwd=folder,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for(lambda: socket.create_connection(("127.0.0.1", port)).close())
        binary = next(Path("/").glob(MINI_BROWSER))
        wanted = {"webkitgtk:browserOptions": {"binary": str(binary), "args": ["--automation"]},
                  "timeouts": {"script": 1000 * LIMIT, "pageLoad": 1000 * LIMIT}}
        self.address += f"/session/{self.ask('session', capabilities={'alwaysMatch': wanted})['sessionId']}"

    def ask(self, path: str, method: str = "POST", **params):
        request = urllib.request.Request(f"{self.address}/{path}", json.dumps(params).encode(), method=method)
        try:
            with urllib.request.urlopen(request, timeout=LIMIT) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise RuntimeError(f"{path}: {json.load(error)['value']['message']}") from error

    def open(self, url: str) -> None:
        self.ask("url", url=url)

    def run(self, body: str):
        """What the body of an asynchronous JavaScript function returns in the page."""
        told = self.ask("execute/async", args=[], script=f"""
            const done = arguments[0];
            (async () => {{{body}}})().then((value) => done({{ value: JSON.stringify(value ?? null) }}),
                                            (error) => done({{ error: `${{error}}` }}));""")
        if "error" in told:
            raise RuntimeError(told["error"])
        return json.loads(told["value"])

    def press(self, key: str) -> None:
        self.ask("actions", actions=strokes(key))

    def close(self) -> None:
        with contextlib.suppress(OSError, RuntimeError):
            self.ask("", method="DELETE")
        end(self.process)


def end(process: subprocess.Popen) -> None:
    process.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(10)
    process.kill()
    process.wait()


ENGINES = {"firefox": Firefox, "webkit": WebKit}

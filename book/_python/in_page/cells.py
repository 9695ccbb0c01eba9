"""Runs the cells of a page one after the other in one namespace, as a notebook's kernel does."""

import ast
import builtins
import contextlib
import json
import linecache
import os
import sys
import types
import warnings
from collections.abc import Callable
from typing import Any

from in_page import errors, shown
from in_page.needs import picked
from in_page.packages import packages, read_files


class Stream:
    """Printed text on its way to the page: whole lines at once, and the rest when it is asked for."""

    encoding, errors = "utf-8", "strict"

    def __init__(self, name: str, send: Callable[[dict], None]):
        self.name, self.send, self.held = name, send, ""

    def write(self, text: str) -> int:
        self.held += text
        if "\n" in text or len(self.held) > 4000:
            self.flush()
        return len(text)

    def flush(self) -> None:
        if self.held:
            text, self.held = self.held, ""
            self.send({"output_type": "stream", "name": self.name, "text": text})

    def isatty(self) -> bool:
        return False


class Session:
    """One namespace for all cells of a page.

    Parameters
    ----------
    post : function of str, optional
        Takes each message to the page, as JSON; by default the worker's.
    """

    def __init__(self, post: Callable[[str], None] | None = None):
        if post is None:
            from course_page import post  # the worker registers it
        self.post, self.id, self.n = post, "", 0
        module = types.ModuleType("__main__")  # where pickles and dataclasses look names up
        sys.modules["__main__"] = module
        self.names = module.__dict__
        self.names.update(__builtins__=builtins, display=self.display)
        os.environ["MPLBACKEND"] = "module://in_page.figures"
        self.packages, self.read_files = packages, read_files
        # threadpoolctl 3.6 calls a function of Pyodide's by its old name; no reader can do anything about it.
        warnings.filterwarnings("ignore", message=r"JsProxy\.as_object_map")

    def needs(self, offer: str, source: str) -> str:
        """What of a chapter's offer has to run before a cell: it defines what is not there yet."""
        return picked(offer, source, set(self.names))

    def run(self, id: str, source: str, before: str = "") -> bool:
        """Run a cell; what it shows goes to the page under `id`. Gives whether it came to its end without an error."""
        self.id, self.n = id, self.n + 1
        streams = [Stream(name, self.output) for name in ("stdout", "stderr")]
        with contextlib.redirect_stdout(streams[0]), contextlib.redirect_stderr(streams[1]):
            try:
                exec(before, self.names)
                self.execute(source, f"<cell {self.n}>")
                shown.figures(self.output)
                return True
            except BaseException as error:  # SystemExit and KeyboardInterrupt, too, end the cell and not the session
                self.flush(streams)
                self.output(errors.told(error))
                return False
            finally:
                self.flush(streams)

    def execute(self, source: str, name: str) -> None:
        """All statements; the value of the last one is shown if it is an expression that no semicolon ends."""
        linecache.cache[name] = len(source), None, source.splitlines(keepends=True), name
        tree = ast.parse(source, name)
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, name, "exec"), self.names)
        if last is not None:
            value = eval(compile(ast.Expression(last.value), name, "eval"), self.names)
            if value is not None and not source.rstrip().endswith(";"):
                self.names["_"] = value
                self.show(value, "execute_result")

    def display(self, *values: Any) -> None:
        """What IPython calls so: show each value in its richest form, now."""
        for value in values:
            self.show(value, "display_data")

    def show(self, value: Any, kind: str) -> None:
        sys.stdout.flush()
        if place := shown.place(value):
            self.send({"type": "widget", "place": place})
            return
        more = {"execution_count": self.n} if kind == "execute_result" else {}
        self.output({"output_type": kind, "metadata": {}, "data": shown.data(value), **more})

    def output(self, output: dict) -> None:
        self.send({"type": "output", "output": output})

    def send(self, message: dict) -> None:
        self.post(json.dumps(message | {"id": self.id}, default=repr))

    @staticmethod
    def flush(streams: list[Stream]) -> None:
        for stream in streams:
            stream.flush()

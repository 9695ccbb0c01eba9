"""An error as the page shows it: the reader's own lines, what went wrong, and a sentence of advice."""

import traceback

NEEDS = ("Python in the page has NumPy, SciPy, pandas, Matplotlib, scikit-learn and the course's own helpers. For "
         "other packages, take the notebook to a computer: the page \"Setting up\" says how.")
ADVICE = {
    "NameError": "Did you run the cells above? They define the names that this one uses. Else look at the spelling.",
    "AttributeError": "What stands after the dot is not there. Look at its spelling, and at what stands before it.",
    "SyntaxError": "Python cannot read this line. Is a bracket, a quote or a colon missing before the mark?",
    "IndentationError": "The spaces at the beginning of a line do not fit those of the lines around it.",
    "ModuleNotFoundError": NEEDS,
    "MemoryError": "There is not enough memory in the page. Use fewer or smaller arrays; Stop gives all of it back.",
    "RecursionError": "A function calls itself without an end. Which condition should stop it?",
    "FileNotFoundError": "Python in the page cannot see the files of your computer, only those of the course.",
    "EOFError": "Nobody can type while a cell runs in the page. Write the value into the cell.",
    "SystemExit": "The cell asked Python to end. The session goes on.",
}
TRAINS = ("TensorFlow and Keras do not run in a browser. Open this chapter on Binder or Colab, or install the course: "
          "the page \"Setting up\" says how.")


def told(error: BaseException) -> dict:
    """The error as a notebook's output, with `advice` for a beginner, or ""."""
    words = f"{error.msg} (line {error.lineno})" if isinstance(error, SyntaxError) else str(error)
    return {"output_type": "error", "ename": type(error).__name__, "evalue": words,
            "traceback": lines(error), "advice": advice(error)}


def lines(error: BaseException) -> list[str]:
    """The traceback without what is not the reader's: only frames of cells are kept."""
    parts = traceback.TracebackException.from_exception(error, compact=True)
    own = [frame for frame in parts.stack if frame.filename.startswith("<cell ")]
    shown = [text for frame in own for text in placed(frame)]
    return [*shown, *"".join(parts.format_exception_only()).rstrip().split("\n")]


def placed(frame: traceback.FrameSummary) -> list[str]:
    where = f"line {frame.lineno}" if frame.name == "<module>" else f"line {frame.lineno}, in {frame.name}"
    return [where, f"    {frame.line}"]


def advice(error: BaseException) -> str:
    if isinstance(error, ModuleNotFoundError) and (error.name or "").split(".")[0] in ("keras", "tensorflow"):
        return TRAINS
    if isinstance(error, ValueError) and "is too big" in str(error):  # NumPy's word for more than 32 bits can count
        return ADVICE["MemoryError"]
    return next((ADVICE[kind.__name__] for kind in type(error).__mro__ if kind.__name__ in ADVICE), "")

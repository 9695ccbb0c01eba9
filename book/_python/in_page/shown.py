"""What a value looks like in the page: its richest form, as a notebook would show it."""

import base64
import io
import sys
from collections.abc import Callable
from typing import Any

FORMS = {"text/html": "_repr_html_", "text/markdown": "_repr_markdown_", "image/svg+xml": "_repr_svg_",
         "image/png": "_repr_png_", "image/jpeg": "_repr_jpeg_", "text/latex": "_repr_latex_"}


def data(value: Any) -> dict[str, str]:
    """The forms that a value has, by their MIME types; text is always among them."""
    found = {"text/plain": repr(value)}
    if isinstance(value, type):
        return found
    if bundle := call(value, "_repr_mimebundle_"):
        return found | (bundle[0] if isinstance(bundle, tuple) else bundle)
    if is_figure(value):
        return found | {"image/png": png(value)}
    forms = {kind: call(value, method) for kind, method in FORMS.items()}
    return found | {kind: as_text(form) for kind, form in forms.items() if form is not None}


def call(value: Any, method: str) -> Any:
    """What a method for showing gives; nothing where there is none, and where it does not know how."""
    try:
        return getattr(value, method)()
    except (AttributeError, NotImplementedError):
        return None


def as_text(form: str | bytes) -> str:
    return base64.b64encode(form).decode() if isinstance(form, bytes) else form


def is_figure(value: Any) -> bool:
    module = sys.modules.get("matplotlib.figure")
    return module is not None and isinstance(value, module.Figure)


def figures(output: Callable[[dict], None]) -> None:
    """Send every open figure of Matplotlib to the page and close it."""
    if "matplotlib.pyplot" in sys.modules:
        from matplotlib._pylab_helpers import Gcf

        for manager in Gcf.get_all_fig_managers():
            figure = manager.canvas.figure
            output({"output_type": "display_data", "metadata": {},
                    "data": {"text/plain": repr(figure), "image/png": png(figure)}})
        Gcf.destroy_all()


def png(figure) -> str:
    """A figure as a notebook shows it: cut to what is drawn."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", bbox_inches="tight", metadata={"Software": None})
    return base64.b64encode(buffer.getvalue()).decode()


def place(value: Any) -> dict | None:
    """What the page's own widgets need of a live figure; nothing of a value that is none."""
    widgets = sys.modules.get("ipywidgets")
    if widgets is None or not isinstance(value, widgets.Widget):
        return None
    from ipywidgets.embed import embed_data

    from helpers import widget_state

    state = embed_data(views=[value], drop_defaults=False)["manager_state"]
    return widget_state.place(widget_state.without_code(state), value.model_id)

"""Where a widget's output also carries a PNG, keep that PNG inside <noscript>."""

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

WIDGET = "application/vnd.jupyter.widget-view+json"
NOTE = "<p>This figure is interactive: turn JavaScript on to move it.</p></noscript>"


class WidgetFallback(SphinxPostTransform):
    default_priority = 3  # just before myst_nb's SelectMimeType, which keeps one part of each bundle
    formats = ("html",)

    def run(self, **kwargs):
        for bundle in list(self.document.findall(is_mime_bundle)):
            parts = {part["mime_type"]: part for part in bundle.children}
            if WIDGET in parts and "image/png" in parts:
                parts[WIDGET].extend([raw("<noscript>"), *parts["image/png"].children, raw(NOTE)])


def is_mime_bundle(node):
    return isinstance(node, nodes.container) and node.get("nb_element") == "mime_bundle"


def raw(html):
    return nodes.raw("", html, format="html")


def setup(app):
    app.add_post_transform(WidgetFallback)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

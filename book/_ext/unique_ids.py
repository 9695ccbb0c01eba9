"""An id stands once on a page: sphinx-exercise gives the same two to the content of all exercises and solutions."""

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform


class UniqueIds(SphinxPostTransform):
    default_priority = 900
    formats = ("html",)

    def run(self, **kwargs):
        seen = set()
        for node in self.document.findall(nodes.Element):
            node["ids"] = [name for name in node.get("ids", []) if name not in seen]
            seen.update(node["ids"])


def setup(app):
    app.add_post_transform(UniqueIds)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

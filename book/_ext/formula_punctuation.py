"""Keep the comma after a formula on the formula's line: browsers may break between the two."""

import re

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform


class FormulaPunctuation(SphinxPostTransform):
    default_priority = 900
    formats = ("html",)

    def run(self, **kwargs):
        for formula in list(self.document.findall(nodes.math)):
            text = formula.next_node(descend=False, siblings=True)
            found = isinstance(text, nodes.Text) and re.match(r"[.,;:?!)’”]+", text)
            if found:
                text.parent.replace(text, nodes.Text(text[found.end():]))
                formula.replace_self(together := nodes.inline(classes=["together"]))
                together += [formula, nodes.Text(found[0])]


def setup(app):
    app.add_post_transform(FormulaPunctuation)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

"""The landing page's line about PDF and EPUB stands where both lie beside the site: PRINTED=yes says so."""

import os

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform


class Printed(SphinxPostTransform):
    default_priority = 5

    def run(self, **kwargs):
        if self.app.builder.name == "html" and os.environ.get("PRINTED") == "yes":
            return
        for line in list(self.document.findall(nodes.raw)):
            if 'class="printed"' in line.astext():
                line.parent.remove(line)


def setup(app):
    app.add_post_transform(Printed)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

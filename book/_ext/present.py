"""A button on each notebook's page that shows it as slides (book/_static/present.js)."""

BUTTON = {"type": "javascript", "javascript": "location.hash = 'slide'", "tooltip": "Present this page as slides",
          "icon": "fas fa-person-chalkboard", "label": "present-button", "classes": "pst-navbar-icon pst-js-only"}


def add_button(app, pagename, templatename, context, doctree):
    if context.get("page_source_suffix") == ".ipynb" and "header_buttons" in context:  # not in an e-book
        context["header_buttons"].append(dict(BUTTON))


def setup(app):
    app.connect("html-page-context", add_button, priority=502)  # after the theme has begun its list
    return {"parallel_read_safe": True, "parallel_write_safe": True}

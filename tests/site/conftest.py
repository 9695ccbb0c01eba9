"""The built site, served on localhost, and pages that watch what they ask for."""

import contextlib
import threading
from dataclasses import dataclass, field

import pytest
from support import PATIENCE, ROOT, skip_unless_ci, tool

SITE = ROOT / "_build" / "html"
PAGES = sorted(str(page.relative_to(SITE)) for page in SITE.glob("book/**/*.html")
               if page.stem != "12_report")  # it leads to the report's new address
WIDE, NARROW, NARROWEST = ({"width": 1280, "height": 900}, {"width": 390, "height": 844},
                           {"width": 320, "height": 640})
TWO_FRAMES = "() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))"
# Colours change by and by.
AT_REST = f"""({TWO_FRAMES})().then(() => Promise.race([
    new Promise((go) => setTimeout(go, 3000)),  // some animations never end, or are held where nobody sees them
    Promise.allSettled(document.getAnimations().map((one) => one.finished))]))"""
ALIVE = """() => document.querySelectorAll(".explorer-view[data-values]").length
    >= document.querySelectorAll(".figure-place").length
  && [...document.querySelectorAll(".explorer [role=slider]")].every((handle) => handle.hasAttribute("aria-label"))"""


@pytest.fixture(scope="session")
def site_url():
    """The address of the built site."""
    if not (SITE / "index.html").exists():
        skip_unless_ci("the site is not built: run `make site` first (`make test` does)")
    with tool("serve").bind(SITE, 0) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@dataclass
class Watch:
    """What a page asked for and complained about."""

    off_site: list = field(default_factory=list)
    failed: list = field(default_factory=list)
    errors: list = field(default_factory=list)

    def attach(self, page, base):
        def route(handler):
            url = handler.request.url
            if url.startswith((base, "data:", "blob:", "file:")):
                return handler.continue_()
            self.off_site.append(url)
            return handler.abort()

        page.route("**/*", route)
        page.on("response", lambda answer: self.failed.append(answer.url) if answer.status >= 400 else None)
        page.on("console", lambda line: self.errors.append(f"{line.text} {line.location['url']}")
                if line.type == "error" else None)
        page.on("pageerror", lambda error: self.errors.append(str(error)))


@pytest.fixture
def open_page(browser, site_url):
    """Open a page of the site, everything off the site blocked; gives the page and its watch."""
    with contextlib.ExitStack() as stack:

        def opener(name, viewport=WIDE, **options):
            context = stack.enter_context(contextlib.closing(browser.new_context(viewport=viewport, **options)))
            page, watch = context.new_page(), Watch()
            watch.attach(page, site_url)
            page.goto(f"{site_url}/{name}")
            if options.get("java_script_enabled", True):
                wait_for_figures(page)
            return page, watch

        yield opener


def wait_for_figures(page):
    """Bring every live figure of the page, wherever it is; each has drawn itself and its controls have names."""
    page.wait_for_load_state("load")
    page.evaluate("course.all()")
    page.wait_for_function(ALIVE, timeout=PATIENCE)


def wait_until_it_stays(page, condition, arg=None):
    """Wait until JavaScript's `condition` has held for 20 frames one after the other."""
    page.wait_for_function(f"""(arg) => {{
        globalThis.held = ({condition})(arg) ? (globalThis.held ?? 0) + 1 : 0;
        return held >= 20;
    }}""", arg=arg, timeout=PATIENCE)
    page.evaluate("globalThis.held = 0")


def violations(page, **options):
    """What axe-core finds wrong on a page: the rules and the parts that break them."""
    source = ROOT / "node_modules" / "axe-core" / "axe.min.js"
    if not source.exists():
        skip_unless_ci("axe-core is not installed: run `make site` (npm puts it into node_modules)")
    if not page.evaluate("'axe' in globalThis"):
        page.evaluate("source => new Function('define', 'module', 'exports', source)()", source.read_text("utf-8"))
    result = page.evaluate("options => axe.run(document, options)", {"resultTypes": ["violations"], **options})
    return [(v["id"], [node["html"][:200] for node in v["nodes"]]) for v in result["violations"]]

"""What Sphinx is told: directives, nodes, the domain, the pages' looks, and when to read again."""

from collections.abc import Iterable
from pathlib import Path

from docutils.nodes import document
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.domains import Domain
from sphinx.environment import BuildEnvironment
from sphinx.util.typing import ExtensionMetadata

from .. import __version__
from . import nodes, report
from .builds import collector, epub, output, source_copies, unmasked
from .builds.errors import MaskErrors
from .builds.kept import code_version
from .config import DEFAULTS
from .directives.capture import CaptureDirective
from .directives.later import later
from .existing import in_place
from .flows import dump_files
from .library import captures
from .links.domain import OvsDomain, domain_of, warn_of_missing
from .view import links_of

ASSETS = Path(__file__).parent / "assets"


def setup(app: Sphinx) -> ExtensionMetadata:
    """Everything that Sphinx is told."""
    for name, (default, types) in DEFAULTS.items():
        app.add_config_value(name, default, "env", types)
    app.add_domain(OvsDomain)
    nodes.setup(app)
    in_place.setup(app)
    app.add_transform(MaskErrors)
    epub.setup(app)
    collector.setup(app)
    app.add_directive("ovs-capture", CaptureDirective)
    app.add_directive("ovs-topology", later("topology", "TopologyDirective"))
    app.add_directive("ovs-flows", later("flows", "FlowsDirective"))
    app.add_directive("ovs-diff", later("diff", "DiffDirective"))
    app.add_directive("ovs-pipeline", later("pipeline", "PipelineDirective"))
    app.add_directive("ovs-trace", later("trace", "TraceDirective"))
    # Before others write: what it removes is of earlier builds then.
    app.connect("builder-inited", unmasked.begin, priority=0)
    app.connect("builder-inited", _begin)
    app.connect("env-get-outdated", _outdated)
    app.connect("env-before-read-docs", _remember_pages)
    app.connect("doctree-read", _page_is_read)
    app.connect("env-updated", _pages_to_write)
    app.connect("env-check-consistency", _warn)
    app.connect("warn-missing-reference", _missing)
    # After every other handler: what these say of the copy is known then.
    app.connect("html-page-context", source_copies.copy_masked, priority=900)
    app.connect("build-finished", dump_files.write)
    app.connect("build-finished", output.end, priority=900)
    app.connect("build-finished", unmasked.end, priority=900)
    return {
        "version": __version__,
        "env_version": code_version(),
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }


def _begin(app: Sphinx) -> None:
    captures.open_library(app)
    domain_of(app.env).begin(app.builder)
    if app.builder.format == "html":
        app.config.html_static_path.append(str(ASSETS))
        app.add_css_file("ovs-picture.css")
        app.add_css_file("ovs-capture.css")
        if app.builder.name != "epub":
            app.add_js_file("ovs-capture.js", loading_method="defer")


def _outdated(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> list[str]:
    was_finished = output.begin(app)
    if unmasked.were(app, env) or not was_finished:
        return sorted(env.found_docs)
    captures.library(env).pages_gone = bool(removed)
    return captures.pages_with_other_files(env)


def _remember_pages(app: Sphinx, env: BuildEnvironment, docnames: Iterable[str]) -> None:
    captures.library(env).pages_read = sorted(docnames)


def _page_is_read(app: Sphinx, doctree: document) -> None:
    captures.library(app.env).page_is_read(app.env)
    views = (node["view"] for node in doctree.findall(nodes.ovs_view))
    links = (key for view in views for key in links_of(view))
    domain_of(app.env).note_links(app.env.docname, links)


def _pages_to_write(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Pages whose links lead elsewhere now, because another page changed."""
    if not (captures.library(env).pages_read or captures.library(env).pages_gone):
        return []
    return domain_of(env).pages_with_other_targets()


def _warn(app: Sphinx, env: BuildEnvironment) -> None:
    report.warn_of_captures(env, captures.library(env).pages_read)


def _missing(app: Sphinx, domain: Domain | None, node: pending_xref) -> bool | None:
    return warn_of_missing(domain, node)

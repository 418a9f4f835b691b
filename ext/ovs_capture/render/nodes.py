"""One node for everything that we show, and how each builder writes it.

``ovs_view`` holds a view (plain data, picklable) and, as children, what a builder without HTML
shows in its place. The HTML family writes the view itself, at write time, since links are relative
to the page that is written; the search index reads the children.
"""

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging

from ..printable import shown
from .flows.dump_files import raw_address
from .library.captures import library
from .links.domain import domain_of
from .markup import element
from .tokens import Page

logger = logging.getLogger(__name__)

# What writes a view in HTML, by the view's class: a module and its function. A build that writes
# one page loads what that page shows.
_WRITERS = {
    "CaptureView": ("capture.html", "capture_html"),
    "PictureView": ("pictures.physical", "picture_html"),
    "GraphView": ("pictures.table_graph", "graph_html"),
    "LogicalView": ("pictures.logical", "logical_html"),
    "TraceView": ("trace.html", "trace_html"),
    "DiffView": ("diff.html", "diff_html"),
}
_OF_FLOWS = ("flows.html", "flows_html")


class ovs_view(addnodes.translatable, nodes.General, nodes.Element):
    """A view in a page. ``view``: the data; ``classes``: the author's; children: the plain form.

    ``messages``: the author's own words, for the catalogues of the gettext builder. The directive
    has translated them when it makes the view.
    """

    def preserve_original_messages(self) -> None:
        """They are in ``messages`` from the beginning."""

    def apply_translated_message(self, original_message: str, translated_message: str) -> None:
        """The view is made of the translated words."""

    def extract_original_messages(self) -> Sequence[str]:
        messages: Sequence[str] = self.get("messages", ())
        return messages


class ovs_later(nodes.General, nodes.Element):
    """Stands where nodes will be that need the whole page: its captures explain each other.

    ``make``: makes the nodes; an attribute of the object, never of the document, and gone before
    the page is pickled.
    """

    make: Callable[[], Sequence[nodes.Node]]


class WholePage(SphinxTransform):
    """Replaces each ``ovs_later`` when the page has been read to its end."""

    default_priority = 100  # before names and references are resolved

    def apply(self, **kwargs: Any) -> None:
        for node in list(self.document.findall(ovs_later)):
            node.replace_self(list(node.make()))


def visit_html(self: Any, node: ovs_view) -> None:
    """Write the view; the children are for others."""
    view = node["view"]
    anchor = node["ids"][0] if node["ids"] else None
    classes = " ".join(node["classes"])
    # Names and targets before the block: each is a place that links lead to.
    self.body += [element("span", id=name) for name in node["ids"][1:]]
    page = _page(self)
    module, function = _WRITERS.get(type(view).__name__, _OF_FLOWS)
    write = getattr(import_module(f".{module}", __package__), function)
    self.body.append(write(view, page, anchor, classes))
    raise nodes.SkipNode


def _page(translator: Any) -> Page:
    """The state of the page that a translator writes; made at its first view."""
    page: Page | None = getattr(translator, "ovs_page", None)
    if page is None:
        page = translator.ovs_page = Page(
            lambda entity, anchor: _link(translator, entity, anchor),
            scripts=translator.builder.name != "epub",
            raw=lambda name: raw_address(translator.builder, translator.docnames[-1], name),
        )
    return page


def _link(translator: Any, entity: str, anchor: str) -> str | None:
    builder = translator.builder
    docname = translator.docnames[-1]
    place = domain_of(builder.env).place(entity, docname, anchor)
    if place is None:
        return None
    target, where = place
    if target == docname or builder.name == "singlehtml":
        return f"#{where}"
    return f"{builder.get_relative_uri(docname, target)}#{where}"


class PlainForm(SphinxPostTransform):
    """Builders without HTML write the children of a view instead of the view."""

    default_priority = 5  # before images and highlighting are looked at

    def run(self, **kwargs: Any) -> None:
        builder = library(self.env).builder
        # A gettext builder writes no page: it asks the view for its author's words.
        if builder.format == "html" or builder.name == "gettext":
            return
        # Only here: a page in HTML loads what it shows.
        from .pictures.logical import LogicalView, static_logical
        from .pictures.physical import PictureView, static_picture
        from .pictures.table_graph import GraphView, static_graph
        from .trace.plain import static_way
        from .trace.view import TraceView

        for node in list(self.document.findall(ovs_view)):
            view = node["view"]
            children = list(node.children)
            if isinstance(view, PictureView):
                children = [static_picture(view, builder, self.env.docname), *children]
            elif isinstance(view, GraphView):
                children = [static_graph(view, builder, self.env.docname), *children]
            elif isinstance(view, LogicalView):
                children = [static_logical(view, builder, self.env.docname), *children]
            elif isinstance(view, TraceView):
                children += static_way(view, builder, self.env.docname)
            children = [_printed(child) for child in children]
            if children and node["ids"]:
                target = nodes.target("", "", ids=node["ids"])
                children.insert(0, target)
            if children:
                node.replace_self(children)
            else:
                # What only a script fills (a filter) is nothing where none runs.
                node.parent.remove(node)


def _printed(node: nodes.Node) -> nodes.Node:
    """A node whose texts any builder can write: LaTeX and files hold no bytes that are no text."""
    if isinstance(node, nodes.Text):
        return nodes.Text(shown(node))
    for text in list(node.findall(nodes.Text)):
        if (printed := shown(text)) != text:
            text.parent.replace(text, nodes.Text(printed))
    for image in node.findall(nodes.image):
        image["alt"] = shown(image.get("alt", ""))
    return node


def setup(app: Sphinx) -> None:
    app.add_node(ovs_view, html=(visit_html, None), epub=(visit_html, None))
    app.add_transform(WholePage)
    app.add_post_transform(PlainForm)

"""``ovs-pipeline``: the graph of a bridge's tables."""

from collections.abc import Callable
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives

from .. import report
from ..captures import Unusable
from ..table_graph import graph_view
from . import OvsDirective, dump_of, graph_nodes
from .topology import width_of


class PipelineDirective(OvsDirective):
    """Which tables send packets to which, and where they end."""

    required_arguments = 1
    option_spec: ClassVar[dict[str, Callable[[str], Any]]] = {
        "alt": directives.unchanged_required,
        "width": directives.unchanged_required,
        "lang": directives.unchanged_required,
        "caption": directives.unchanged_required,
        "name": directives.unchanged,
        "class": directives.class_option,
    }

    def run(self) -> list[nodes.Node]:
        try:
            dump, place, _ = dump_of(self)
        except Unusable as problem:
            return self.refuse(problem)
        report.keep(self.env, self.library.diagnostics(place))
        for capture in dump.captures:
            report.keep(self.env, capture.parsed.diagnostics)
        view = graph_view(
            dump,
            place,
            language=self.language,
            alt=self.author("alt"),
            caption=self.author("caption"),
            width=width_of(self),
        )
        return graph_nodes(self, view, self.anchor("graph", place.key, dump.bridge or self.target))

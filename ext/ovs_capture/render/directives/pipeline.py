"""``ovs-pipeline``: the graph of a bridge's tables, or of the stages of logical flows."""

from collections.abc import Callable
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives

from ...subjects.listings import Listing
from .. import report
from ..library.captures import (
    Place,
    Unusable,
)
from ..pictures.table_graph import (
    graph_view,
    stage_graph_view,
)
from . import OvsDirective, dump_of
from .logical_flows import datapaths_of, listing_named
from .topology import width_of


class PipelineDirective(OvsDirective):
    """Which tables send packets to which, and where they end."""

    required_arguments = 1
    option_spec: ClassVar[dict[str, Callable[[str], Any]]] = {
        "datapath": directives.unchanged_required,
        "alt": directives.unchanged_required,
        "width": directives.unchanged_required,
        "lang": directives.unchanged_required,
        "caption": directives.unchanged_required,
        "name": directives.unchanged,
        "class": directives.class_option,
    }

    def run(self) -> list[nodes.Node]:
        try:
            if (found := listing_named(self)) is not None:
                return self._stages(*found)
            dump, place, _ = dump_of(self)
        except Unusable as problem:
            return self.refuse(problem)
        if "datapath" in self.options:
            self.warn_option("datapath", "it selects from a listing of logical flows")
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
        return [self.node(view, self.anchor("graph", place.key, dump.bridge or self.target))]

    def _stages(self, listing: Listing, place: Place) -> list[nodes.Node]:
        """The graph of a listing of logical flows."""
        report.keep(self.env, self.library.diagnostics(place))
        report.keep(self.env, listing.capture.parsed.diagnostics)
        view = stage_graph_view(
            listing,
            datapaths_of(self, listing),
            language=self.language,
            alt=self.options.get("alt", ""),
            caption=self.options.get("caption", ""),
            width=width_of(self),
        )
        return [self.node(view, self.anchor("graph", place.key, "logical-flows"))]

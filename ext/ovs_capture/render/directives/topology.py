"""``ovs-topology``: the picture of one or more hosts."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives

from ...diagnostic import Code
from ...diagram.compose import compose, unmatched
from ...diagram.scene import Scene
from ...diagram.since import SceneChanges, scene_changes
from ...diagram.turning import DIRECTIONS, Direction
from .. import report
from ..library.captures import PageHosts, Place, Unusable
from ..links.domain import TOLD
from ..pictures.logical import logical_view, network_of
from ..pictures.physical import picture_view
from . import OvsDirective

# What ``:collapse:`` says; without a value it asks for it.
_COLLAPSE: Mapping[str, bool | None] = {"": True, "always": True, "never": False, "auto": None}
_WIDTH = re.compile(r"\d+(\.\d+)?(px|%|em|rem)?")


class TopologyDirective(OvsDirective):
    """The picture of scenarios, hosts or, without argument, of the captures pasted in the page."""

    optional_arguments = 1
    option_spec: ClassVar[dict[str, Callable[[str], Any]]] = {
        "focus": directives.unchanged_required,
        "hide": directives.unchanged_required,
        "direction": directives.unchanged_required,
        "collapse": directives.unchanged,
        "alt": directives.unchanged_required,
        "width": directives.unchanged_required,
        "legend": directives.flag,
        "layer": directives.unchanged_required,
        "since": directives.unchanged_required,
        "lang": directives.unchanged_required,
        "caption": directives.unchanged_required,
        "name": directives.unchanged,
        "class": directives.class_option,
    }

    def run(self) -> list[nodes.Node]:
        if not self.target:
            return self.later(self._page)
        try:
            places = [p for t in self.target.split() for p in self.library.places(self.env, t)]
        except Unusable as problem:
            return self.refuse(problem)
        return self._picture(list({place.key: place for place in places}.values()))

    def _page(self, page: PageHosts) -> list[nodes.Node]:
        """The picture of the captures that the page itself holds."""
        if not any(place.network and place.network.captures for place in page.places):
            reason = "no scenario or host, and no capture pasted in the page"
            return self.refuse(Unusable(Code.TARGET, reason=reason))
        return self._picture(page.places)

    def _picture(self, places: Sequence[Place]) -> list[nodes.Node]:
        for place in places:
            report.keep(self.env, self.library.diagnostics(place))
        layer = self.options.get("layer", "physical")
        if layer == "logical":
            return self._logical(places)
        if layer != "physical":
            self.warn_option("layer", f"{layer!r} is not physical or logical")
        networks = [place.network for place in places if place.network is not None]
        chosen = {option: self._names(option) for option in ("focus", "hide")}
        for option, names in chosen.items():
            for name in unmatched(networks, names):
                self.warn(Code.OPTION_NO_MATCH, option=option, value=name)
        scene = compose(networks, **chosen, language=self.language)
        anchor = self.anchor("picture", self.target or "page")
        view = picture_view(
            scene,
            places,
            language=self.language,
            accepted=[pair for place in places for pair in self.library.judged(place).accepted],
            alt=self.author("alt"),
            caption=self.author("caption"),
            width=width_of(self),
            legend="legend" in self.options,
            direction=self._direction(),
            collapse=self._collapse(),
            since=self._since(scene, chosen),
        )
        for place in places:
            self.note_host(place, anchor, TOLD)
        return [self.node(view, anchor, [])]

    def _since(self, scene: Scene, chosen: Mapping[str, Sequence[str]]) -> SceneChanges | None:
        """What the picture of the earlier scenarios or hosts of ``:since:`` shows otherwise."""
        asked = self.options.get("since", "").split()
        try:
            places = [p for target in asked for p in self.library.places(self.env, target)]
        except Unusable as problem:
            self.warn(problem.code, **problem.args_of_code)
            return None
        if not places:
            return None
        networks = [place.network for place in places if place.network is not None]
        return scene_changes(compose(networks, **chosen, language=self.language), scene)

    def _direction(self) -> Direction:
        said = self.options.get("direction", "down")
        for direction in DIRECTIONS:
            if said == direction:
                return direction
        self.warn_option("direction", f"{said!r} is none of {', '.join(DIRECTIONS)}")
        return "down"

    def _collapse(self) -> bool | None:
        """Whether equal things are one box; None, and the picture decides, without the option."""
        said = self.options.get("collapse", "auto")
        if said not in _COLLAPSE:
            known = ", ".join(filter(None, _COLLAPSE))
            self.warn_option("collapse", f"{said!r} is none of {known}")
        return _COLLAPSE.get(said)

    def _logical(self, places: Sequence[Place]) -> list[nodes.Node]:
        """The picture of OVN's logical network."""
        for option in ("focus", "hide", "legend", "since"):
            if option in self.options:
                self.warn_option(option, "the logical layer has no such option")
        network = network_of(places)
        report.keep(self.env, network.diagnostics)
        view = logical_view(
            network,
            places,
            language=self.language,
            alt=self.author("alt"),
            caption=self.author("caption"),
            width=width_of(self),
        )
        if not view.scene.datapaths:
            reason = "no capture of OVN's databases"
            return self.refuse(Unusable(Code.TARGET, reason=reason))
        anchor = self.anchor("logical", self.target or "page")
        plain = [nodes.paragraph("", self.author("caption"))] if "caption" in self.options else []
        return [self.node(view, anchor, plain)]

    def _names(self, option: str) -> tuple[str, ...]:
        return tuple(filter(None, re.split(r"[\s,]+", self.options.get(option, ""))))


def width_of(directive: OvsDirective) -> str:
    """``:width:`` as CSS; "" when there is none or it is wrong."""
    width = str(directive.options.get("width", ""))
    if width and not _WIDTH.fullmatch(width):
        directive.warn_option("width", f"{width!r} is not a width like 480px or 80%")
        return ""
    return f"{width}px" if width.isdecimal() else width

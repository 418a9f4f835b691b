"""``ovs-diff``: what changed between two captures, hosts or scenarios."""

from collections.abc import Callable
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives

from ...diagnostic import Code
from ...subjects.changes import (
    Moment,
    compare,
)
from .. import report
from ..diff.page import (
    diff_view,
    moment_of,
)
from ..library.captures import (
    Place,
    Unusable,
)
from ..view import DiffView, plain
from . import OvsDirective


class DiffDirective(OvsDirective):
    """Two targets, the earlier first."""

    required_arguments = 1
    option_spec: ClassVar[dict[str, Callable[[str], Any]]] = {
        "lang": directives.unchanged_required,
        "caption": directives.unchanged_required,
        "name": directives.unchanged,
        "class": directives.class_option,
    }

    def run(self) -> list[nodes.Node]:
        targets = self.target.split()
        try:
            if len(targets) != 2:
                reason = f"ovs-diff compares two targets, {len(targets)} given"
                raise Unusable(Code.TARGET, reason=reason)
            before, after = (self._side(target) for target in targets)
        except Unusable as problem:
            return self.refuse(problem)
        files = any(self.library.path_of(target).is_file() for target in targets)
        diffs = compare(
            {name: one for name, (_, one) in before.items()},
            {name: one for name, (_, one) in after.items()},
            files=files,
        )
        view = diff_view(
            diffs,
            {name: place for name, (place, _) in before.items()},
            {name: place for name, (place, _) in after.items()},
            language=self.language,
            redact=self.library.settings.redact,
            caption=self.author("caption"),
        )
        return [self.node(view, self.anchor("diff", *targets), plain_diff(view))]

    def _side(self, target: str) -> dict[str, tuple[Place, Moment]]:
        """The hosts of one side by name. Raises Unusable."""
        path = self.library.path_of(target)
        if path.is_file():
            captures, place = self.library.captures(self.env, target)
            places = {path.name: (place, moment_of(captures, place))}
        else:
            places = {}
            for place in self.library.places(self.env, target):
                assert place.host is not None
                self.library.show_captures(self.env, place.host.captures)
                places[place.host.name] = (place, moment_of(place.host.captures, place))
        for place, one in places.values():
            report.keep(self.env, self.library.diagnostics(place))
            for capture in one.snapshot.captures:
                report.keep(self.env, capture.parsed.diagnostics)
        return places


def plain_diff(view: DiffView) -> list[nodes.Node]:
    """The changes as any builder can show them: lists of sentences."""
    found: list[nodes.Node] = [nodes.paragraph("", view.caption)] if view.caption else []
    found.append(nodes.paragraph("", plain(view.summary)))
    for host in view.hosts:
        if len(view.hosts) > 1:
            found.append(nodes.paragraph("", "", nodes.strong("", host.title)))
        found += [nodes.paragraph("", plain(words)) for words in (*host.lead, *host.notes)]
        for section in host.sections:
            found.append(nodes.paragraph("", f"{section.title} ({section.counts})"))
            items = nodes.bullet_list("")
            for entry in section.entries:
                words = [plain(entry.headline), *(plain(detail) for detail in entry.details)]
                items += nodes.list_item("", *(nodes.paragraph("", line) for line in words))
            found.append(items)
    return found

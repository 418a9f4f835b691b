"""The directives, one module each; what they share stands here."""

import gettext
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from functools import cached_property
from pathlib import Path
from typing import Any

from docutils import nodes
from myst_parser.mocking import MockState
from sphinx.util.docutils import SphinxDirective
from sphinx.util.i18n import docname_to_domain

from ...diagnostic import Code
from ...explain.identity import entity_of_name
from ...source import decode
from ...subjects.dumps import Choice, Dump, choose, dump_of_capture
from ...translation import LANGUAGES, Translator
from .. import report, wording
from ..library.captures import Library, PageHosts, Place, Unusable, library
from ..links.domain import Mention, OvsDomain, domain_of
from ..links.objects import Known
from ..nodes import ovs_later, ovs_view
from ..option_place import option_place
from ..view import Tip

# Options that hold an author's words.
AUTHORS = ("caption", "alt")


class OvsDirective(SphinxDirective):
    """A directive that reads captures. Nothing that an author writes makes it raise."""

    final_argument_whitespace = True

    @property
    def library(self) -> Library:
        return library(self.env)

    @property
    def domain(self) -> OvsDomain:
        return domain_of(self.env)

    @property
    def target(self) -> str:
        return self.arguments[0].strip() if self.arguments else ""

    @cached_property
    def language(self) -> str:
        """``:lang:``, else the document's language where we speak it, else English."""
        asked = self.options.get("lang")
        if asked is not None and asked not in LANGUAGES:
            self.warn_option("lang", f"{asked!r} is not {' or '.join(LANGUAGES)}")
            asked = None
        return Translator(asked or self.config.language or "en").language

    @property
    def first_line(self) -> int:
        """The line of the page that the directive's content begins at, from 1."""
        # docutils counts from the page's first line, MyST-Parser from the fence.
        state: object = self.state
        before = self.lineno if isinstance(state, MockState) else 0
        return before + self.content_offset + 1

    def place_in_option(self, name: str, offset: int) -> str | None:
        """``PAGE:LINE:COLUMN`` of a character of an option's value; None where it is not found.

        ``offset``: in the value with one blank between two words.
        """
        page, line = self.get_source_info()
        try:
            lines = decode(Path(page).read_bytes()).split("\n")
        except (OSError, ValueError):
            return None
        found = option_place(lines, line, name, offset)
        return f"{page}:{found[0]}:{found[1]}" if found else None

    def warn(self, code: Code, *, where: object = None, **args: object) -> str:
        """``where``: a more exact place than the directive's line."""
        return report.warn(code, str(where) if where else self.get_location(), **args)

    def warn_option(self, option: str, reason: str) -> None:
        self.warn(Code.OPTION, option=option, reason=reason)

    def refuse(self, problem: Unusable) -> list[nodes.Node]:
        """A warning, and a note in the page where the captures would stand."""
        reason = self.warn(problem.code, **problem.args_of_code)
        say = Translator(self.language)
        words = say.text(wording.saying(wording.UNREADABLE, reason=reason))
        return [nodes.warning("", nodes.paragraph("", words), classes=["ovs-unreadable"])]

    def anchor(self, *words: str) -> str:
        """An id that stays while the page's other captures come and go."""
        return self.unique(nodes.make_id("-".join(("ovs", self.env.docname, *words))))

    def unique(self, base: str) -> str:
        """``base``, with a number where the page has it already.

        What was given counts, also where it only begins ids. Two hyphens, which docutils never
        writes: ``base-2`` may be the second line of a capture.
        """
        kept: Any = self.env.temp_data
        given: set[str] = kept.setdefault("ovs_anchors", set())
        anchor, number = base, 1
        while anchor in given or anchor in self.state.document.ids:
            number += 1
            anchor = f"{base}--{number}"
        given.add(anchor)
        return anchor

    def node(self, view: object, anchor: str, plain: Sequence[nodes.Node] = ()) -> ovs_view:
        """The node of a view, with the author's name and classes."""
        node = ovs_view("", *plain, view=view, ids=[anchor], classes=self.options.get("class", []))
        node["messages"] = [self.options[one] for one in AUTHORS if self.options.get(one)]
        self.set_source_info(node)
        self.state.document.set_id(node)
        self.add_name(node)
        return node

    def author(self, option: str) -> str:
        """What the author says as an option; where the page has a catalogue, as told there."""
        said: str = self.options.get(option, "")
        if not said:
            return ""
        domain = docname_to_domain(self.env.docname, self.config.gettext_compact)
        for folder in self.config.locale_dirs:
            place = str(Path(self.env.srcdir, folder))
            catalogue = gettext.translation(domain, place, [self.config.language], fallback=True)
            if (words := catalogue.gettext(said)) != said:
                return words
        return said

    def later(self, make: Callable[[PageHosts], Sequence[nodes.Node]]) -> list[nodes.Node]:
        """What needs all captures pasted in the page, also those that follow."""
        node = ovs_later()
        document, docname = self.state.document, self.env.docname

        def made() -> Sequence[nodes.Node]:
            title = next((one.astext() for one in document.findall(nodes.title)), "")
            return make(self.library.page(docname, title))

        node.make = made
        return [node]

    def note_mentions(self, mentions: Sequence[Mention]) -> None:
        self.domain.note_mentions(self.env.docname, mentions)

    def note_known(
        self, tips: Iterable[Tip], place: Place, captured: Mapping[str, Set[str]]
    ) -> None:
        """What this page calls entities; ``captured``: those of a host's captures, as printed."""
        self.domain.note_known(self.env.docname, known_of(tips, place, captured))

    def note_host(self, place: Place, anchor: str, rank: int) -> None:
        """A host is told where its captures are, and best in its picture."""
        if place.host is None:
            return
        entity = entity_of_name("host", place.key, place.network)
        if entity is not None:
            self.note_mentions([Mention(entity.key, anchor, rank)])


def known_of(
    tips: Iterable[Tip], place: Place, captured: Mapping[str, Set[str]]
) -> dict[str, Known]:
    """What entities are called; ``captured``: those of a host's captures, as printed."""
    return {
        tip.entity: Known(
            tip.name.kind,
            tip.name.text,
            tuple(sorted(captured.get(tip.entity, ()))),
            (place.key,) if tip.entity in captured else (),
        )
        for tip in tips
    }


def dump_of(directive: OvsDirective) -> tuple[Dump, Place, Choice | None]:
    """The flows that a directive's argument means, ``HOST:BRIDGE`` or a path; raises Unusable.

    The choice says what else the file held, where the argument is a path.
    """
    host_key, colon, bridge = directive.target.rpartition(":")
    if colon and directive.library.is_host(host_key):
        place = directive.library.place(directive.env, host_key, joined=False)
        directive.library.use_host(place)
        dumps = directive.library.dumps(place)
        if bridge not in dumps:
            known = ", ".join(dumps) or "none"
            reason = f"no flows of {bridge!r} in {host_key}; there are those of: {known}"
            raise Unusable(Code.TARGET, reason=reason)
        directive.library.show_captures(directive.env, dumps[bridge].captures)
        return dumps[bridge], place, None
    captures, place = directive.library.captures(directive.env, directive.target, joined=False)
    directive.library.use_host(place)
    assert place.host is not None
    choice = choose(captures, place.network)
    if choice is None:
        raise Unusable(Code.TARGET, reason=f"{directive.target!r} holds no flows")
    asked = place.host.hints.pipeline
    dump = dump_of_capture(choice.capture, place.host.captures, place.network, asked)
    return dump, place, choice


GRAPH = ("show", "hide")


def asks_graph(directive: OvsDirective) -> bool:
    """Does ``:graph:`` want the graph in a page of flows? It does where it says nothing."""
    asked = directive.options.get("graph", "show")
    if asked not in GRAPH:
        directive.warn_option("graph", f"{asked!r} is none of {', '.join(GRAPH)}")
    return bool(asked != "hide")

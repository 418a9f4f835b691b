"""Domain ``ovs``: where on the site each entity is told.

Lives here: which entries of which pages name an entity, and the choice of the one that a token
links to. Also what the pages need to be read again and to warn once: the folders that they read,
the diagnostics of the captures that they show.
"""

import json
from collections.abc import Iterable, Iterator, Set
from hashlib import sha256
from typing import Any, ClassVar, NamedTuple

from docutils.nodes import Element, reference
from sphinx.addnodes import pending_xref
from sphinx.builders import Builder
from sphinx.domains import Domain, ObjType
from sphinx.environment import BuildEnvironment

# How good a place is to link to: where the thing itself is told, or where it is only named.
TOLD, NAMED = 0, 1
# Added for what stands in a fold: any place in the open is better.
FOLDED = 2


class Mention(NamedTuple):
    """One entry that names an entity."""

    entity: str
    anchor: str
    rank: int


class Warned(NamedTuple):
    """A diagnostic of a capture, as it will be warned of: ``file:line:column``, words, subtype."""

    location: str
    message: str
    subtype: str


class OvsDomain(Domain):
    """Entities, their mentions, and what each page read."""

    name = "ovs"
    label = "Open vSwitch captures"
    object_types = {"entity": ObjType("entity")}  # noqa: RUF012  # declared so by Sphinx
    initial_data: ClassVar[dict[str, Any]] = {
        part: {} for part in ("mentions", "warned", "folders", "targets", "secrets", "dumps")
    }
    data_version = 3

    _by_entity: dict[str, "_Places"] | None = None

    def note_mentions(self, docname: str, mentions: Iterable[Mention]) -> None:
        self.data["mentions"].setdefault(docname, []).extend(mentions)
        self._by_entity = None

    def note_warned(self, docname: str, warned: Iterable[Warned]) -> None:
        known = self.data["warned"].setdefault(docname, [])
        known.extend(one for one in warned if one not in known)

    def note_folder(self, docname: str, folder: str, names: tuple[str, ...]) -> None:
        """A page depends on which files a folder has; a changed file is Sphinx's own matter."""
        self.data["folders"].setdefault(docname, {})[folder] = names

    def note_secrets(self, docname: str, lines: tuple[int, int]) -> None:
        """A page has secrets between these lines of its own source."""
        self.data["secrets"].setdefault(docname, []).append(lines)

    def clear_doc(self, docname: str) -> None:
        for part in self.data.values():
            if isinstance(part, dict):
                part.pop(docname, None)
        self._by_entity = None

    def merge_domaindata(self, docnames: Set[str], otherdata: dict[str, Any]) -> None:
        for part in self.initial_data:
            for docname in sorted(docnames):
                if docname in otherdata[part]:
                    self.data[part][docname] = otherdata[part][docname]
        self._by_entity = None

    def get_objects(self) -> Iterator[tuple[str, str, str, str, str, int]]:
        for entity, places in sorted(self._index().items()):
            docname, (rank, anchor) = places.pages[0]
            if rank == TOLD:
                # -1: in objects.inv, not among the results of the page's search.
                yield entity, entity, "entity", docname, anchor, -1

    def resolve_any_xref(
        self,
        env: BuildEnvironment,
        fromdocname: str,
        builder: Builder,
        target: str,
        node: pending_xref,
        contnode: Element,
    ) -> list[tuple[str, reference]]:
        """Nothing: what ``any`` or a Markdown link names is never an entity of a capture."""
        return []

    def place(self, entity: str, docname: str, anchor: str) -> tuple[str, str] | None:
        """``(docname, anchor)`` of the best other place: this page's first, told before named."""
        places = self._index().get(entity)
        if places is None:
            return None
        for _, where in places.on_page.get(docname, ()):
            if where != anchor:
                return docname, where
        return next(((page, where) for page, (_, where) in places.pages if page != docname), None)

    def _index(self) -> dict[str, "_Places"]:
        if self._by_entity is None:
            found: dict[str, dict[str, list[tuple[int, str]]]] = {}
            for docname in sorted(self.data["mentions"]):
                for mention in self.data["mentions"][docname]:
                    pages = found.setdefault(mention.entity, {})
                    pages.setdefault(docname, []).append((mention.rank, mention.anchor))
            self._by_entity = {entity: _Places.of(pages) for entity, pages in found.items()}
        return self._by_entity

    def pages_with_other_targets(self) -> list[str]:
        """Pages whose links lead elsewhere than when they were written; the new places are kept."""
        changed = []
        for docname in sorted(self.data["mentions"]):
            pairs = {(m.entity, m.anchor) for m in self.data["mentions"][docname]}
            places = [(*pair, self.place(pair[0], docname, pair[1])) for pair in sorted(pairs)]
            digest = sha256(json.dumps(places).encode("utf-8", "surrogatepass")).hexdigest()
            if self.data["targets"].get(docname) != digest:
                self.data["targets"][docname] = digest
                changed.append(docname)
        return changed


class _Places(NamedTuple):
    """The places of one entity that a link may need: a page asks for every token.

    ``on_page``: the best two ``(rank, anchor)`` of each page, since one may be the asker's own.
    ``pages``: the best two pages, each with its best place.
    """

    on_page: dict[str, list[tuple[int, str]]]
    pages: list[tuple[str, tuple[int, str]]]

    @classmethod
    def of(cls, found: dict[str, list[tuple[int, str]]]) -> "_Places":
        on_page = {page: _best_two(places) for page, places in found.items()}
        pages = sorted(on_page.items(), key=lambda item: (item[1][0][0], item[0]))
        return cls(on_page, [(page, places[0]) for page, places in pages[:2]])


def _best_two(places: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """By rank, else in order of the page; two entries, not one twice."""
    by_anchor: dict[str, int] = {}
    for rank, anchor in places:
        by_anchor[anchor] = min(rank, by_anchor.get(anchor, rank))
    ordered = sorted(by_anchor.items(), key=lambda item: item[1])
    return [(rank, anchor) for anchor, rank in ordered[:2]]

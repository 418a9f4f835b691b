"""Domain ``ovs``: where on the site each entity is told.

Lives here: which entries of which pages name an entity, and the choice of the one that a token, a
role or another site links to. Also what the pages need to be read again and to warn once: the
folders that they read, the diagnostics of the captures that they show.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Set
from hashlib import sha256
from typing import Any, ClassVar, NamedTuple

from docutils import nodes
from docutils.nodes import Element
from sphinx.addnodes import pending_xref
from sphinx.builders import Builder
from sphinx.domains import Domain, ObjType
from sphinx.environment import BuildEnvironment
from sphinx.errors import NoUri
from sphinx.util import logging
from sphinx.util.nodes import make_refnode

from ...diagnostic import WORDING, Code
from ...printable import one_line
from ...translation import Translator
from ..library.asked import Asked
from ..library.file_state import FileState
from .objects import MEANT, Known, Thing, Things
from .references import WORDS, ThingIndex, ThingRole, index_in

logger = logging.getLogger(__name__)

# How good a place is to link to: where the thing itself is told, or where it is only named.
TOLD, NAMED = 0, 1
# One line of objects.inv, as Sphinx reads it (sphinx/util/inventory.py): a captured name with
# blanks could hold a type, a number and an address of its own, to which other sites would link.
_INVENTORY = re.compile(r"(.+?)\s+(\S+)\s+(-?\d+)\s+?(\S*)\s+(.*)")
# Added for what stands in a fold: any place in the open is better.
FOLDED = 2


# An entry as a place: how good, and its anchor.
Ranked = tuple[int, str]


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
    # Each type with the roles that may mean it: what intersphinx looks for in another site.
    object_types = {  # noqa: RUF012  # declared so by Sphinx
        type_: ObjType(type_, *(role for role, meant in MEANT.items() if type_ in meant))
        for type_ in WORDS
    }
    roles = {role: ThingRole(warn_dangling=True) for role in MEANT}  # noqa: RUF012
    indices = [ThingIndex]  # noqa: RUF012
    initial_data: ClassVar[dict[str, Any]] = {
        part: {}
        for part in (
            "mentions", "links", "known", "roles", "warned", "folders", "files", "joined", "asked",
            "awaited", "targets", "secrets", "dumps",
        )
    }  # fmt: skip
    data_version = 8
    # Do the pages have the entries' anchors? Set when a build begins.
    writes_html = True

    _by_entity: dict[str, "_Places"] | None = None
    _things: Things | None = None
    _objects: tuple[tuple[str, str, str, str, str, int], ...] | None = None

    def begin(self, builder: Builder) -> None:
        """A build begins. Only now is the language known, in which the index has its title."""
        self.writes_html = builder.format == "html"
        index = index_in(Translator(self.env.config.language or "en"))
        self.indices = [index]  # type: ignore[misc]  # of this site, not of every site
        std = self.env.domains.standard_domain
        std.note_hyperlink_target("ovs-index", "ovs-index", "", index.localname)

    def get_type_name(self, type: ObjType, primary: bool = False) -> str:
        """What the results of a search call a thing."""
        said: str = Translator(self.env.config.language or "en").text(WORDS[str(type.lname)][0])
        return said

    def note_mentions(self, docname: str, mentions: Iterable[Mention]) -> None:
        """Which entries of a page name an entity: the best two are kept, one may be the asker's.

        A site has tens of thousands, which each build loads: plain tuples cost least.
        """
        here: dict[str, tuple[Ranked, ...]] = self.data["mentions"].setdefault(docname, {})
        more: dict[str, list[Ranked]] = {}
        for mention in mentions:
            more.setdefault(mention.entity, []).append((mention.rank, mention.anchor))
        for entity, places in more.items():
            here[entity] = _best_two((*here.get(entity, ()), *places))
        self._by_entity = None

    def note_links(self, docname: str, entities: Iterable[str]) -> None:
        """All that a page may link to, beside what its entries name: sentences name more."""
        more = set(entities).difference(self.data["mentions"].get(docname, ()))
        if more:
            self.data["links"][docname] = tuple(sorted(more))

    def note_known(self, docname: str, known: Mapping[str, Known]) -> None:
        """What a page calls the entities that it mentions."""
        here = self.data["known"].setdefault(docname, {})
        for entity, told in known.items():
            here[entity] = told.with_other(here[entity]) if entity in here else told
        self._by_entity = None

    def note_warned(self, docname: str, warned: Iterable[Warned]) -> None:
        known = self.data["warned"].setdefault(docname, [])
        known.extend(one for one in warned if one not in known)

    def note_folder(self, docname: str, folder: str, names: tuple[str, ...]) -> None:
        """A page depends on which files a folder has."""
        self.data["folders"].setdefault(docname, {})[folder] = names

    def note_awaited(self, docname: str, folder: str, names: tuple[str, ...]) -> None:
        """A page asked for something that this folder, or one below it, has not."""
        self.data["awaited"].setdefault(docname, {})[folder] = names

    def note_file(self, docname: str, file: str, stamp: tuple[int, int] | None) -> None:
        """A page shows a file as it was at ``stamp``, which may be before Sphinx read the page."""
        self.data["files"].setdefault(docname, {})[file] = stamp

    def note_joined(self, docname: str, folder: str, states: tuple[FileState, ...]) -> None:
        """A page is made of what the files of a host or scenario mean together."""
        self.data["joined"].setdefault(docname, {})[folder] = states

    def note_asked(self, docname: str, folder: str, asked: Asked) -> None:
        """What a page asked of that host or scenario is all that it knows of it."""
        self.data["asked"].setdefault(docname, {})[folder] = asked

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
        """Readable names only: each thing's own ones, so that no name means two things.

        A search of the site finds a thing by its first name, a guest by any: priority 1. The others
        are for other sites, which find them in ``objects.inv``: -1. Numbers of tables would be
        found in every query. A name that would be read as another entry is left out.
        """
        index = self._index()
        if self._objects is None:
            self._objects = tuple(self._found_objects(index))
        yield from self._objects

    def _found_objects(
        self, index: Mapping[str, "_Places"]
    ) -> Iterator[tuple[str, str, str, str, str, int]]:
        for thing in self.things.all:
            docname, (_, anchor) = index[thing.entity].pages[0]
            for number, name in enumerate(self.things.own_names(thing)):
                found = thing.type != "table" and (number == 0 or thing.type == "guest")
                name = one_line(name)
                entry = _INVENTORY.match(f"{name} ovs:{thing.type} 1 {docname} -")
                if entry is None or entry[1] != name:
                    continue
                yield name, name, thing.type, docname, anchor, 1 if found else -1

    @property
    def things(self) -> Things:
        """Everything that the pages mention, by its names."""
        if self._by_entity is None or self._things is None:
            known: dict[str, Known | None] = dict.fromkeys(self._index())
            for docname in sorted(self.data["known"]):
                for entity, told in self.data["known"][docname].items():
                    before = known.get(entity)
                    if entity in known:
                        known[entity] = told.with_other(before) if before else told
            self._things = Things(known)
        return self._things

    def pages_of(self, entity: str) -> list[tuple[str, str]]:
        """``(docname, anchor)`` of the best place on each page, the best page first."""
        places = self._index().get(entity)
        if places is None:
            return []
        best = sorted((ranked[0][0], page) for page, ranked in places.on_page.items())
        return [(page, places.on_page[page][0][1]) for _, page in best]

    def resolve_xref(
        self,
        env: BuildEnvironment,
        fromdocname: str,
        builder: Builder,
        typ: str,
        target: str,
        node: pending_xref,
        contnode: Element,
    ) -> nodes.reference | None:
        """The best place of what a role means; of two things none, and a warning that names them.

        None where nothing has the name: then another site is asked, and at last it is warned of.
        """
        found = self.things.meant(typ, target)
        if len(found) > 1:
            _warn_of_role(node, Code.REFERENCE_AMBIGUOUS, names=", ".join(t.whole for t in found))
            raise NoUri(target)  # Sphinx then writes the name, and asks nobody else
        return self._reference(found[0], fromdocname, builder, contnode) if found else None

    def resolve_any_xref(
        self,
        env: BuildEnvironment,
        fromdocname: str,
        builder: Builder,
        target: str,
        node: pending_xref,
        contnode: Element,
    ) -> list[tuple[str, nodes.reference]]:
        """Nothing: a site's ``any`` and Markdown links mean what they meant without captures."""
        return []

    def _reference(
        self, thing: Thing, fromdocname: str, builder: Builder, contnode: Element
    ) -> nodes.reference | None:
        place = self.place(thing.entity, fromdocname, "")
        if place is None:
            return None
        docname, anchor = place
        # Only HTML has an anchor for every entry; elsewhere the page is as near as one gets.
        where = anchor if builder.format == "html" else None
        return make_refnode(builder, fromdocname, docname, where, contnode, thing.whole)

    def place(self, entity: str, docname: str, anchor: str) -> tuple[str, str] | None:
        """``(docname, anchor)`` of the best other place: this page's first, told before named."""
        here, elsewhere = self._from(entity, docname)
        for _, where in here:
            if where != anchor:
                return docname, where
        return (elsewhere[0], elsewhere[1][1]) if elsewhere else None

    def _index(self) -> dict[str, "_Places"]:
        if self._by_entity is None:
            found: dict[str, dict[str, tuple[Ranked, ...]]] = {}
            for docname in sorted(self.data["mentions"]):
                for entity, places in self.data["mentions"][docname].items():
                    found.setdefault(entity, {})[docname] = places
            self._by_entity = {entity: _Places.of(on_page) for entity, on_page in found.items()}
            self._things = self._objects = None
        return self._by_entity

    def pages_with_other_targets(self) -> list[str]:
        """Pages whose links lead elsewhere than when they were written; the new places are kept."""
        changed = []
        for docname in sorted({*self.data["mentions"], *self.data["links"], *self.data["roles"]}):
            entities = {
                *self.data["mentions"].get(docname, ()),
                *self.data["links"].get(docname, ()),
            }
            for role in self.data["roles"].get(docname, ()):
                entities |= {thing.entity for thing in self.things.meant(*role)}
            places = [(entity, *self._from(entity, docname)) for entity in sorted(entities)]
            digest = sha256(repr(places).encode("utf-8", "surrogatepass")).hexdigest()
            if self.data["targets"].get(docname) != digest:
                self.data["targets"][docname] = digest
                changed.append(docname)
        return changed

    def _from(
        self, entity: str, docname: str
    ) -> tuple[tuple[Ranked, ...], tuple[str, Ranked] | None]:
        """Where links of a page to an entity may lead: on that page, and on the best other one."""
        places = self._index().get(entity)
        if places is None:
            return (), None
        elsewhere = next((one for one in places.pages if one[0] != docname), None)
        return places.on_page.get(docname, ()), elsewhere


def domain_of(env: BuildEnvironment) -> OvsDomain:
    """This domain of a site."""
    domain = env.domains[OvsDomain.name]
    assert isinstance(domain, OvsDomain)
    return domain


def warn_of_missing(domain: Domain | None, node: pending_xref) -> bool | None:
    """A role of ours that leads nowhere, in our words and with our subtype."""
    if not isinstance(domain, OvsDomain):
        return None
    _warn_of_role(node, Code.REFERENCE_NOT_FOUND)
    return True


def _warn_of_role(node: pending_xref, code: Code, **args: object) -> None:
    args |= {"role": f"ovs:{node['reftype']}", "target": node["reftarget"]}
    message = one_line(WORDING[code].text % args)
    logger.warning(message, type="ovs_capture", subtype=code.value, location=node)


class _Places(NamedTuple):
    """The places of one entity that a link may need: a page asks for every token.

    ``on_page``: the best two of each page. ``pages``: the best two pages, each with its best place.
    """

    on_page: dict[str, tuple[Ranked, ...]]
    pages: tuple[tuple[str, Ranked], ...]

    @classmethod
    def of(cls, on_page: dict[str, tuple[Ranked, ...]]) -> "_Places":
        pages = sorted(on_page.items(), key=lambda item: (item[1][0][0], item[0]))
        return cls(on_page, tuple((page, places[0]) for page, places in pages[:2]))


def _best_two(places: Iterable[Ranked]) -> tuple[Ranked, ...]:
    """By rank, else in order of the page; two entries, not one twice."""
    by_anchor: dict[str, int] = {}
    for rank, anchor in places:
        by_anchor[anchor] = min(rank, by_anchor.get(anchor, rank))
    ordered = sorted(by_anchor.items(), key=lambda item: item[1])
    return tuple((rank, anchor) for anchor, rank in ordered[:2])

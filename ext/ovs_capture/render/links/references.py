"""Roles that link to the things of captures, and the index that lists all of them.

Lives here: what Sphinx asks of a role and of an index. Does not live here: what a name means
(``objects``), where a thing is told (``domain``).
"""

from collections.abc import Iterable, Iterator
from typing import Protocol, cast

from docutils import nodes
from docutils.nodes import Element, Node
from sphinx.domains import Index, IndexEntry
from sphinx.environment import BuildEnvironment
from sphinx.roles import XRefRole

from ...explain.message import Message
from ...printable import one_line
from ...store import natural
from ...translation import Translator
from .objects import Thing, Things, normal

TITLE = Message("Index of devices and addresses")
SHORT = Message("devices")

# One thing of a type, in the results of a search; and the heading above all of them in the index.
WORDS = {
    "host": (Message("host"), Message("Hosts")),
    "bridge": (Message("bridge"), Message("Bridges")),
    "port": (Message("port or device"), Message("Ports and devices")),
    "guest": (Message("guest"), Message("Guests")),
    "namespace": (Message("namespace"), Message("Namespaces")),
    "mac": (Message("MAC address"), Message("MAC addresses")),
    "ip": (Message("IP address"), Message("IP addresses and networks")),
    "uuid": (Message("UUID"), Message("UUIDs")),
    "table": (Message("table"), Message("Tables")),
}
# The index tells tables on the pages of their bridges.
INDEXED = tuple(type_ for type_ in WORDS if type_ != "table")


class Site(Protocol):
    """What the index asks of the domain."""

    env: BuildEnvironment
    writes_html: bool

    @property
    def things(self) -> Things: ...
    def pages_of(self, entity: str) -> list[tuple[str, str]]: ...


class ThingRole(XRefRole):
    """``{ovs:port}`name```; ``~`` shows the name without the host before it."""

    def process_link(
        self,
        env: BuildEnvironment,
        refnode: Element,
        has_explicit_title: bool,
        title: str,
        target: str,
    ) -> tuple[str, str]:
        role = refnode["reftype"]
        if not has_explicit_title and title.startswith("~"):
            title, target = title[1:], target[1:]
            short = role not in ("mac", "ip")
            title = title.rpartition("/" if role == "host" else ":")[2] if short else title
        return title, normal(role, target)

    def result_nodes(
        self,
        document: nodes.document,
        env: BuildEnvironment,
        node: Element,
        is_ref: bool,
    ) -> tuple[list[Node], list[nodes.system_message]]:
        if is_ref:
            pair = (node["reftype"], node["reftarget"])
            env.domains["ovs"].data["roles"].setdefault(env.docname, []).append(pair)
        return [node], []


class ThingIndex(Index):
    """Every thing: on which hosts it was captured, and where it is told."""

    name = "index"
    localname = TITLE.msgid
    shortname = SHORT.msgid

    def generate(
        self, docnames: Iterable[str] | None = None
    ) -> tuple[list[tuple[str, list[IndexEntry]]], bool]:
        domain = cast(Site, self.domain)
        say = Translator(domain.env.config.language or "en")
        if not domain.writes_html:
            return [], False  # a printed index of every address would be longer than the manual
        only = None if docnames is None else set(docnames)
        groups: list[tuple[str, list[IndexEntry]]] = []
        for type_ in INDEXED:
            things = [thing for thing in domain.things.all if thing.type == type_]
            entries = [e for one in sorted(things, key=_order) for e in _entries(domain, one, only)]
            if entries:
                # Sphinx makes an id of the heading, which may hold no space.
                heading = say.text(WORDS[type_][1]).replace(" ", "\N{NO-BREAK SPACE}")
                groups.append((heading, entries))
        return groups, False


def index_in(say: Translator) -> type[Index]:
    """The index with its titles in a language: Sphinx takes them from the class."""
    titles = {"localname": say.text(TITLE), "shortname": say.text(SHORT)}
    return type(ThingIndex.__name__, (ThingIndex,), titles)


def _order(thing: Thing) -> tuple[object, ...]:
    name = natural(thing.name)
    return name, name if thing.whole == thing.name else natural(thing.whole)


def _entries(domain: Site, thing: Thing, only: set[str] | None) -> Iterator[IndexEntry]:
    """A line for the thing, and below it one for each further page that tells of it."""
    places = [one for one in domain.pages_of(thing.entity) if only is None or one[0] in only]
    titles = domain.env.titles
    for number, (docname, anchor) in enumerate(places):
        page = titles[docname].astext() if docname in titles else docname
        if number == 0:
            grouped = 1 if len(places) > 1 else 0
            where = ", ".join(thing.hosts)
            alone = domain.things.is_alone(thing)
            name = thing.name if alone else thing.whole
            yield IndexEntry(one_line(name), grouped, docname, anchor, where, "", page)
        else:
            yield IndexEntry(page, 2, docname, anchor, "", "", "")

"""The things of a site by the names that people give them.

Lives here: which readable names an entity has, which of them are its own alone, and what a name
means. Pure: entities come by their keys (``explain.identity``), with what the pages call them.

A name that two things have is told apart by what stands before it: ``scenario/host:eth0``,
``scenario/host/NAMESPACE:eth0``, ``GUEST:eth0``; a table by its bridge, ``br-int 60``.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from ...explain.identity import canonical_address

# The object type of each kind of entity that has a name of its own; a VLAN's number is none.
TYPES = {
    "host": "host",
    "bridge": "bridge",
    "device": "port",
    "table": "table",
    "mac": "mac",
    "address": "ip",
    "guest": "guest",
    "uuid": "uuid",
    "netns": "namespace",
    "namespace": "namespace",
}
# What a role may mean. A bridge has a port of its own name.
MEANT = {
    "host": ("host",),
    "bridge": ("bridge",),
    "port": ("port", "bridge"),
    "table": ("table",),
    "mac": ("mac",),
    "ip": ("ip",),
    "guest": ("guest",),
}


class Known(NamedTuple):
    """What a page calls an entity: its kind and best name, the words as captured, and on which
    hosts they were captured."""

    kind: str
    name: str
    aliases: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()

    def with_other(self, other: "Known") -> "Known":
        """Both, in an order that does not depend on which page was read first."""
        first, second = sorted((self, other))
        # A bridge is a device too, and only some of its captures say that it is one.
        best = second if second.kind == "bridge" else first
        aliases = tuple(sorted({*self.aliases, *other.aliases}))
        return Known(best.kind, best.name, aliases, tuple(sorted({*self.hosts, *other.hosts})))


@dataclass(frozen=True, slots=True)
class Thing:
    """An entity with its names. ``whole``: with what tells it apart, always its own alone.

    ``names``: all others, the best first.
    """

    entity: str
    type: str
    whole: str
    names: tuple[str, ...]
    hosts: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.names[0]

    @property
    def is_pasted(self) -> bool:
        """Whether only captures pasted in a page show it (``Library.page`` names such hosts)."""
        return self.whole.startswith("page/")


class Things:
    """All things that a site mentions."""

    def __init__(self, known: Mapping[str, Known | None]) -> None:
        found = (_thing(entity, known) for entity in sorted(known))
        self.all = tuple(thing for thing in found if thing is not None)
        self._by_name: dict[tuple[str, str], list[Thing]] = {}
        for thing in self.all:
            for name in dict.fromkeys((thing.whole, *thing.names, *_by_host_name(thing))):
                self._by_name.setdefault((thing.type, name), []).append(thing)

    def meant(self, role: str, target: str) -> tuple[Thing, ...]:
        """What ``target`` may mean: none, one, or several that only more words tell apart.

        What a scenario shows comes before what is pasted in a page, often the same thing again.
        """
        for type_ in MEANT.get(role, ()):
            if found := self._by_name.get((type_, normal(type_, target))):
                captured = [thing for thing in found if not thing.is_pasted]
                return tuple(captured or found)
        return ()

    def is_alone(self, thing: Thing) -> bool:
        """Does its name mean no other thing, those that are pasted in pages aside?"""
        named = self._by_name[thing.type, thing.name]
        if len(named) < 2 or thing.type not in MEANT:
            return True
        return sum(not one.is_pasted for one in named) == 1

    def own_names(self, thing: Thing) -> tuple[str, ...]:
        """The names of a thing that no other of its type has: the best first, ``whole`` last."""
        own = (n for n in thing.names if len(self._by_name[thing.type, n]) == 1)
        return tuple(dict.fromkeys((*own, thing.whole)))


def normal(type_: str, name: str) -> str:
    """A name as it is compared: addresses and MACs have several spellings."""
    name = " ".join(name.split())
    if type_ in ("mac", "uuid"):
        return name.lower()
    if type_ == "ip":
        return canonical_address(name) or name
    return name


def _thing(entity: str, known: Mapping[str, Known | None]) -> Thing | None:
    words = [_unescaped(word) for word in entity.split(" ")]
    if len(words) < 2:
        return None
    *scope, kind, last = words
    told = known[entity]
    type_ = TYPES.get(told.kind if told and told.kind in TYPES else kind)
    if type_ is None:
        return None
    if type_ == "table":
        if len(scope) != 2:
            return None
        host, bridge = scope
        names: tuple[str, ...] = (f"{bridge} {last}", last)
        return Thing(entity, type_, f"{host}:{bridge} {last}", names, (host,))
    if type_ == "host":
        return Thing(entity, type_, last, tuple(dict.fromkeys((last, last.rsplit("/", 1)[-1]))), ())
    best = told.name if told else last
    aliases = (told.aliases if told else ()) if type_ in ("guest", "port", "bridge") else ()
    spelled = (normal(type_, name) for name in (best, last, *aliases))
    names = tuple(dict.fromkeys(name for name in spelled if name))
    where = _scope_name(scope, known)
    whole = f"{where}:{names[0]}" if where else names[0]
    return Thing(entity, type_, whole, names, told.hosts if told else ())


def _scope_name(scope: list[str], known: Mapping[str, Known | None]) -> str:
    """``lab/node``, ``lab/node/qdhcp-1``, or the name of a guest, which is the same everywhere."""
    namespace = ""
    if len(scope) > 1 and scope[-2] == "netns":
        namespace = f"/{scope[-1]}"
        scope = scope[:-2]
    if len(scope) > 1 and scope[-2] == "guest":
        told = known.get(" ".join(scope))
        return f"{told.name if told else scope[-1]}{namespace}"
    return f"{' '.join(scope)}{namespace}"


def _by_host_name(thing: Thing) -> Iterable[str]:
    """``node:eth0`` for ``lab/node:eth0``: the scenario may be left out where one host is meant."""
    place, colon, name = thing.whole.partition(":")
    if colon and thing.type in ("port", "bridge", "table") and place.count("/") == 1:
        yield f"{place.split('/')[1]}:{name}"


def _unescaped(word: str) -> str:
    """A word of a key as it was (``explain.identity`` writes a blank by its number)."""
    return re.sub(r"%([0-9a-f]*);", lambda m: chr(int(m[1], 16)) if m[1] else "", word)

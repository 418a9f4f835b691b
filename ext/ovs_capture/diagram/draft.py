"""Elements of a scene while they are collected: keys become ids, hidden names leave.

A *key* is a tuple that names an element within its hosts, ``("device", host, "eth0")``; what is
added twice under one key is one element with the evidence of both. Ids (``n0``, ``n1`` ...) are
given at the end, so that they do not depend on names.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..network.model import Evidence
from ..store import natural
from .scene import (
    Address,
    Bridge,
    Callout,
    Container,
    Interface,
    Omission,
    Origin,
    Port,
    Rail,
    Scene,
    Wire,
)

Key = tuple[str, ...]


@dataclass
class _Element:
    """An element's fields but for ids and source. ``words``: by which ``hide`` names it."""

    fields: dict[str, Any]
    words: frozenset[str]
    evidence: list[Evidence] = field(default_factory=list)


class Draft:
    """Collects elements in drawing order; ``scene`` freezes them."""

    def __init__(self) -> None:
        self._containers: dict[Key, _Element] = {}
        self._bridges: dict[Key, _Element] = {}
        self._ports: dict[Key, _Element] = {}
        self._interfaces: dict[Key, _Element] = {}
        self._rails: dict[Key, _Element] = {}
        self._addresses: dict[tuple[Key, str], _Element] = {}
        self._wires: dict[frozenset[Key], tuple[tuple[Key, Key], _Element]] = {}
        self._callouts: dict[tuple[Key, str, str], _Element] = {}
        self._omitted: dict[tuple[str, str], Omission] = {}

    def container(
        self,
        key: Key,
        kind: str,
        title: str,
        evidence: Iterable[Evidence],
        *,
        subtitle: str | None = None,
        parent: Key | None = None,
        words: Iterable[str] = (),
    ) -> None:
        fields = {"kind": kind, "title": title, "subtitle": subtitle, "parent": parent}
        names = (title, *((subtitle,) if subtitle else ()), *words)
        _add(self._containers, key, fields, names, evidence)

    def bridge(
        self, key: Key, kind: str, name: str, container: Key, evidence: Iterable[Evidence]
    ) -> None:
        fields = {"kind": kind, "name": name, "container": container}
        _add(self._bridges, key, fields, (name,), evidence)

    def port(
        self,
        key: Key,
        label: str,
        bridge: Key,
        evidence: Iterable[Evidence],
        *,
        name: str,
        tag: int | None,
        side: str,
    ) -> None:
        fields = {"name": label, "bridge": bridge, "tag": tag, "side": side}
        _add(self._ports, key, fields, (label, name), evidence)

    def interface(
        self,
        key: Key,
        kind: str,
        label: str,
        container: Key,
        evidence: Iterable[Evidence],
        *,
        name: str | None = None,
        border: bool = False,
    ) -> None:
        fields = {"kind": kind, "name": label, "container": container, "border": border}
        _add(self._interfaces, key, fields, (label, name or label), evidence)

    def rail(self, prefix: str, annotation: str | None, evidence: Iterable[Evidence]) -> Key:
        key = ("rail", prefix)
        fields = {"title": prefix, "annotation": annotation}
        element = _add(self._rails, key, fields, (prefix,), evidence)
        element.fields["annotation"] = element.fields["annotation"] or annotation
        return key

    def address(self, interface: Key, text: str, evidence: Iterable[Evidence]) -> None:
        fields = {"interface": interface, "text": text}
        _add(self._addresses, (interface, text), fields, (text,), evidence)

    def wire(
        self,
        one: Key,
        other: Key,
        evidence: Iterable[Evidence],
        *,
        kind: str = "wire",
        label: str | None = None,
    ) -> None:
        """A wire between two elements that are there; what is not drawn has no wires."""
        if one == other or not (self.drawn(one) and self.drawn(other)):
            return
        pair = frozenset((one, other))
        if pair not in self._wires:
            element = _Element({"kind": kind, "label": label}, frozenset())
            self._wires[pair] = ((one, other), element)
        self._wires[pair][1].evidence += evidence

    def cut(self, one: Key, other: Key) -> None:
        """Take out the wire between two elements, if there is one."""
        self._wires.pop(frozenset((one, other)), None)

    def drop_empty(self, kind: str, reason: str) -> None:
        """Leave out the containers of a kind in which nothing stands."""
        held = {element.fields["parent"] for element in self._containers.values()}
        for elements in (self._bridges, self._interfaces):
            held |= {element.fields["container"] for element in elements.values()}
        for key, element in list(self._containers.items()):
            if element.fields["kind"] == kind and key not in held:
                self.omit("container", element.fields["title"], reason, element.evidence)
                del self._containers[key]

    def callout(
        self, port: Key, outer: str, inner: str, direction: str, evidence: Iterable[Evidence]
    ) -> None:
        fields = {"port": port, "outer": outer, "inner": inner, "direction": direction}
        _add(self._callouts, (port, outer, inner), fields, (), evidence)

    def omit(self, kind: str, name: str, reason: str, evidence: Iterable[Evidence]) -> None:
        omission = Omission(kind=kind, name=name, reason=reason, source=_origins(evidence))  # type: ignore[arg-type]  # one of Omission's kinds
        self._omitted.setdefault((kind, name), omission)

    def drawn(self, key: Key) -> bool:
        return (
            key in self._interfaces
            or key in self._ports
            or key in self._bridges
            or key in self._rails
        )

    def hide(self, names: Collection[str], reason: str) -> None:
        """Take out what has one of these names, with all that stands in it or hangs on it."""
        gone: set[Key] = set()
        for kind, elements in (
            ("container", self._containers),
            ("bridge", self._bridges),
            ("port", self._ports),
            ("interface", self._interfaces),
        ):
            for key, element in elements.items():
                if element.words & set(names):
                    gone.add(key)
                    shown = element.fields.get("title") or element.fields["name"]
                    self.omit(kind, shown, reason, element.evidence)
        gone |= {key for key, element in self._rails.items() if element.words & set(names)}
        named = set(gone)
        while grown := (self._inside(gone) | self._hanging_on(gone) | self._led_to(gone)) - gone:
            gone |= grown
        for key in self._ports:
            if key in gone - named and self._ports[key].fields["bridge"] not in gone:
                port = self._ports[key]
                self.omit("port", port.fields["name"], reason, port.evidence)
        for parts in (self._containers, self._bridges, self._ports, self._interfaces, self._rails):
            for key in gone & parts.keys():
                del parts[key]
        self._addresses = {k: e for k, e in self._addresses.items() if k[0] not in gone}
        self._callouts = {k: e for k, e in self._callouts.items() if k[0] not in gone}
        self._wires = {pair: wire for pair, wire in self._wires.items() if not pair & gone}
        on_wires = {key for pair in self._wires for key in pair}
        self._rails = {key: rail for key, rail in self._rails.items() if key in on_wires}

    def _hanging_on(self, gone: set[Key]) -> set[Key]:
        """The interfaces of hidden ports; one on a border is a NIC, and stays."""
        hidden_ports = gone & self._ports.keys()
        return {
            key
            for pair in self._wires
            if pair & hidden_ports
            for key in pair & self._interfaces.keys()
            if not self._interfaces[key].fields["border"]
        }

    def _led_to(self, gone: set[Key]) -> set[Key]:
        """What leads to hidden things alone: the peer of a hidden patch, a port without interface.

        A patch is there for its peer; a port has nothing but its wires.
        """
        patches = {k for k, e in self._interfaces.items() if e.fields["kind"] == "patch"}
        found: set[Key] = set()
        elsewhere: set[Key] = set()
        for pair in self._wires:
            lost = pair & gone
            if pair <= patches and lost:
                found |= pair
            (found if lost else elsewhere).update(pair & self._ports.keys())
        return found - elsewhere

    def _inside(self, gone: set[Key]) -> set[Key]:
        """What stands in a hidden element: containers and interfaces, bridges and their ports."""
        holders = (
            (self._containers, "parent"),
            (self._bridges, "container"),
            (self._ports, "bridge"),
            (self._interfaces, "container"),
        )
        return {
            key
            for elements, holder in holders
            for key, element in elements.items()
            if element.fields[holder] in gone
        }

    def scene(self) -> Scene:
        rails = dict(sorted(self._rails.items(), key=lambda item: natural(item[0][1])))
        ids: dict[Key, str] = {}
        for elements in (self._containers, self._bridges, self._ports, self._interfaces, rails):
            for key in elements:
                ids[key] = f"n{len(ids)}"
        rest = iter(range(len(ids), 10**9))

        def made(kind: Any, element: _Element, own: str) -> Any:
            refers = {
                name: ids[value] if isinstance(value, tuple) else value
                for name, value in element.fields.items()
            }
            return kind(id=own, source=_origins(element.evidence), **refers)

        def with_ids(kind: Any, elements: Mapping[Key, _Element]) -> tuple[Any, ...]:
            return tuple(made(kind, element, ids[key]) for key, element in elements.items())

        def without_ids(kind: Any, elements: Iterable[_Element]) -> tuple[Any, ...]:
            return tuple(made(kind, element, f"n{next(rest)}") for element in elements)

        return Scene(
            containers=with_ids(Container, self._containers),
            bridges=with_ids(Bridge, self._bridges),
            ports=with_ids(Port, self._ports),
            interfaces=with_ids(Interface, self._interfaces),
            rails=with_ids(Rail, rails),
            addresses=without_ids(Address, self._addresses.values()),
            wires=tuple(
                Wire(
                    id=f"n{next(rest)}",
                    ends=(ids[ends[0]], ids[ends[1]]),
                    source=_origins(element.evidence),
                    **element.fields,
                )
                for ends, element in self._wires.values()
            ),
            callouts=without_ids(Callout, self._callouts.values()),
            omitted=tuple(sorted(self._omitted.values(), key=lambda o: (o.kind, natural(o.name)))),
        )


def _add(
    elements: dict[Any, _Element],
    key: Any,
    fields: dict[str, Any],
    words: Iterable[str],
    evidence: Iterable[Evidence],
) -> _Element:
    element = elements.setdefault(key, _Element(fields, frozenset(words)))
    element.evidence += evidence
    return element


def _origins(evidence: Iterable[Evidence]) -> tuple[Origin, ...]:
    return tuple(sorted({Origin(one.file, one.line) for one in evidence}))

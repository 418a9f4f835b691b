"""Network namespaces of a host: which there are, what they are for, which were entered."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ..formats.ip_netns import NamespaceId, NetworkNamespace
from ..formats.reading import Capture
from ..source import Span
from .cloud import Cloud
from .devices import Listing
from .model import Evidence, Namespace
from .naming import namespace_kind
from .processes import processes
from .snapshot import facts, place_of


def entered(captures: Sequence[Capture]) -> dict[str, tuple[Capture, ...]]:
    """Namespaces in which something was captured (``ip netns exec NS ...``), with the captures."""
    found: dict[str, tuple[Capture, ...]] = {}
    for capture in captures:
        place = place_of(capture)
        if place.namespace and place.ssh is None:
            found[place.namespace] = (*found.get(place.namespace, ()), capture)
    return found


def namespaces(
    own: Sequence[Capture], root: Listing, cloud: Cloud, alias: Mapping[str, str]
) -> tuple[Namespace, ...]:
    """Namespaces that were entered, and those that ``ip netns`` or a veth of the root names."""
    inside = entered(own)
    evidence: dict[str, list[Evidence]] = {}
    for name, captures in inside.items():
        evidence[name] = [Evidence(capture, _command_span(capture)) for capture in captures]
    for device in root.devices:
        if device.link_netns:
            evidence.setdefault(device.link_netns, []).extend(device.evidence)
    for listed, line in facts(_root(own), NetworkNamespace):
        evidence.setdefault(listed.name, []).append(line)
    return tuple(
        replace(
            _namespace(name, tuple(found), name in inside, cloud, alias),
            processes=processes(own, name),
        )
        for name, found in evidence.items()
    )


def namespace_ids(own: Sequence[Capture]) -> dict[int, str]:
    """Names by their ids, as the root namespace sees them."""
    found: dict[int, str] = {}
    for listed, _ in facts(_root(own), NetworkNamespace):
        if listed.id is not None:
            found[listed.id] = listed.name
    for line, _ in facts(_root(own), NamespaceId):
        if line.name:
            found[line.id] = line.name
    return found


def _root(own: Sequence[Capture]) -> list[Capture]:
    return [capture for capture in own if place_of(capture).root]


def _command_span(capture: Capture) -> Span:
    return capture.command.span if capture.command else capture.source.span


def _namespace(
    name: str,
    evidence: tuple[Evidence, ...],
    was_entered: bool,
    cloud: Cloud,
    alias: Mapping[str, str],
) -> Namespace:
    kind, uuid = namespace_kind(name)
    title = name
    if kind == "router" and (router := cloud.router(uuid)):
        title = router.name
        evidence = (*evidence, router.evidence)
    title = alias.get(name, title)
    return Namespace(
        name=name,
        kind=kind,
        title=title,
        subtitle=name if title != name else None,
        entered=was_entered,
        evidence=evidence,
    )

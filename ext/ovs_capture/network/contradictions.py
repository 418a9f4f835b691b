"""Contradictions between captures that no single relation sees, and what the author accepts."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ..diagnostic import Code, Diagnostic
from ..formats.ip_addr import AddressedLink
from ..formats.ip_link import Link
from ..formats.reading import Capture
from ..source import Source, Span
from ..store import Accept, Hints, Scenario
from .ambiguity import ambiguous
from .hints import unused
from .model import Device, Evidence, Guest, Network
from .snapshot import facts, place_of
from .tunnels import join_tunnels


@dataclass(frozen=True)
class Accepted:
    """``kept``: what is still wrong; ``accepted``: what the author knows, with the reason given."""

    kept: tuple[Diagnostic, ...]
    accepted: tuple[tuple[Accept, Diagnostic], ...]


def apply_accepts(
    diagnostics: Sequence[Diagnostic],
    scenario: Scenario | None,
    beside: Iterable[Diagnostic] = (),
) -> Accepted:
    """Take out what scenario.toml accepts; an accept that applies to nothing is wrong itself.

    ``beside``: what else is wrong in the scenario, to which an accept may apply.
    """
    if scenario is None or not scenario.accepts:
        return Accepted(tuple(diagnostics), ())
    accepted = [(accept, one) for one in diagnostics for accept in _accepting(scenario, one)]
    known = {id(diagnostic) for _, diagnostic in accepted}
    kept = [diagnostic for diagnostic in diagnostics if id(diagnostic) not in known]
    used = {id(accept) for accept, _ in accepted}
    used |= {id(accept) for one in beside for accept in _accepting(scenario, one)}
    source = scenario.source or Source("scenario.toml", "")
    for accept in scenario.accepts:
        if id(accept) not in used:
            args = {"code": accept.code, "what": accept.what}
            span = _accept_span(source, accept)
            kept.append(Diagnostic(Code.ACCEPT_UNUSED, source, span, args))
    return Accepted(tuple(kept), tuple(accepted))


def _accepting(scenario: Scenario, diagnostic: Diagnostic) -> Iterator[Accept]:
    for accept in scenario.accepts:
        if accept.code == diagnostic.code.value and accept.what == subject(diagnostic):
            yield accept


def judge(
    shown: Sequence[Network], others: Sequence[Network], scenario: Scenario | None
) -> Accepted:
    """What is wrong with the models ``shown``, less what is accepted.

    ``others``: the models of the scenario's other hosts, without which an accept that applies to
    them would be taken for unused.
    """
    return Judgement((*shown, *others), scenario).of(shown)


class Judgement:
    """What is wrong with the hosts of a scenario, found once for all of them."""

    def __init__(self, networks: Sequence[Network], scenario: Scenario | None) -> None:
        self._scenario = scenario
        self._between = join_tunnels(networks).diagnostics
        everything = [one for network in networks for one in network.diagnostics]
        everything += (one for _, one in self._between)
        # Which accepts are of use anywhere is seen by what they accept, each but once.
        subjects = {(one.code, subject(one)): one for one in everything}
        self._anywhere = tuple(subjects.values())

    def of(self, shown: Sequence[Network]) -> Accepted:
        """What is wrong with some of the models, less what is accepted."""
        keys = {network.key for network in shown}
        of_shown = [one for network in shown for one in network.diagnostics]
        own = distinct((*of_shown, *(one for key, one in self._between if key in keys)))
        return apply_accepts(own, self._scenario, self._anywhere)


def distinct(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Each once: two hosts of a scenario see the same contradiction between others."""
    seen: dict[tuple[object, ...], Diagnostic] = {}
    for one in diagnostics:
        seen.setdefault((one.code, one.source.name, one.span, one.message), one)
    return tuple(seen.values())


def subject(diagnostic: Diagnostic) -> str:
    """What a diagnostic is about: the word that ``[[accept]] what`` repeats."""
    return str(diagnostic.args.get("what", diagnostic.args.get("name", "")))


def _accept_span(source: Source, accept: Accept) -> Span:
    for offset, line in source.lines():
        if accept.what and accept.what in line and line.lstrip().startswith("what"):
            at = offset + line.index(accept.what)
            return Span(at, at + len(accept.what))
    return Span(source.start, source.start)


def nic_macs(captures: Iterable[Capture], nics: Iterable[str]) -> Iterator[Diagnostic]:
    """One host whose captures show two MACs for one NIC: two machines, or two times."""
    wanted = set(nics)
    first: dict[str, tuple[str, Evidence]] = {}
    reported: set[str] = set()
    for capture in captures:
        if not place_of(capture).root:
            continue
        shown: list[tuple[Link | AddressedLink, Evidence]] = [*facts((capture,), Link)]
        shown += facts((capture,), AddressedLink)
        for link, evidence in shown:
            if link.ifname not in wanted or not link.address:
                continue
            mac, known = first.setdefault(link.ifname, (link.address.lower(), evidence))
            if mac != link.address.lower() and capture.source.name not in reported:
                reported.add(capture.source.name)
                yield _two_sets(link.ifname, known, evidence)


def same_node(own: Sequence[Device], other: Sequence[Device], name: str) -> Iterator[Diagnostic]:
    """Two directories with one Open vSwitch UUID whose NICs have other MACs."""
    theirs = {device.name: device for device in other if device.kind == "nic" and device.mac}
    for device in own:
        there = theirs.get(device.name)
        if device.kind == "nic" and device.mac and there and there.mac != device.mac:
            yield _two_sets(name, there.evidence[0], device.evidence[0])
            return


def _two_sets(what: str, first: Evidence, second: Evidence) -> Diagnostic:
    args = {"what": what, "first": first.file, "second": second.file}
    return Diagnostic(Code.HOST_TWO_MAC_SETS, second.capture.source, second.span, args)


def tap_macs(guests: Iterable[Guest], devices: Sequence[Device]) -> Iterator[Diagnostic]:
    """A guest's NIC whose tap has the MAC of another: the last five bytes must be equal.

    Only libvirt's taps tell: their first byte is fe (fa for a NIC that begins with fe).
    """
    by_name = {device.name: device for device in devices}
    for guest in guests:
        for nic in guest.nics:
            tap = by_name.get(nic.tap or "")
            if not (nic.mac and tap and tap.mac and tap.kind == "tap"):
                continue
            by_libvirt = tap.mac.startswith("fa" if nic.mac.startswith("fe") else "fe")
            if by_libvirt and tap.mac[2:] != nic.mac[2:]:
                where = tap.evidence[0]
                args = {
                    "what": f"{nic.name} of {guest.title}",
                    "first": nic.mac,
                    "first_from": nic.evidence[0].file,
                    "second": tap.mac,
                    "second_from": where.file,
                }
                yield Diagnostic(Code.NIC_TWO_MACS, where.capture.source, where.span, args)


def taps_claimed_twice(guests: Iterable[Guest]) -> Iterator[Diagnostic]:
    """Two guests on one tap: none is drawn on it."""
    by_tap: dict[str, list[tuple[Guest, Evidence]]] = {}
    for guest in guests:
        for nic in guest.nics:
            if nic.tap:
                by_tap.setdefault(nic.tap, []).append((guest, nic.evidence[0]))
    for tap, claims in by_tap.items():
        if len(claims) > 1:
            yield ambiguous(tap, [guest.title for guest, _ in claims], claims[-1][1])


def unused_aliases(hints: Hints, captures: Iterable[Capture]) -> Iterator[Diagnostic]:
    """Aliases for names that no capture has."""
    if not hints.alias:
        return
    texts = list(dict.fromkeys(capture.source.text for capture in captures))
    for name in hints.alias:
        if not any(name in text for text in texts):
            yield unused(hints, name, _line_with(hints.source, name))


def _line_with(source: Source | None, text: str) -> int:
    for offset, line in source.lines() if source else ():
        if text in line:
            return source.place(offset)[0]  # type: ignore[union-attr]  # lines came from it
    return 1

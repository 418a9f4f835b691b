"""Which captures of one page are of which host: by evidence, then by headings.

A page is no directory: its captures may be of several hosts. Evidence comes first: the UUID of the
Open vSwitch, the MAC addresses of NICs, the host's own name in a prompt or in ``hostnamectl``. Two
captures that share such a fact are of one host; two that contradict in one are of two, and what
shows nothing but NICs with Neutron's own addresses was printed inside an instance. Then the
headings: what stands under ``Compute Node`` is of the compute node, what stands under no such
heading is of the host whose evidence is nearest. Without evidence of a second host a page has one.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ..formats.hostnamectl import HostStatus
from ..formats.ip_addr import AddressedLink
from ..formats.ip_link import Link
from ..formats.ovs_vsctl_show import OpenvSwitch
from ..formats.reading import Capture
from .snapshot import asks_a_service, place_of

# Headings that name a host. A heading about two of them names none.
_NODE = re.compile(
    r"(?:[\d.]+\s+)?(?P<name>(?:(?:\S.*?)?(?:ノード|\bnodes?\b|ホスト|\bhost\b|ハイパーバイザー?)"
    r"|コントローラー?|コンピュート|(?:controller|compute|hypervisor|hv|node|host|cmp|ctl)"
    r"(?=[-_ ]?\d*\s*(?:[((]|$)))(?:[-_ ]?\d+)?)\s*(?:[((].*[))])?",
    re.IGNORECASE,
)
_SEVERAL = re.compile(
    r"と|及び|および|・|、|,|/|&|\band\b|\bor\b|各|全|all|each|nodes\b", re.IGNORECASE
)
_PROMPT_HOST = re.compile(r"@(?P<host>[\w-]+)|^(?P<before>[\w-]+):")
# NICs have the maker's address; what software makes up is "locally administered" (IEEE 802, bit 1
# of the first byte), but virtual machines' NICs are NICs too: so it is the kind that tells.
_NIC_NAME = re.compile(r"(?:eth|eno|ens|enp|enx|em|p\d+p|bond|wl)\w*")
# The fact that tells instances from hosts, and the addresses that Neutron gives (base_mac).
_MACHINE = "machine"
_NEUTRON = "fa:16:3e"


@dataclass(frozen=True)
class Placed:
    """A capture of a page. ``headings``: titles of the sections around it, outermost first."""

    capture: Capture
    headings: tuple[str, ...] = ()


@dataclass
class PageHost:
    """A host of a page. ``title``: what the page calls it, "" where nothing names it."""

    title: str = ""
    captures: list[Capture] = field(default_factory=list)


def hosts_of(placed: Sequence[Placed]) -> tuple[PageHost, ...]:
    """The hosts of a page, in the order in which it shows them; every capture is in one."""
    groups = _Groups(placed)
    hosts: dict[int, PageHost] = {}
    for index, one in enumerate(placed):
        host = hosts.setdefault(groups.of(index), PageHost())
        host.captures.append(one.capture)
        host.title = host.title or named_host(one.headings)
    for number, host in hosts.items():
        host.title = host.title or groups.names.get(number, "")
    return tuple(hosts.values())


def named_host(headings: Sequence[str]) -> str:
    """The host that the innermost heading of its kind names: ``Compute Node``; "" if none does."""
    for heading in reversed(headings):
        match = _NODE.fullmatch(heading.strip())
        if match and not _SEVERAL.search(match["name"].removesuffix("ホスト")):
            return match["name"]
    return ""


class _Groups:
    """Numbers of captures put together: the smallest of a group stands for it."""

    def __init__(self, placed: Sequence[Placed]) -> None:
        self._parent = list(range(len(placed)))
        self.names: dict[int, str] = {}
        facts = [dict(_facts(one.capture)) for one in placed]
        labels = [named_host(one.headings).casefold() for one in placed]
        self._join_equal(facts)
        self._join_by_heading(facts, labels)
        self._join_the_rest(facts, labels, placed)
        for index, known in enumerate(facts):
            if name := known.get("name"):
                self.names.setdefault(self.of(index), name)

    def of(self, index: int) -> int:
        while self._parent[index] != index:
            index = self._parent[index]
        return index

    def _join(self, one: int, other: int) -> None:
        first, second = sorted((self.of(one), self.of(other)))
        self._parent[second] = first

    def _join_equal(self, facts: Sequence[dict[str, str]]) -> None:
        """Captures that share a fact, unless they contradict in another."""
        seen: dict[tuple[str, str], int] = {}
        for index, known in enumerate(facts):
            for fact in known.items():
                if fact[0] == _MACHINE:
                    continue  # it tells apart, but not together
                before = seen.setdefault(fact, index)
                if before != index and not self._contradict(facts, before, index):
                    self._join(before, index)

    def _join_by_heading(self, facts: Sequence[dict[str, str]], labels: Sequence[str]) -> None:
        """Captures under headings of one name."""
        first: dict[str, int] = {}
        for index, label in enumerate(labels):
            if label:
                before = first.setdefault(label, index)
                if not self._contradict(facts, before, index):
                    self._join(before, index)

    def _join_the_rest(
        self, facts: Sequence[dict[str, str]], labels: Sequence[str], placed: Sequence[Placed]
    ) -> None:
        """What neither evidence nor a heading places: with the only host, else the nearest one.

        Nearest: in the same section, or in the smallest one around that holds one host only.
        """
        known = [i for i in range(len(placed)) if facts[i] or labels[i]]
        rest = [i for i in range(len(placed)) if not (facts[i] or labels[i])]
        self._join_evidence(facts, labels, placed)
        for index in rest:
            headings = placed[index].headings
            for depth in range(len(headings), -1, -1):
                around = {
                    self.of(i) for i in known if placed[i].headings[:depth] == headings[:depth]
                }
                if around:
                    if len(around) == 1:
                        self._join(index, around.pop())
                    break
        alone = [i for i in rest if self.of(i) == i]
        for index in alone[1:]:
            self._join(alone[0], index)

    def _join_evidence(
        self, facts: Sequence[dict[str, str]], labels: Sequence[str], placed: Sequence[Placed]
    ) -> None:
        """A switch's UUID and a NIC's MAC do not contradict: side by side they are of one host."""
        unnamed = [i for i, known in enumerate(facts) if known and not labels[i]]
        deepest = max((len(placed[i].headings) for i in unnamed), default=0)
        for depth in range(deepest, -1, -1):
            for index in unnamed:
                headings = placed[index].headings[:depth]
                around = {self.of(i) for i in unnamed if placed[i].headings[:depth] == headings}
                if len(around) == 2 and not self._contradict(facts, *around):
                    self._join(*around)

    def _contradict(self, facts: Sequence[dict[str, str]], one: int, other: int) -> bool:
        """Does a fact of one group say another value than the same fact of the other group?"""
        mine, theirs = self._of_group(facts, one), self._of_group(facts, other)
        return any(not mine[key] & theirs[key] for key in mine.keys() & theirs.keys())

    def _of_group(self, facts: Sequence[dict[str, str]], index: int) -> dict[str, set[str]]:
        group = self.of(index)
        found: dict[str, set[str]] = {}
        for member, known in enumerate(facts):
            if self.of(member) == group:
                for key, value in known.items():
                    found.setdefault(key, set()).add(value)
        return found


def _facts(capture: Capture) -> Iterator[tuple[str, str]]:
    """What tells hosts apart: facts by name, of the host's root namespace only."""
    place = place_of(capture)
    if place.ssh is not None:
        return
    if capture.prompt and (match := _PROMPT_HOST.search(capture.prompt)):
        yield "name", match["host"] or match["before"]
    if asks_a_service(capture):
        return
    if place.root and (machine := _machine(capture)):
        yield _MACHINE, machine
    for record in capture.parsed.records:
        if isinstance(record, OpenvSwitch):
            yield "ovs", record.uuid.lower()
        elif isinstance(record, HostStatus) and record.hostname:
            yield "name", record.hostname.partition(".")[0]
        elif isinstance(record, Link | AddressedLink) and place.root and _is_nic(record):
            yield f"mac of {record.ifname}", (record.address or "").lower()


def _machine(capture: Capture) -> str | None:
    """Was this printed on a host or inside an instance? None where nothing tells."""
    if any(isinstance(record, OpenvSwitch) for record in capture.parsed.records):
        return "host"
    links = [one for one in capture.parsed.records if isinstance(one, Link | AddressedLink)]
    nics = [link for link in links if link.link_type != "loopback" and link.ifname != "lo"]
    if not nics:
        return None
    inside = all((link.address or "").startswith(_NEUTRON) for link in nics)
    return "instance" if inside else "host"


def _is_nic(link: Link | AddressedLink) -> bool:
    # A bond's member shows the bond's address: the one that all of them have.
    made = getattr(link, "info_kind", None)
    return bool(
        link.address
        and link.link_netnsid is None
        and link.link is None
        and not made
        and _NIC_NAME.fullmatch(link.ifname)
    )

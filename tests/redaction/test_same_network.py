"""A redacted scenario is the same network, by any key: pictures, packets, flows, joins, columns.

The captures are those of the laboratory and of real hosts; the keys are drawn.
"""

import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from ipaddress import IPv4Address
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ovs_capture import store
from ovs_capture.formats.base import Kind, Mark
from ovs_capture.formats.openstack_table import Row
from ovs_capture.formats.ovn_rows import ShownDatapath
from ovs_capture.network.correlate import correlate_target
from ovs_capture.openflow.flow import Flow
from ovs_capture.redaction.names import names_in, proper
from ovs_capture.redaction.pseudonyms import KEPT_V4, Pseudonyms
from ovs_capture.redaction.text import Known, redacted
from ovs_capture.redaction.tree import redact
from ovs_capture.trace.openflow import trace
from ovs_capture.trace.packet_text import parse_packet
from ovs_capture.trace.switch import Switch, switch_of_host
from tests.conftest import ROOT
from tests.redaction.test_tree import texts, told

KEYS = st.binary(min_size=1, max_size=6)
few = settings(max_examples=2, deadline=None)
SCENARIOS = ("ovs-vlan", "ovn")


def named(folder: Path) -> Iterator[str]:
    """The names that somebody gave in a scenario."""
    for file in texts(folder):
        if file.suffix != ".toml":
            yield from proper(file.parent.name)
            for capture in store.read_file(file, file.name, hide=True)[0]:
                yield from names_in(capture)


class Copy:
    """A scenario, its redacted copy, and what any text of the one is in the other."""

    def __init__(self, name: str, key: bytes, folder: str, *, names: bool = False) -> None:
        self.before = ROOT / "captures" / name
        self.after = Path(folder, name)
        self.pseudonyms = Pseudonyms(key)
        self.written = redact(self.before, self.after, self.pseudonyms, names=names).written
        known = Known(names=frozenset(named(self.before)) if names else frozenset())
        for text in texts(self.before).values():
            known.learn(text)
        self.say: Callable[[str], str] = cache(lambda text: redacted(text, known, Pseudonyms(key)))

    def marks(self) -> Iterator[tuple[Mark, Mark]]:
        """Each token of the captures, before and after."""
        for files in zip(texts(self.before), self.written, strict=True):
            if files[0].suffix != ".toml":
                told = [store.read_file(file, file.name, hide=True)[0] for file in files]
                for old, new in zip(*told, strict=True):
                    yield from zip(old.marks, new.marks, strict=True)


@pytest.mark.parametrize("names", [False, True])
@pytest.mark.parametrize("scenario", [*SCENARIOS, "flat-instance"])
@few
@given(key=KEYS)
def test_picture(scenario: str, names: bool, key: bytes) -> None:
    with TemporaryDirectory() as folder:
        copy = Copy(scenario, key, folder, names=names)
        assert told(copy.before, copy.say) == told(copy.after, lambda text: text)


def packets(switch: Switch, bridge: str) -> list[str]:
    """ARP and pings between the guests that the flows of a bridge tell apart."""
    dump = switch.bridges[bridge].dump
    assert dump is not None
    told = "\n".join(capture.source.window for capture in dump.captures)
    guests = sorted(set(re.findall(r'in_port="?([\w-]+)"?,dl_src=([0-9a-f:]+)', told)))[:4]
    sources = sorted(set(re.findall(r"(?:nw_src|arp_spa)=([\d.]+)(?![\d./])", told)))[:3]
    assert guests
    return [
        text
        for port, mac in guests
        for address in sources
        for text in (
            f"in_port={port},dl_src={mac},dl_dst=ff:ff:ff:ff:ff:ff,arp,arp_op=1,"
            f"arp_spa={address},arp_tpa={sources[0]},arp_sha={mac}",
            f"in_port={port},dl_src={mac},dl_dst={guests[0][1]},icmp,nw_src={address},"
            f"nw_dst={sources[0]},nw_ttl=64,icmp_type=8",
        )
    ]


def verdict(switch: Switch, bridge: str, packet: str) -> str:
    at = switch.bridges[bridge]
    found = trace(switch, at, parse_packet(packet, at.numbers), [])
    ports = sorted(found.verdict.ports)
    return json.dumps([found.verdict.kind, ports])


@pytest.mark.parametrize("host", ["ovs-vlan/cmp1", "flat-instance/compute"])
@few
@given(key=KEYS)
def test_packets(host: str, key: bytes) -> None:
    scenario, name = host.split("/")
    with TemporaryDirectory() as folder:
        copy = Copy(scenario, key, folder)
        switches = []
        for place in (copy.before, copy.after):
            target = store.load_target(place / name)
            (network,) = correlate_target(target)[0]
            switches.append(switch_of_host(target.hosts[0].captures, network))
        before, after = switches
        asked = packets(before, "br-int")
        verdicts = [verdict(before, "br-int", packet) for packet in asked]
        made = [verdict(after, "br-int", copy.say(packet)) for packet in asked]
        assert [json.loads(copy.say(one))[0] for one in verdicts] == [
            json.loads(m)[0] for m in made
        ]
        assert [sorted(json.loads(copy.say(v))[1]) for v in verdicts] == [
            sorted(json.loads(m)[1]) for m in made
        ]
        assert len(set(verdicts)) > 1


@few
@given(key=KEYS)
def test_logical_picture_and_flows_with_other_names(key: bytes) -> None:
    """The logical network is drawn of names and UUIDs: the rows, the ports and the flows of it."""
    with TemporaryDirectory() as folder:
        copy = Copy("ovn", key, folder, names=True)
        listed = []
        for place in (copy.before, copy.after):
            captures = [one for host in store.load_target(place).hosts for one in host.captures]
            listed.append(
                [
                    (record.kind, record.uuid, record.name, record.aka)
                    for capture in captures
                    for record in capture.parsed.records
                    if isinstance(record, ShownDatapath)
                ]
            )
        before, after = listed
        assert len(before) == 5
        say = copy.say
        assert [(k, say(u), say(n), say(a or "")) for k, u, n, a in before] == after
        akas = [aka for *_, aka in before if aka != "router"]
        whole = "\n".join(texts(copy.after).values())
        assert len(akas) == 4
        assert [aka for aka in akas if aka and aka in whole] == []


@pytest.mark.parametrize("scenario", SCENARIOS)
@few
@given(key=KEYS)
def test_joins_prefixes_and_vendors(scenario: str, key: bytes) -> None:
    with TemporaryDirectory() as folder:
        seen: dict[tuple[Kind, str], str] = {}
        addresses: dict[IPv4Address, IPv4Address] = {}
        for old, new in Copy(scenario, key, folder).marks():
            assert seen.setdefault((old.kind, old.value), new.value) == new.value
            if old.kind is Kind.MAC:
                assert old.value[:8] == new.value[:8]
            elif old.kind is Kind.ADDRESS and re.fullmatch(r"\d+(?:\.\d+){3}", old.value):
                addresses[IPv4Address(old.value)] = IPv4Address(new.value)
        assert len(set(seen.values())) == len({value for _, value in seen})
        for one, made in addresses.items():
            assert (one == made) == any(one in block for block in KEPT_V4)
        # A network's own address and broadcast address stay what they are instead.
        hosts = {int(a): int(b) for a, b in addresses.items() if int(a) & 255 not in (0, 255)}
        for (a, made_a), (b, made_b) in combinations(hosts.items(), 2):
            assert (a ^ b).bit_length() == (made_a ^ made_b).bit_length()


@pytest.mark.parametrize("names", [False, True])
@few
@given(key=KEYS)
def test_flows_and_columns(names: bool, key: bytes) -> None:
    with TemporaryDirectory() as folder:
        copy = Copy("flat-instance", key, folder, names=names)
        for place in (copy.before, copy.after):
            shapes = [
                (r.table, r.priority, [c.text.partition("=")[0] for c in r.match.clauses],
                 [a.name for a in r.actions.items])
                for host in store.load_target(place).hosts
                for capture in host.captures
                for r in capture.parsed.records
                if isinstance(r, Flow)
            ]  # fmt: skip
            rows = [
                [list(r.cells) for r in capture.parsed.records if isinstance(r, Row)]
                for host in store.load_target(place).hosts
                for capture in host.captures
            ]
            if place == copy.before:
                expected = shapes, rows
        assert (shapes, rows) == expected
        assert len(shapes) > 50
        for text in texts(copy.after).values():
            for rule in re.finditer(r"^\+[-+]+\+$", text, re.MULTILINE):
                following = text[rule.end() + 1 :].partition("\n")[0]
                if following.startswith("|") and following.isascii():
                    bars = [at for at, char in enumerate(rule[0]) if char == "+"]
                    assert [following[at] for at in bars] == ["|"] * len(bars)

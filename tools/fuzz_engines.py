"""Hosts with mutated captures and hints, and packets that nobody would write.

``engines`` lets everything that stands on the readers work on one: model, pictures, words, traces,
differences, redaction. ``claims`` reads packets, states, claims and hints alone. The same seed
makes the same inputs.
"""

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

from ovs_capture import store
from ovs_capture.command.diff_text import diff_as_text
from ovs_capture.command.flows_text import flows_as_markdown, flows_as_text
from ovs_capture.command.lflows_text import lflows_as_json, lflows_as_markdown, lflows_as_text
from ovs_capture.command.logical_trace_text import logical_trace_as_json, logical_trace_as_text
from ovs_capture.command.records_json import capture_json
from ovs_capture.command.trace_text import trace_as_json, trace_as_text
from ovs_capture.diagram import describe
from ovs_capture.diagram.compose import compose
from ovs_capture.diagram.drawio import write_drawio
from ovs_capture.diagram.layout import picture
from ovs_capture.diagram.logical import words as logical_words
from ovs_capture.diagram.logical.dot import write_logical_dot
from ovs_capture.diagram.logical.layout import lay_out_logical
from ovs_capture.diagram.logical.paint import paint_logical
from ovs_capture.diagram.logical.parts import logical_scene
from ovs_capture.diagram.paint import paint_svg
from ovs_capture.diagram.pipeline import words as graph_words
from ovs_capture.diagram.pipeline.dot import dot_text
from ovs_capture.diagram.pipeline.layout import lay_out_tables
from ovs_capture.diagram.pipeline.paint import paint_tables
from ovs_capture.diagram.pipeline.parts import TablePicture, table_picture
from ovs_capture.diagram.pipeline.stages import stage_picture
from ovs_capture.explain.captures import notes
from ovs_capture.explain.logical_traces import microflow_error
from ovs_capture.explain.traces import packet_error
from ovs_capture.formats.reading import Capture, read
from ovs_capture.formats.secrets import masked, secret_spans
from ovs_capture.network.correlate import correlate
from ovs_capture.network.logical.join import logical_network
from ovs_capture.network.model import Network
from ovs_capture.redaction.pseudonyms import Pseudonyms
from ovs_capture.redaction.text import Known, redacted
from ovs_capture.source import Source, decode, encode
from ovs_capture.subjects.changes import (
    compare,
    moment,
)
from ovs_capture.subjects.dumps import (
    Dump,
    dumps_of_host,
)
from ovs_capture.subjects.listings import listing_of
from ovs_capture.subjects.southbound import (
    Southbound,
    southbound_of,
)
from ovs_capture.trace.expect import Malformed, expectation
from ovs_capture.trace.logical.destinations import parse_destination
from ovs_capture.trace.logical.microflow import MicroflowError
from ovs_capture.trace.logical.run import Options
from ovs_capture.trace.logical.trace import arriving
from ovs_capture.trace.logical.trace import trace as logical_trace
from ovs_capture.trace.openflow import parse_state, trace
from ovs_capture.trace.packet_text import PacketError, parse_packet
from ovs_capture.trace.switch import Switch, switch_of_host
from ovs_capture.translation import Translator
from tools.fuzz_captures import changed
from tools.texts import ROOT, corpus


def captures_of(shown: str, data: bytes, *, hide: bool = True) -> tuple[Capture, ...]:
    return read(Source(shown, decode(data)), hide=hide)


@cache
def _scenarios() -> tuple[store.Target, ...]:
    """Those of the committed scenarios that are small enough to be drawn again and again."""
    found = [store.load_target(path) for path in sorted((ROOT / "captures").iterdir())]
    return tuple(
        target
        for target in found
        if target.hosts
        and sum(len(c.parsed.records) for host in target.hosts for c in host.captures) < 3000
    )


@cache
def _files(host_path: Path) -> dict[str, bytes]:
    return {path.name: encode(store.read_text(path)) for path in store.capture_files(host_path)}


def hosts(seed: int) -> Iterator[tuple[store.Host, store.Host, tuple[store.Host, ...], bytes]]:
    """A host, the same with mutated captures, its siblings, and the mutated bytes; without end."""
    chance = random.Random(seed)
    everything = [text for found in corpus().values() for text in found]
    while True:
        target = chance.choice(_scenarios())
        host = chance.choice(target.hosts)
        files = dict(_files(host.path))
        told = []
        for name in chance.sample(sorted(files), k=min(len(files), chance.randint(1, 3))):
            command, newline, output = files[name].partition(b"\n")
            for _ in range(chance.choice([1, 2, 6])):
                other = chance.choice(everything).output[:4000]
                if chance.random() < 0.7:
                    other = files[chance.choice(sorted(files))][:20_000]
                output = changed(output, other, chance)
            files[name] = command + newline + output
            told.append(b"%s: %s" % (name.encode(), files[name]))
        captures = tuple(
            capture for name, data in files.items() for capture in captures_of(name, data)
        )
        hints = b""
        if chance.random() < 0.5:
            hints = _mutated(chance, HINTS, 1500)
            told.append(b"host.toml: " + hints)
        read = replace(
            host, captures=captures, hints=store.read_hints(Source("host.toml", decode(hints)))
        )
        yield host, read, target.siblings(host), b"\n".join(told)


HINTS = (
    b'title = { en = "a", ja = "b" }\npipeline = "neutron-ovs"\n[interface.eth0]\n'
    b'address = "172.16.0.31/24"\n[interface."eth2"]\nrail = "172.16.0.0/24"\n[alias]\n'
    b'"amphora-3c1f" = "Amphora"\n',
    b'hosts = ["controller", "compute"]\ntitle = "x"\nnotes = "n"\n[[accept]]\n'
    b'code = "address-two-macs"\nwhat = "192.168.1.2"\nwhy = { en = "moved" }\n',
)
PACKETS = (
    b"in_port=1,icmp,dl_src=fa:16:3e:55:2a:5d,dl_dst=ff:ff:ff:ff:ff:ff,nw_src=172.16.0.112",
    b"in_port=1,arp,arp_op=1,arp_spa=10.0.0.5,arp_tpa=10.0.0.1",
    b'in_port="tap635485ff-6c",tcp6,tp_dst=22,ipv6_src=fe80::1/64,reg0=0x1/0xff',
    b"in_port=LOCAL,dl_vlan=1,dl_vlan_pcp=7,udp,ct_state=+trk-new,tun_id=5,metadata=0x3",
    b"in_port=2,mpls,mpls_label=16,tun_metadata0=0xab,ct_label=0x1,pkt_mark=3,tcp_flags=+syn",
)
MICROFLOWS = (
    b'inport == "a" && eth.src == fa:16:3e:55:2a:5d && ip4 && ip.ttl == 64 && tcp.dst == 80',
    b'inport=="sw0-port1" && eth.dst==00:00:00:00:00:02 && ip4.src == 10.0.0.1 && icmp4.type == 8',
    b'inport == "a" && ip6.dst == fe80::/64 && (udp.src == 53 || udp.dst == {5, 6}) && reg0[3..5]',
    b"!(ip.ttl != 3) && arp.op == 1 && flags.loopback && vlan.tci == 0x1000/0x1000 && ct_mark == 1",
)
CLAIMS = (
    b"output eth1 vlan 3, tap1, ...", b"drop in table 3 of br-int", b"drop in ls_in_acl of net",
    b"controller", b"trk,est,-new+rpl", b"10.0.0.1:80", b"[fe80::1]:80",
)  # fmt: skip


def _mutated(chance: random.Random, texts: Sequence[bytes], longest: int = 400) -> bytes:
    """One of the texts, changed in up to four places; seldom as it is."""
    text = chance.choice(texts)
    for _ in range(chance.choice([0, 1, 1, 2, 4])):
        text = changed(text, chance.choice(texts), chance)
    return text[:longest]


def claims(seed: int) -> Iterator[tuple[str, bytes]]:
    """Packets, microflows, claims and hints without end, each with its kind."""
    chance = random.Random(seed)
    kinds = {"packet": PACKETS, "microflow": MICROFLOWS, "claim": CLAIMS, "hints": HINTS}
    while True:
        for kind, texts in kinds.items():
            yield kind, _mutated(chance, texts, 6000)


class _Bench(NamedTuple):
    host: store.Host
    network: Network
    switch: Switch
    dumps: Mapping[str, Dump]
    southbound: Southbound


@cache
def _bench() -> _Bench:
    """A host with a bridge's flows, whose siblings show OVN's database."""
    target = store.load_target(ROOT / "captures" / "ovn")
    host = next(host for host in target.hosts if host.name == "hv1")
    network = correlate(host, target.siblings(host))
    return _Bench(
        host,
        network,
        switch_of_host(host.captures, network),
        dumps_of_host(host.captures, network, None),
        southbound_of(network),
    )


def broken_claims(kind: str, data: bytes) -> list[str]:
    """Read one text as what it claims to be, and trace it where it is a packet."""
    text, say = decode(data), Translator("ja")
    bench = _bench()
    match kind:
        case "packet":
            _openflow(bench.switch, bench.dumps, bench.network, [text], say)
        case "microflow":
            _logical(bench.southbound, [text], say)
        case "claim":
            with suppress(Malformed):
                expectation(text)
            parse_state(text)
            parse_destination(text)
        case _:
            hints = store.read_hints(Source("host.toml", text))
            for problem in hints.diagnostics:
                if problem.span not in Source("host.toml", text).span:
                    return [f"{problem.code} stands outside"]
                str(problem)
            correlate(replace(bench.host, hints=hints), ())
    return []


def engines(
    before: store.Host, after: store.Host, siblings: tuple[store.Host, ...], data: bytes
) -> list[str]:
    """Everything that stands on the readers, for one host; ``data`` makes the packets."""
    chance = random.Random(data)
    network = correlate(after, siblings)
    others = [correlate(one, (after,)) for one in siblings[:1]]
    say = {language: Translator(language) for language in ("en", "ja")}
    for capture in after.captures:
        json.dumps(capture_json(capture, after.key))
        for note in notes(capture, network, others=others, host=after.key):
            for words in say.values():
                words.text(note.message)
    _drawn((network, *others), say)
    for words in say.values():
        _told(after.captures, network, words)
    dumps = dumps_of_host(after.captures, network, after.hints.pipeline)
    for dump in dumps.values():
        _of_dump(dump, say)
    made = [decode(_mutated(chance, PACKETS)) for _ in range(3)]
    switch = switch_of_host(after.captures, network)
    _openflow(switch, dumps, network, [*map(decode, PACKETS[:4]), *made], say["ja"])
    _logical(
        southbound_of(network), [decode(_mutated(chance, MICROFLOWS)) for _ in range(3)], say["ja"]
    )
    earlier = moment(correlate(before, siblings), before.captures, before.hints.pipeline)
    later = moment(network, after.captures, after.hints.pipeline)
    for one, other in ((earlier, later), (later, earlier), (later, later)):
        for language in say:
            diff_as_text(compare({"a": one}, {"a": other}), language)
    return [*_of_redaction(after)]


def _drawn(networks: Sequence[Network], say: dict[str, Translator]) -> None:
    """The picture of hosts in every form; SVG and drawio are XML."""
    scene = compose(networks, language="en")
    json.dumps(scene.to_json())
    drawn, layout = picture(scene, say["ja"].text)
    ElementTree.fromstring(write_drawio(drawn, layout, title=""))
    svg = paint_svg(
        layout,
        mode="static",
        words=say["en"].text,
        prefix="",
        lang="en",
        title=say["en"].text(describe.title(drawn)),
        description=say["en"].text(describe.description(drawn)),
        font="sans-serif",
    )
    ElementTree.fromstring(svg)


def _told(captures: Sequence[Capture], network: Network, words: Translator) -> None:
    """Logical flows in words and as a graph, and OVN's logical network as a picture."""
    listing = listing_of(captures, captures, network)
    if listing is not None:
        short = replace(listing, flows=listing.flows[:100])
        json.dumps(lflows_as_json(short, words))
        lflows_as_text(short, words)
        lflows_as_markdown(short, words)
        _of_tables(stage_picture(listing.flows, listing.names), words)
    scene = logical_scene(logical_network(captures))
    json.dumps(scene.to_json())
    write_logical_dot(scene, words.text)
    svg = paint_logical(
        scene,
        lay_out_logical(scene, words.text),
        mode="static",
        say=words.text,
        prefix="",
        lang="en",
        title=words.text(logical_words.TITLE),
        description=words.text(logical_words.description(scene)),
        font="sans-serif",
    )
    ElementTree.fromstring(svg)


def _of_dump(dump: Dump, say: dict[str, Translator]) -> None:
    for words in say.values():
        flows_as_text(dump.flows[:200], dump.names, dump.pipeline, words, table=None)
    flows_as_markdown(dump.flows[:200], dump.names, dump.pipeline, say["ja"], table=None)
    _of_tables(table_picture(dump.flows, dump.names, dump.pipeline), say["ja"])


def _of_tables(graph: TablePicture, words: Translator) -> None:
    dot_text(graph, words.text)
    svg = paint_tables(
        graph,
        lay_out_tables(graph, words.text),
        mode="static",
        say=words.text,
        prefix="",
        lang="ja",
        title=words.text(graph_words.title(graph)),
        description=words.text(graph_words.description(graph, words.text)),
        font="sans-serif",
    )
    ElementTree.fromstring(svg)


def _openflow(
    switch: Switch,
    dumps: Mapping[str, Dump],
    network: Network,
    texts: Sequence[str],
    words: Translator,
) -> None:
    """Packets on two ports of each bridge; a refusal has words."""
    for bridge in switch.bridges.values():
        for port in sorted(bridge.numbers.values())[:2] or [1]:
            for text in texts:
                try:
                    packet = parse_packet(text.replace("=1,", f"={port},", 1), bridge.numbers)
                except PacketError as error:
                    words.text(packet_error(error))
                    continue
                found = trace(switch, bridge, packet, (33, 34))
                json.dumps(trace_as_json(found, words))
                trace_as_text(found, dumps, network, words)


def _logical(southbound: Southbound, texts: Sequence[str], words: Translator) -> None:
    """Microflows in two datapaths, each at a port that is there and at the one that they name."""
    for datapath in southbound.state.datapaths[:2]:
        ports = sorted(datapath.ports)[:1]
        for text in texts:
            for arrived in (text, *(text.replace('"a"', f'"{port}"') for port in ports)):
                try:
                    packet = arriving(datapath, arrived)
                except MicroflowError as error:
                    words.text(microflow_error(error))
                    continue
                options = Options((33, 34), parse_destination("10.0.0.1:80"))
                found = logical_trace(southbound.state, datapath, packet, options)
                json.dumps(logical_trace_as_json(found, words))
                logical_trace_as_text(found, southbound.names, words)


def _of_redaction(host: store.Host) -> Iterator[str]:
    for capture in host.captures[:6]:
        text = capture.source.text[:30_000]
        source = Source("", text)
        hidden = masked(source, secret_spans(source))
        if len(encode(hidden)) != len(encode(text)) and text.isascii():
            yield "masking changes the number of bytes"
        if len(hidden) != len(text):
            yield "masking changes the number of characters"
        known = Known()
        known.learn(text)
        done = redacted(text, known, Pseudonyms(b"fuzz"))
        if done.count("\n") != text.count("\n"):
            yield "redaction changes the number of lines"
        encode(done)

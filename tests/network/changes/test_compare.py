"""Two snapshots: nothing told of what comes and goes by itself, one change for one edit."""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ovs_capture import store
from ovs_capture.formats.reading import read
from ovs_capture.network.changes.compare import compare_host
from ovs_capture.network.changes.model import Change, HostChanges
from ovs_capture.network.correlate import correlate
from ovs_capture.source import Source
from ovs_capture.store import Hints, Host
from ovs_capture.subjects.changes import (
    Moment,
    moment,
)
from tests.conftest import ROOT

CAPTURES = ROOT / "captures"
HOSTS = sorted(path for path in CAPTURES.rglob("*") if path.is_dir() and store.is_host(path))

Texts = Mapping[str, str]


def host_of(texts: Texts) -> Moment:
    captures = tuple(
        capture for name, text in texts.items() for capture in read(Source(name, text))
    )
    host = Host("lab/node", Path("node"), captures, Hints())
    return moment(correlate(host), captures, None)


def differences(before: Texts, after: Texts) -> HostChanges:
    return compare_host("node", host_of(before).snapshot, host_of(after).snapshot)


def texts_of(path: Path) -> dict[str, str]:
    return {file.name: store.read_text(file) for file in store.capture_files(path)}


def told(changes: HostChanges) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(one.kind, one.what, one.key) for one in changes.changes]


def fields(change: Change) -> dict[str, tuple[object, object]]:
    return {one.name: (one.before, one.after) for one in change.fields}


NODE = CAPTURES / "ovs-vlan" / "cmp1"


@pytest.fixture(scope="module")
def node() -> dict[str, str]:
    names = ("ovs-vsctl-show.txt", "ip-d-link-show.txt", "ip-addr-show.txt",
             "ovs-ofctl-dump-flows-br-int.txt", "ovs-appctl-ofproto-list-tunnels.txt")  # fmt: skip
    texts = texts_of(NODE)
    return {name: texts[name] for name in names}


@pytest.mark.parametrize("path", HOSTS, ids=lambda path: path.relative_to(CAPTURES).as_posix())
def test_a_host_has_not_changed_against_itself(path: Path) -> None:
    texts = texts_of(path)
    found = differences(texts, texts)
    assert found.nothing
    assert (found.changes, found.joins, found.renumbered, found.unproven) == ((), (), (), 0)
    assert (found.only_before, found.only_after) == ((), ())


VOLATILE: Mapping[str, Callable[[str], str]] = {
    "durations": lambda text: re.sub(r"duration=[\d.]+s", "duration=99999.001s", text),
    "counts": lambda text: re.sub(r"n_(packets|bytes)=\d+", r"n_\1=424242", text),
    "ages": lambda text: re.sub(r" priority=", " idle_age=7, priority=", text),
    "cookies": lambda text: re.sub(r"cookie=0x\w+", "cookie=0xfeed", text),
    "ifindexes": lambda text: re.sub(
        r"^(\d+): ", lambda m: f"{int(m[1]) + 100}: ", text, flags=re.M
    ),
    "promiscuity": lambda text: re.sub(r"promiscuity \d", "promiscuity 7", text),
    "tunnel numbers": lambda text: re.sub(
        r"^port (\d+):", lambda m: f"port {int(m[1]) + 9}:", text, flags=re.M
    ),
    "order of flows": lambda text: "\n".join(
        sorted(text.splitlines(), key=lambda line: (line[:1] == " ", line[::-1]))
    ) + "\n"
    if "dump-flows" in text else text,
}  # fmt: skip


@pytest.mark.parametrize("what", VOLATILE)
def test_what_comes_and_goes_by_itself_is_no_change(what: str, node: dict[str, str]) -> None:
    after = {name: VOLATILE[what](text) for name, text in node.items()}
    assert after != node
    assert differences(node, after).nothing


EDITS: Mapping[str, tuple[Callable[[str], str], str, tuple[str, str]]] = {
    "an MTU in two listings": (
        lambda text: re.sub(r"(: tap2d86afab-c5: .* mtu )\d+", r"\g<1>1400", text),
        "device", ("changed", "tap2d86afab-c5"),
    ),
    "a tag": (
        lambda text: re.sub(r"(Port tap6f1d2c33-fe\n\s+tag: )\d+", r"\g<1>2", text),
        "port", ("changed", "br-int"),
    ),
    "a port gone": (
        lambda text: re.sub(
            r" +Port tapc33956e5-c7\n +tag: \d+\n +Interface tapc33956e5-c7\n", "", text
        ),
        "port", ("gone", "br-int"),
    ),
    "a flow's action": (
        lambda text: re.sub(r"(dl_vlan=4095 actions=)drop", r"\g<1>NORMAL", text),
        "flow", ("changed", "br-int"),
    ),
    "a flow gone": (
        lambda text: re.sub(r".*dl_vlan=4095 actions=drop\n", "", text),
        "flow", ("gone", "br-int"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("edit", EDITS)
def test_one_edit_is_one_change_and_told_backwards_its_mirror(
    edit: str, node: dict[str, str]
) -> None:
    made, what, (kind, name) = EDITS[edit]
    after = {file: made(text) for file, text in node.items()}
    (change,) = differences(node, after).changes
    assert (change.what, change.kind, change.key[0]) == (what, kind, name)
    (mirror,) = differences(after, node).changes
    expected = change.mirrored()
    assert (mirror.kind, mirror.what, mirror.key) == (expected.kind, expected.what, expected.key)
    assert mirror.fields == expected.fields


FLOWS = [
    line
    for line in texts_of(NODE)["ovs-ofctl-dump-flows-br-int.txt"].splitlines()
    if "actions=" in line
]


@settings(max_examples=12)
@given(
    st.sets(st.integers(0, len(FLOWS) - 1), max_size=6),
    st.sets(st.integers(0, len(FLOWS) - 1), max_size=6),
)
def test_flows_taken_out_at_random(here: set[int], there: set[int]) -> None:
    def dump(without: set[int]) -> Texts:
        kept = [line for n, line in enumerate(FLOWS) if n not in without]
        return {"dump.txt": "\n".join(["$ ovs-ofctl dump-flows br-int", *kept]) + "\n"}

    one, other = dump(here), dump(there)
    found, mirror = told(differences(one, other)), told(differences(other, one))
    assert (
        Counter(kind for kind, _, _ in found)
        == Counter({"new": len(here - there), "gone": len(there - here)}) - Counter()
    )
    turned = {"new": "gone", "gone": "new"}
    assert sorted(found) == sorted((turned[kind], what, key) for kind, what, key in mirror)


def test_an_elided_capture_proves_no_absence(node: dict[str, str]) -> None:
    name = "ovs-vsctl-show.txt"
    cut = re.sub(r" +Port tapc33956e5-c7\n +tag: \d+\n +Interface \S+\n", "(...)\n", node[name])
    found = differences({name: node[name]}, {name: cut})
    assert (found.changes, found.unproven) == ((), 1)
    # Told backwards: the earlier capture may have had it.
    found = differences({name: cut}, {name: node[name]})
    assert (found.changes, found.unproven) == ((), 1)


def test_what_one_side_did_not_capture_is_said_and_not_told_as_gone(node: dict[str, str]) -> None:
    less = {name: text for name, text in node.items() if "vsctl" not in name}
    found = differences(node, less)
    assert [one.command.text for one in found.only_before if one.command] == ["ovs-vsctl show"]
    assert all(what != "port" for _, what, _ in told(found))


def test_the_last_capture_of_a_command_is_the_state() -> None:
    first = "$ ip link\n1: lo: <UP> mtu 1\n2: eth0: <UP> mtu 1500\n"
    last = "$ ip link\n1: lo: <UP> mtu 1\n"
    both = {"a.txt": first, "b.txt": last}
    assert told(differences({"a.txt": first}, both)) == [("gone", "device", ("eth0", ""))]


def test_other_text_that_nobody_reads_is_said() -> None:
    found = differences({"a.txt": "$ uptime\n up 1 day\n"}, {"a.txt": "$ uptime\n up 2 days\n"})
    assert found.changes == ()
    assert len(found.unread) == 1
    assert not found.nothing


def test_equal_entries_are_counted() -> None:
    rule = "-A INPUT -j ACCEPT\n"
    head = "$ iptables-save\n*filter\n:INPUT ACCEPT [0:0]\n"
    found = differences({"a": f"{head}{rule}COMMIT\n"}, {"a": f"{head}{rule}{rule}COMMIT\n"})
    assert [kind for kind, _, _ in told(found)] == ["new"]


def test_numbers_of_ports_are_told_by_name() -> None:
    def texts(number: int) -> Texts:
        return {
            "ports.txt": "$ ovs-ofctl show br-int\nOFPT_FEATURES_REPLY (xid=0x2): dpid:0000\n"
            f" {number}(tap1): addr:fe:16:3e:00:00:01\n     config:     0\n     state:      0\n",
            "flows.txt": "$ ovs-ofctl dump-flows br-int\n"
            f" cookie=0x1, duration=1s, table=0, n_packets=0, n_bytes=0, in_port={number} "
            f"actions=load:{number:#x}->NXM_NX_REG5[],resubmit(,25)\n"
            " cookie=0x1, duration=1s, table=0, n_packets=0, n_bytes=0, in_port=77 "
            "actions=load:0x4d->NXM_NX_REG5[],resubmit(,25)\n"
            " cookie=0x1, duration=1s, table=25, n_packets=0, n_bytes=0, "
            f"reg5={number:#x} actions=output:{number}\n",
        }  # fmt: skip

    assert differences(texts(3), texts(9)).nothing


def test_a_real_pair(root: Path) -> None:
    """52 flows of the instance that was deleted, 52 of the one that was made: counted when they
    were, in the laboratory; every cookie, number of port and counter differs."""
    pair = [texts_of(root / "captures" / "what-changed" / side / "cmp1")
            for side in ("before", "after")]  # fmt: skip
    found = differences(*pair)
    assert Counter((one.what, one.kind) for one in found.changes) == {
        ("flow", "new"): 52,
        ("flow", "gone"): 52,
        ("device", "new"): 1,
        ("device", "changed"): 3,
        ("port", "new"): 1,
        ("port", "gone"): 1,
        ("port", "changed"): 1,
    }
    (join,) = found.joins
    assert join.key[0] == "instance03"
    assert [(one.name, one.before, one.after) for one in join.fields] == [("vlan", "3", "2")]


def test_anything_can_be_compared(root: Path) -> None:
    """Unlike hosts: never an exception, and always the mirror."""
    hosts = [texts_of(root / "captures" / name) for name in
             ("flat-instance/controller", "linuxbridge/lbnet1", "ovs-vlan/net1")]  # fmt: skip
    for one in hosts:
        for other in hosts:
            found, mirror = differences(one, other), differences(other, one)
            assert sorted(told(found)) == sorted(
                (c.kind, c.what, c.key) for c in (m.mirrored() for m in mirror.changes)
            )

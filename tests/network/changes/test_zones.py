"""Connection tracking zones that ovn-controller numbered anew are nobody's change.

``zones/`` holds what a real chassis showed before and after ovn-controller started without the
zones that it had kept; between the two a neighbour answered, which is one real change.
"""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ovs_capture.explain.changes import notes
from ovs_capture.formats.reading import read
from ovs_capture.logical.registers import registers_with
from ovs_capture.network.changes.zones import same_zones, zone_registers, zones_of
from ovs_capture.openflow.flow import Flow
from ovs_capture.source import Source
from ovs_capture.translation import Translator
from tests.network.changes.test_compare import Texts, differences, fields, texts_of, told

HERE = Path(__file__).parent / "zones"
LIST, FLOWS, BRIDGE = (
    f"{name}.txt.gz"
    for name in ("ct-zone-list", "ovs-ofctl-dump-flows-br-int", "ovs-vsctl-list-bridge-br-int")
)
REAL = ("flow", ("br-int", "25", "100"))


@cache
def side(name: str) -> Texts:
    return texts_of(HERE / name)


def changed(names: Iterable[str], **edits: Texts) -> list[tuple[str, tuple[str, ...]]]:
    """What changed, each with the first parts of its key, between these captures of both sides."""
    names = list(names)
    before, after = (
        {name: edits.get(which, {}).get(name, side(which)[name]) for name in names}
        for which in ("before", "after")
    )
    return [(what, key[:3]) for _, what, key in told(differences(before, after))]


@pytest.mark.parametrize("names", [(LIST, FLOWS), (BRIDGE, FLOWS), (LIST, FLOWS, BRIDGE)])
def test_only_what_really_changed(names: tuple[str, ...]) -> None:
    assert changed(names) == [REAL]


def test_how_many_is_said_once() -> None:
    found = differences(side("before"), side("after"))
    assert found.zones == {"br-int": 8}
    (said,) = notes(found)
    assert Translator("en").text(said) == (
        "Connection tracking zones of br-int that only have another number: 8. "
        "Flows that differ in it alone are not told."
    )
    assert differences(side("before"), side("before")).zones == {}


def test_without_names_they_stay_changes() -> None:
    assert len(changed([FLOWS])) == 35


@pytest.mark.parametrize("which", ["before", "after"])
def test_names_on_one_side_only_prove_nothing(which: str) -> None:
    before, after = dict(side("before")), dict(side("after"))
    del {"before": after, "after": before}[which][LIST]
    for texts in (before, after):
        del texts[BRIDGE]
    assert len(differences(before, after).changes) == 35


def test_a_zone_that_one_side_does_not_name_stays_a_change() -> None:
    """The zone of one port: where its packets come from and where they go, and where they loop."""
    lines = side("after")[LIST].splitlines(keepends=True)
    cut = "".join(line for line in lines if not line.startswith("c8e33d72"))
    found = changed([LIST, FLOWS], after={LIST: cut})
    assert REAL in found
    assert 1 < len(found) < 10


def test_a_name_that_is_said_twice_differently_proves_nothing() -> None:
    wrong = re.sub(r"(?m)^(c8e33d72\S+) 4$", r"\1 99", side("after")[LIST])
    found = changed([LIST, FLOWS, BRIDGE], after={LIST: wrong})
    assert 1 < len(found) < 10


def test_another_zone_is_a_change() -> None:
    """A port whose packets are tracked in the zone of another one."""
    flows = side("after")[FLOWS]
    assert flows.count("load:0x4->NXM_NX_REG13[]") > 1
    moved = flows.replace("load:0x4->NXM_NX_REG13[]", "load:0x5->NXM_NX_REG13[]", 1)
    found = changed([LIST, FLOWS], after={FLOWS: moved})
    assert len(found) == 2
    assert REAL in found


def test_what_else_a_row_says_is_compared() -> None:
    other = side("after")[BRIDGE].replace("{ct-zone-", "{site=osaka, ct-zone-", 1)
    found = differences(
        {BRIDGE: side("before")[BRIDGE]},
        {BRIDGE: other},
    )
    (row,) = found.changes
    assert fields(row).keys() == {"external_ids"}


ZONES = "$ ovn-appctl -t ovn-controller ct-zone-list\n{}"
DUMP = "$ ovs-ofctl dump-flows br-int\n"


def small(zones: str, *flows: str) -> Texts:
    line = " cookie=0x1, duration=1s, table=0, n_packets=0, n_bytes=0, priority=1,{}\n"
    return {
        "zones.txt": ZONES.format(zones),
        "flows.txt": DUMP + "".join(line.format(flow) for flow in flows),
    }


USES = "ipv6 actions=ct(table=1,zone=NXM_NX_REG13[0..15])"


@pytest.mark.parametrize(
    ("flow", "place"),
    [
        ("ip actions=load:{:#x}->NXM_NX_REG13[],drop", "load"),
        ("ip actions=load:{:#x}->NXM_NX_REG13[0..15]", "a half, since OVN 24.03"),
        ("ip actions=set_field:{:#x}->reg13", "OpenFlow 1.5"),
        ("ip actions=set_field:{:#x}/0xffff->reg13", "masked"),
        ("ip actions=load:{:#x}->NXM_NX_REG11[]", "DNAT"),
        ("ip actions=load:{:#x}->NXM_NX_REG12[]", "SNAT"),
        ("ip actions=ct(commit,zone={})", "a number"),
        ("ip actions=clone(load:{:#x}->NXM_NX_REG13[],resubmit(,40))", "nested"),
        ("ct_zone={} actions=drop", "matched"),
        ("reg13={:#x} actions=drop", "a register that is matched"),
        ("reg13={:#x}/0xffff actions=drop", "half of a register that is matched"),
    ],
)
def test_wherever_a_flow_names_a_zone(flow: str, place: str) -> None:
    before = small("p1 5\np2 6\n", USES, flow.format(5))
    after = small("p1 7\np2 6\n", USES, flow.format(7))
    assert differences(before, after).changes == (), place
    other = small("p1 7\np2 6\n", USES, flow.format(6))
    assert differences(before, other).changes != (), place


@pytest.mark.parametrize(
    "flow",
    [
        "ip actions=load:{:#x}->NXM_NX_REG13[16..31]",
        "ip actions=load:{:#x}->NXM_NX_REG14[]",
        "ip actions=set_field:{:#x}->metadata",
        "ip actions=resubmit(,{})",
        "ct_mark={} actions=drop",
    ],
)
def test_what_is_no_zone(flow: str) -> None:
    before, after = small("p1 5\n", USES, flow.format(5)), small("p1 7\n", USES, flow.format(7))
    assert differences(before, after).changes


def test_a_bridge_whose_flows_track_nothing() -> None:
    flow = "ip actions=load:{:#x}->NXM_NX_REG13[]"
    assert differences(small("p1 5\n", flow.format(5)), small("p1 7\n", flow.format(7))).changes


def zones(*texts: str) -> dict[int, str]:
    return zones_of([one for text in texts for one in read(Source("x.txt", text))])


def test_zones_of_a_host() -> None:
    row = (
        "$ ovs-vsctl list Bridge br-int\n_uuid : 4fa11862-6f97-48c9-ab82-cf5321d5dad1\n"
        'external_ids : {ct-zone-p1="5", ct-zone-lr_snat="8", ovn-nb-cfg="2"}\nname : br-int\n'
    )
    assert zones(row) == {5: "p1", 8: "lr_snat"}
    assert zones(row, ZONES.format("lr_snat 8\np2 6\n")) == {5: "p1", 8: "lr_snat", 6: "p2"}
    assert zones(row, ZONES.format("lr_snat 9\np1 5\n")) == {5: "p1"}
    # ovn-northd may be asked for a zone, which then can be of two.
    assert zones(ZONES.format("p1 5\np2 5\np3 6\n")) == {6: "p3"}


NAMES = st.dictionaries(st.integers(1, 9), st.sampled_from("abcdefghi"), max_size=9).filter(
    lambda found: len(set(found.values())) == len(found)
)


@given(NAMES, NAMES)
def test_the_same_zones_backwards(before: dict[int, str], after: dict[int, str]) -> None:
    assert same_zones(before, after) == same_zones(after, before)
    assert same_zones(before, before) == (set(before.values()), 0)


@pytest.mark.parametrize(
    ("known", "registers"),
    [
        ({"reg13"}, {"reg11", "reg12", "reg13"}),
        ({"reg5"}, {"reg5"}),
        ({"reg6"}, set()),
        ((), set()),
    ],
)
def test_registers_of_zones_come_together(known: set[str], registers: set[str]) -> None:
    assert registers_with(known, ("zone", "dnat_zone", "snat_zone")) == registers


def test_registers_that_flows_track_by() -> None:
    (capture,) = read(Source("x.txt", DUMP + " table=0 actions=ct(zone=NXM_NX_REG6[0..15])\n"))
    flows = [record for record in capture.parsed.records if isinstance(record, Flow)]
    assert zone_registers(flows) == {"reg6"}

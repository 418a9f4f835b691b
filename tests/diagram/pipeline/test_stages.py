"""The graph of the stages of logical flows."""

import re
from collections import Counter

import pytest

from ovs_capture.diagram.pipeline.layout import lay_out_tables
from ovs_capture.diagram.pipeline.parts import TablePicture
from ovs_capture.diagram.pipeline.stages import stage_picture
from ovs_capture.explain.logical.names import LogicalNames
from ovs_capture.formats.ovn_sbctl_lflow_list import FORMAT
from ovs_capture.logical.flow import LogicalFlow
from ovs_capture.source import Source
from ovs_capture.translation import Translator
from tests.diagram.scenes import english
from tests.explain.logical.listings import modern

SWITCH = """\
Datapath: "sw" (4c2f28ab-0c1a-4a92-9ba1-4e9ae9a1c2d3)  Pipeline: ingress
  table=0 (ls_in_check_port_sec), priority=100, match=(vlan.present), action=(drop;)
  table=0 (ls_in_check_port_sec), priority=50, match=(1), action=(next;)
  table=1 (ls_in_apply_port_sec), priority=0, match=(1), action=(next;)
  table=2 (ls_in_lookup_fdb), priority=9, match=(ip4), action=(next;)
  table=2 (ls_in_lookup_fdb), priority=0, match=(1), action=(next;)
  table=3 (ls_in_acl), priority=9, match=(ip4), action=(ct_commit { ct_mark = 1; }; /* drop */)
  table=3 (ls_in_acl), priority=8, match=(ip6), action=(ct_next;)
  table=3 (ls_in_acl), priority=0, match=(1), action=(next;)
  table=4 (ls_in_l2_lkup), priority=9, match=(udp), action=(handle_svc_check(inport);)
  table=4 (ls_in_l2_lkup), priority=0, match=(1), action=(outport = "_MC_flood"; output;)
Datapath: "sw" (4c2f28ab-0c1a-4a92-9ba1-4e9ae9a1c2d3)  Pipeline: egress
  table=0 (ls_out_acl), priority=9, match=(1), action=(reject { next(pipeline=ingress,table=4); };)
  table=0 (ls_out_acl), priority=0, match=(1), action=(next;)
  table=1 (ls_out_apply_port_sec), priority=0, match=(1), action=(output;)
"""


def read(text: str) -> tuple[LogicalFlow, ...]:
    parsed = FORMAT.parse(Source("lflows.txt", text))
    return tuple(record for record in parsed.records if isinstance(record, LogicalFlow))


def picture_of(text: str, datapath: str | None = None) -> TablePicture:
    flows = read(text)
    return stage_picture(flows, LogicalNames.of(None, flows), datapath)


def told(picture: TablePicture) -> list[str]:
    """The links as ``from kind to: flows``, stages by their names."""
    names = {table.id: "+".join(table.stages) or str(table.number) for table in picture.tables}
    names |= {port.id: port.side for port in picture.ports}
    return [
        f"{names[link.source]} {link.kind} {names[link.target]}: {link.flows}"
        for link in picture.links
    ]


def test_links_of_a_switch() -> None:
    assert told(picture_of(SWITCH)) == [
        "in in ls_in_check_port_sec: 2",
        "ls_in_check_port_sec next ls_in_apply_port_sec+ls_in_lookup_fdb: 1",
        "ls_in_apply_port_sec+ls_in_lookup_fdb next ls_in_acl: 2",
        "ls_in_acl ct ls_in_l2_lkup: 1",
        "ls_in_acl next ls_in_l2_lkup: 1",
        "ls_in_l2_lkup output ls_out_acl: 1",
        "ls_out_acl next ls_in_l2_lkup: 1",
        "ls_out_acl next ls_out_apply_port_sec: 1",
        "ls_out_apply_port_sec out out: 1",
    ]


def test_ends_tell_a_drop_from_what_is_handed_over() -> None:
    picture = picture_of(SWITCH)
    names = {table.id: table.stages[0] for table in picture.tables}
    assert [(names[stop.table], stop.kind) for stop in picture.stops] == [
        ("ls_in_check_port_sec", "drop"),
        ("ls_in_acl", "drop"),
        ("ls_in_l2_lkup", "nothing"),
    ]


def test_stages_that_hand_on_are_one_part_with_its_numbers() -> None:
    (part,) = [table for table in picture_of(SWITCH).tables if len(table.stages) > 1]
    assert (part.number, part.last, part.flows) == (1, 2, 3)
    assert part.constant == "ls_in_apply_port_sec … lookup_fdb"


def test_egress_stands_below_ingress_whatever_leads_back() -> None:
    picture = picture_of(SWITCH)
    layout = lay_out_tables(picture, english)
    y = {box.owner: box.rect.y for box in layout.boxes}
    heights = [y[table.id] for table in picture.tables]
    assert heights == sorted(heights)
    assert len(set(heights)) == len(heights)


def test_a_stage_that_no_flow_leads_to_stands_aside() -> None:
    text = SWITCH.replace("table=3 (ls_in_acl), priority=8, match=(ip6), action=(ct_next;)", "")
    text = text.replace("table=3 (ls_in_acl), priority=0, match=(1), action=(next;)", "")
    text = text.replace("next(pipeline=ingress,table=4);", "next(pipeline=egress,table=1);")
    aside = [table.stages[0] for table in picture_of(text).aside]
    assert aside == ["ls_in_l2_lkup"]


def test_of_a_part_of_a_listing_nothing_is_called_unreachable() -> None:
    lines = [line for line in SWITCH.splitlines(keepends=True) if "ls_in_lookup_fdb" not in line]
    picture = picture_of("".join(lines))
    assert picture.aside == ()
    missing = [table for table in picture.tables if not table.stages]
    assert [(table.number, table.flows) for table in missing] == [(2, 0)]


def test_a_listing_without_heads_goes_by_its_stages() -> None:
    headless = "".join(f"{line}\n" for line in SWITCH.splitlines() if "Datapath" not in line)
    assert told(picture_of(headless)) == told(picture_of(SWITCH))


def test_datapaths_of_a_kind_are_drawn_once() -> None:
    both = SWITCH + SWITCH.replace('"sw"', '"sx"').replace("4c2f28ab", "5c2f28ab")
    one, two = picture_of(SWITCH), picture_of(both)
    assert [table.stages for table in one.tables] == [table.stages for table in two.tables]
    assert [table.flows * 2 for table in one.tables] == [table.flows for table in two.tables]
    assert [english(port.told) for port in two.ports if port.told] == [
        "ports of logical switches (2)"
    ] * 2


def test_of_a_whole_listing_every_flow_that_outputs_or_drops_counts() -> None:
    """Counted anew in the text of the listing of a laboratory."""
    listing = modern()
    picture = stage_picture(listing.flows, listing.names)
    stages = {table.id: table.stages for table in picture.tables}
    assert picture.aside == ()
    outputs, drops = Counter[str](), Counter[str]()
    for link in picture.links:
        if link.kind in ("output", "out"):
            outputs[stages[link.source][0]] += link.flows
    for stop in picture.stops:
        drops[stages[stop.table][0]] += stop.flows if stop.kind == "drop" else 0
    text = listing.capture.source.window
    flows = re.findall(r"\((l[sr]_\w+) *\), priority=.*?, action=\((.*)\)$", text, re.MULTILINE)
    assert len(flows) == len(listing.flows)
    assert outputs == Counter(stage for stage, does in flows if re.search(r"\boutput;", does))
    onward = re.compile(r"\b(next|output|ct_\w+)\b")
    bare = [(stage, re.sub(r"ct_commit {.*?};", "", does)) for stage, does in flows]
    plain = Counter(s for s, does in bare if "drop" in does and not onward.search(does))
    assert plain == +drops


@pytest.mark.parametrize("text", ["", "  table=0 (x), priority=0, match=(1), action=(next(9);)\n"])
def test_nothing_breaks_it(text: str) -> None:
    picture = picture_of(text)
    assert lay_out_tables(picture, Translator("ja").text).width > 0

"""Which flows are told together, and what a row says of those that differ."""

import re

from ovs_capture.explain.logical import listing as listings
from ovs_capture.explain.logical.listing import Passage, Stage, all_stages, parts
from ovs_capture.translation import Translator

from .listings import listing, modern

SAY = Translator("en").text
HEAD = 'Datapath: "net" aka "private" (0b214af6-8910-489c-926a-fd0ed16a8251)  Pipeline: ingress'
TEXT = f"""$ ovn-sbctl lflow-list
{HEAD}
  table=0 (ls_in_check_port_sec), priority=100  , match=(vlan.present), action=(drop;)
  table=2 (ls_in_lookup_fdb   ), priority=0    , match=(1), action=(next;)
  table=3 (ls_in_put_fdb      ), priority=0    , match=(1), action=(next;)
  table=25(ls_in_l2_lkup      ), priority=50   , match=(eth.dst == 00:00:00:00:00:01), \
action=(outport = "a"; output;)
  table=25(ls_in_l2_lkup      ), priority=50   , match=(eth.dst == 00:00:00:00:00:02), \
action=(outport = "b"; output;)
  table=25(ls_in_l2_lkup      ), priority=40   , match=(eth.dst == 00:00:00:00:00:03), \
action=(outport = "c"; output;)
"""


def test_flows_that_differ_in_values_are_one_row() -> None:
    found = listing(TEXT)
    (part,) = parts(found.flows, found.names)
    first, passage, last = part.stages
    assert isinstance(first, Stage) and first.name == "ls_in_check_port_sec"
    assert isinstance(passage, Passage)
    assert [stage.table for stage in passage.stages] == [2, 3]
    assert isinstance(last, Stage)
    together, alone = last.rows
    assert len(together.flows) == 2 and len(alone.flows) == 1
    assert [SAY(column.head) for column in together.columns] == ["destination MAC", "port"]
    assert SAY(together.reading) == (
        "Packets with destination MAC 00:00:00:00:00:01 or 00:00:00:00:00:02: send to a or b."
    )
    assert together.purpose is not None
    assert SAY(together.purpose.message) == (
        "L2 switching: frames to each MAC go to the port that has this MAC."
    )


def test_no_flow_is_lost() -> None:
    found = modern()
    assert sum(part.flows for part in parts(found.flows, found.names)) == len(found.flows)


def test_a_limit_tells_the_first_flows() -> None:
    found = modern()
    assert sum(part.flows for part in parts(found.flows, found.names, limit=100)) == 100


def test_a_large_listing_tells_the_datapaths_of_a_kind_together() -> None:
    found = modern()
    flows = found.flows * (listings.LARGE // len(found.flows) + 1)
    told = parts(flows, found.names)
    assert len(told) == 4  # switches and routers, ingress and egress
    assert sum(part.flows for part in told) == len(flows)
    heads = [SAY(c.head) for p in told for s in p.stages if isinstance(s, Stage)
             for row in s.rows for c in row.columns]  # fmt: skip
    assert "datapath" in heads


def test_the_purpose_of_a_group_names_no_thing_twice() -> None:
    found = {
        Translator(language).text(row.purpose.message)
        for language in ("en", "ja")
        for part in parts(modern().flows, modern().names)
        for one in part.stages
        for stage in all_stages(one)
        for row in stage.rows
        if row.purpose is not None
    }
    assert not [
        text for text in found if re.search(r"(address|MAC|port|network|subnet) each", text)
    ]
    assert not [text for text in found if re.search(r"(アドレス|MAC |ポート|ネットワーク)各", text)]
    assert any("each network" in text for text in found)

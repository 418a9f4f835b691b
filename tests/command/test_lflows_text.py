"""What the command prints of logical flows."""

from ovs_capture.command.lflows_text import (
    action_texts,
    lflows_as_json,
    lflows_as_markdown,
    lflows_as_text,
)
from ovs_capture.translation import Translator
from tests.explain.logical.listings import flow, listing

TEXT = """$ ovn-sbctl lflow-list
Datapath: "net" (0b214af6-8910-489c-926a-fd0ed16a8251)  Pipeline: ingress
  table=0 (ls_in_check_port_sec), priority=100  , match=(vlan.present), action=(drop;)
  table=25(ls_in_l2_lkup      ), priority=50   , match=(eth.dst == 00:00:00:00:00:01), \
action=(outport = "a"; output;)
"""
EN, JA = Translator("en"), Translator("ja")


def test_json() -> None:
    first, second = lflows_as_json(listing(TEXT, "x.txt"), EN)["flows"]
    assert {k: first[k] for k in ("file", "line", "datapath", "pipeline", "stage", "table")} == {
        "file": "x.txt",
        "line": 3,
        "datapath": "net",
        "pipeline": "ingress",
        "stage": "ls_in_check_port_sec",
        "table": 0,
    }
    assert second["match"] == [{"field": None, "text": "eth.dst == 00:00:00:00:00:01"}]
    assert second["actions"] == ['outport = "a"', "output"]
    assert second["reading"] == "Packets with destination MAC 00:00:00:00:00:01: send to a."
    assert second["purpose_source"].endswith("(ls_in_l2_lkup, l2-port)")


def test_json_of_one_table() -> None:
    assert [f["table"] for f in lflows_as_json(listing(TEXT), EN, table=25)["flows"]] == [25]


def test_actions_are_parted_at_the_top_level_only() -> None:
    text = 'clone { outport = "a;"; output; }; reg0[3] = put_dhcp_opts(a = {1; 2}); next;'
    assert action_texts(flow("ip4", text)) == [
        'clone { outport = "a;"; output; }',
        "reg0[3] = put_dhcp_opts(a = {1; 2})",
        "next",
    ]


def test_text() -> None:
    told = lflows_as_text(listing(TEXT), JA)
    assert "宛先 MAC が 00:00:00:00:00:01 のパケットは、a へ送る。" in told
    assert "net: ingress パイプライン" in told


def test_markdown_of_one_table() -> None:
    told = lflows_as_markdown(listing(TEXT), EN, table=0)
    assert "| 100 | VLAN-tagged frames: drop the packet. |" in told
    assert "l2\\_lkup" not in told

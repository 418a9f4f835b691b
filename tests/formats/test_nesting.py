"""Texts that nest or go on without end: told at the place, in bounded time, stack and memory."""

import json
import pickle
import subprocess
import sys
import time

import pytest

from ovs_capture.command.records_json import capture_json
from ovs_capture.formats.reading import read
from ovs_capture.formats.registry import BY_NAME
from ovs_capture.source import Source
from tests.conftest import ROOT
from tools.fuzz_captures import broken_promises

DEEP = 10_000
FLOW = (
    "$ ovs-ofctl dump-flows br-int\n cookie=0x1, duration=1s, table=0, n_packets=1, n_bytes=1, "
    "priority=1,in_port=1{match} actions={actions}\n"
)
LOGICAL = (
    '$ ovn-sbctl lflow-list\nDatapath: "a" (698493db-95ef-4c31-b419-56b3d4096f2b)  '
    "Pipeline: ingress\n  table=0 (ls_in_x), priority=100  , match=({match}), action=({actions})\n"
)
DPCTL = (
    "$ ovs-appctl dpctl/dump-flows\nrecirc_id(0),in_port(2){key}, packets:0, bytes:0, used:never, "
    "actions:{actions}\n"
)


def nested(begin: str, end: str = "", inside: str = "") -> str:
    return begin * DEEP + inside + end * DEEP


def flow(match: str = "", actions: str = "drop") -> str:
    return FLOW.replace("{match}", match).replace("{actions}", actions)


def logical(match: str = "ip4", actions: str = "next;") -> str:
    return LOGICAL.replace("{match}", match).replace("{actions}", actions)


def datapath(key: str = "", actions: str = "drop") -> str:
    return DPCTL.replace("{key}", key).replace("{actions}", actions)


TEXTS = {
    "parentheses of actions": ("ovs_ofctl_dump_flows", flow(actions=nested("(", ")"))),
    "clones": ("ovs_ofctl_dump_flows", flow(actions=nested("clone(", ")", "drop"))),
    "clones that nothing closes": ("ovs_ofctl_dump_flows", flow(actions=nested("clone("))),
    "commits": ("ovs_ofctl_dump_flows", flow(actions=nested("ct(exec(", "))"))),
    "learning": ("ovs_ofctl_dump_flows", flow(actions=nested("learn(", ")"))),
    "braces of actions": ("ovs_ofctl_dump_flows", flow(actions=nested("{", "}"))),
    "brackets of a match": ("ovs_ofctl_dump_flows", flow(",reg0" + nested("[", "]") + "=1")),
    "parentheses of a port": ("ovs_ofctl_dump_flows", flow(",dl_src=" + nested("(", ")"))),
    "a match": ("ovn_sbctl_lflow_list", logical(nested("(", ")", "ip4"))),
    "a match that nothing closes": ("ovn_sbctl_lflow_list", logical(nested("(", "", "ip4"))),
    "negations": ("ovn_sbctl_lflow_list", logical(nested("!(", ")", "ip4"))),
    "and in or": ("ovn_sbctl_lflow_list", logical(nested("(ip4 || (ip6 && ", "))", "ip4"))),
    "sets": ("ovn_sbctl_lflow_list", logical("ip4.src == " + nested("{", "}", "1.2.3.4"))),
    "blocks": ("ovn_sbctl_lflow_list", logical(actions=nested("clone { ", "}; ", "next; "))),
    "arguments": ("ovn_sbctl_lflow_list", logical(actions=nested("ct_lb(", ")") + ";")),
    "keys of the datapath": ("dpctl_dump_flows", datapath(nested(",encap(", ")"))),
    "samples": ("dpctl_dump_flows", datapath(actions=nested("sample(", ")"))),
    "arrays": ("ip_link", "$ ip -j link\n" + nested("[", "]")),
    "arrays that nothing closes": ("ip_link", "$ ip -j link\n" + nested("[")),
    "objects": ("ip_link", '$ ip -j link\n[{"ifname":' + nested('{"a":', "}", "1") + "}]"),
    "addresses": ("ip_addr", '$ ip -j addr\n[{"addr_info":' + nested("[", "]") + "}]"),
    "rows": (
        "ovsdb_list",
        '$ ovs-vsctl -f json list bridge\n{"headings":["a"],"data":' + nested("[", "]") + "}",
    ),
    "maps": ("ovsdb_list", "$ ovs-vsctl list Interface\nname : " + nested("{", "}") + "\n"),
    "lists": ("ovsdb_list", "$ ovs-vsctl list Interface\nname : " + nested("[", "]") + "\n"),
    "elements": ("virsh_dumpxml", f"$ virsh dumpxml 1\n<domain>{nested('<a>', '</a>')}</domain>"),
    "elements that nothing closes": ("virsh_dumpxml", "$ virsh dumpxml 1\n" + nested("<domain>")),
    "a cell": (
        "openstack_table",
        "$ openstack port list\n+----+\n| ID |\n+----+\n| " + nested("{", "}") + " |\n+----+\n",
    ),
    "here-documents": ("raw", "".join(f"$ cat <<E{number}\n" for number in range(1000))),
    "quotes": ("raw", "$ echo " + nested("'\"") + "\n"),
}


@pytest.mark.parametrize("name", TEXTS)
def test_ten_thousand_deep(name: str) -> None:
    """Read, told, and kept for the next build, which pickles what is kept."""
    format, text = TEXTS[name]
    before = time.process_time()
    for capture in read(Source("deep.txt", text), hide=True):
        assert capture.format.name == format
        json.dumps(capture_json(capture, "s/h"))
        records = capture.parsed.records
        assert pickle.loads(pickle.dumps(records)) == records
        repr(records)
    assert broken_promises(BY_NAME[format], text.encode()) == []
    assert time.process_time() - before < 20


@pytest.mark.parametrize(
    ("text", "where"),
    [
        (logical("(" * DEEP), "3:145: bad-expression: parentheses are nested too deep"),
        (logical(actions="clone { " * DEEP), "bad-expression: braces are nested too deep"),
        ("$ ip -j link\n" + "[" * DEEP, "2:1: unknown-line: "),
        ('$ ip -j link\n[{"ifname":' + '{"a":' * DEEP, "2:163: unknown-line: "),
    ],
    ids=["match", "actions", "arrays", "objects"],
)
def test_the_place_is_told(text: str, where: str) -> None:
    (capture,) = read(Source("deep.txt", text))
    assert any(where in str(problem) for problem in capture.parsed.diagnostics)


LONG = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (600 << 20,) * 2)
from ovs_capture.formats.reading import read
from ovs_capture.source import Source
length = 10_000_000
LOGICAL = (
    "$ ovn-sbctl lflow-list\\nDatapath: \\"a\\" (698493db-95ef-4c31-b419-56b3d4096f2b)  "
    "Pipeline: ingress\\n  table=0 (ls_in_x), priority=100  , "
)
FLOW = (
    "$ ovs-ofctl dump-flows a\\n cookie=0x1, duration=1s, table=0, n_packets=1, n_bytes=1, "
    "priority=1,in_port=1"
)
DPCTL = "$ ovs-appctl dpctl/dump-flows\\nrecirc_id(0)"
for before, piece, after in (
    ("", "a", ""),
    ("$ ovs-vsctl show\\n    Bridge \\"", "a", "\\"\\n"),
    ("$ ovs-vsctl list Bridge\\nname : \\"", "a", "\\"\\n"),
    (LOGICAL + "match=(ip4", " && ip4", "), action=(next;)\\n"),
    (LOGICAL + "match=(ip4.src == {1.1.1.1", ", 10.0.0.1", "}), action=(next;)\\n"),
    (LOGICAL + "match=(ip4), action=(", "next; ", ")\\n"),
    (FLOW + " actions=output:1", ",output:1", "\\n"),
    (FLOW + " actions=output:1", ",output:1", "\\x1b[1m\\n"),
    (FLOW, ",reg0=1", " actions=drop\\n"),
    (DPCTL, ",in_port(2)", ", packets:0, bytes:0, used:never, actions:2\\n"),
    (DPCTL + ", packets:0, bytes:0, used:never, actions:2", ",2", "\\n"),
    ("$ ip link\\n1: lo: <UP> mtu 65536", " mtu 65536", "\\n"),
    ("$ ip route\\ndefault via 10.0.0.1 dev eth0", " nexthop via 10.0.0.1 dev eth0", "\\n"),
):
    text = before + piece * (length // len(piece)) + after
    for capture in read(Source("long.txt", text), hide=True):
        capture.marks
print("read")
"""


def test_a_line_of_ten_million_characters() -> None:
    """In 600 MB of addresses, of which the interpreter and the modules take a part."""
    done = subprocess.run(
        [sys.executable, "-c", LONG],
        env={"PYTHONPATH": str(ROOT / "ext")},
        capture_output=True,
        timeout=300,
        check=False,
    )
    assert done.stdout == b"read\n", done.stderr.decode()[-2000:]


def test_an_xml_bomb_is_not_expanded() -> None:
    entities = (
        '<!ENTITY a "'
        + "x" * 1000
        + '">'
        + "".join(
            f'<!ENTITY b{n} "' + (f"&b{n - 1};" if n else "&a;") * 10 + '">' for n in range(20)
        )
    )
    text = f"$ virsh dumpxml 1\n<!DOCTYPE d [{entities}]>\n<domain><name>&b19;</name></domain>"
    (capture,) = read(Source("bomb.txt", text))
    assert len(repr(capture.parsed.records)) < 10_000
    outside = text.replace('"&a;', 'SYSTEM "file:///etc/passwd" "', 1)
    (capture,) = read(Source("bomb.txt", outside))
    assert "root:" not in repr(capture.parsed.records)

"""The shape of ``ovs-capture parse``, which people's scripts depend on."""

import json
from typing import Any

from ovs_capture.command.records_json import capture_json
from ovs_capture.formats.reading import read
from ovs_capture.source import Source


def as_json(text: str, host: str | None = "s/h", guest: str | None = None) -> list[dict[str, Any]]:
    captures = [capture_json(c, host, guest) for c in read(Source("dir/f.txt", text))]
    assert json.loads(json.dumps(captures)) == captures
    return captures


def test_nothing_recognised() -> None:
    assert as_json("hello\n", None) == [
        {
            "file": "dir/f.txt",
            "line": 1,
            "command": None,
            "format": "raw",
            "recognised": "none",
            "context": {"host": None, "namespace": None, "guest": None},
            "records": [],
            "diagnostics": [],
        }
    ]


def test_a_record_and_a_diagnostic() -> None:
    text = (
        "$ date\nnow\n# a comment\n"
        "$ ip netns exec ns1 cat /x/dhcp/N/addn_hosts\n10.0.0.1 a.b a\n???\n"
    )
    assert as_json(text)[1] == {
        "file": "dir/f.txt",
        "line": 4,
        "command": "ip netns exec ns1 cat /x/dhcp/N/addn_hosts",
        "format": "dnsmasq_addn_hosts",
        "recognised": "command",
        "context": {"host": "s/h", "namespace": "ns1", "guest": None},
        "records": [
            {"record": "HostsEntry", "lines": [5, 5], "ip": "10.0.0.1", "names": ["a.b", "a"]}
        ],
        "diagnostics": [
            {
                "line": 6,
                "column": 1,
                "code": "unknown-line",
                "message": "this line is not part of 'dnsmasq_addn_hosts' as we know it: '???'",
            }
        ],
    }


def test_parts_of_a_record_are_objects() -> None:
    text = (
        "$ ssh u@h ovs-vsctl show\nBridge b\n    Port p\n        tag: 3\n"
        "        Interface p\n            type: internal\n"
    )
    (capture,) = as_json(text, guest="instance00")
    assert capture["context"]["guest"] == "instance00"
    port = capture["records"][1]
    assert (port["record"], port["lines"], port["tag"]) == ("Port", [3, 6], 3)
    assert port["interfaces"] == [
        {"name": "p", "type": "internal", "options": {}, "error": None, "properties": {}}
    ]


def test_flows_are_objects_too() -> None:
    (capture,) = as_json(
        "$ ovs-ofctl dump-flows br\n cookie=0x1, table=2, priority=3,arp actions=drop\n"
    )
    (flow,) = [record for record in capture["records"] if record["record"] == "Flow"]
    assert (flow["table"], flow["priority"], flow["lines"]) == (2, 3, [2, 2])
    assert flow["match"]["clauses"][0]["field"] == "arp"
    # Offsets are ours alone.
    assert flow["match"].keys() == {"clauses", "text"}

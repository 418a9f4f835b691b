"""Explained flows as JSON, text and Markdown."""

import json
from pathlib import Path

from ovs_capture.command.flows_text import flows_as_json, flows_as_markdown, flows_as_text
from ovs_capture.explain.names import Names
from ovs_capture.explain.pipeline import recognise
from ovs_capture.formats.reading import read
from ovs_capture.openflow.flow import Flow
from ovs_capture.source import Source
from ovs_capture.translation import Translator

DUMP = Path(__file__).parents[2] / "captures/flat-instance/compute/ovs-ofctl-dump-flows-br-int.txt"
EN, JA = Translator("en"), Translator("ja")


def flows_of(text: str) -> tuple[tuple[Flow, ...], Source]:
    (capture,) = read(Source("captures/x.txt", text))
    return tuple(r for r in capture.parsed.records if isinstance(r, Flow)), capture.source


def test_nothing() -> None:
    assert flows_as_json((), Names(), None, EN, Source("x", "")) == {"flows": []}
    assert flows_as_text((), Names(), None, EN).startswith("Unrecognised pipeline")
    assert flows_as_markdown((), Names(), None, JA).startswith("パイプラインを認識できない。")


def test_the_shape_of_the_json() -> None:
    line = " table=71, n_packets=1, priority=9,reg5=0x3/0xf,tcp,tp_dst=22 actions=ct_clear,"
    flows, source = flows_of(f"$ ovs-ofctl dump-flows br-int\n{line}resubmit(,93)\n")
    assert flows_as_json(flows, Names(), None, EN, source) == {
        "flows": [
            {
                "file": "captures/x.txt",
                "line": 2,
                "table": 71,
                "priority": 9,
                "match": [
                    {"field": "reg5", "value": "0x3", "mask": "0xf", "text": "reg5=0x3/0xf"},
                    {"field": "tcp", "value": None, "mask": None, "text": "tcp"},
                    {"field": "tcp_dst", "value": "22", "mask": None, "text": "tp_dst=22"},
                ],
                "actions": ["ct_clear", "resubmit(,93)"],
                "reading": "TCP packets with reg5[0..3] 3 (0x3/0xf) and destination port 22 "
                "(SSH): clear the conntrack state, go on to table 93.",
                "purpose": None,
                "purpose_source": None,
            }
        ]
    }


def test_the_first_seed() -> None:
    flows, source = flows_of(DUMP.read_text("utf-8"))
    names = Names.of(None, "br-int", flows)
    pipeline = recognise({"br-int": flows}, None)
    for translator in (EN, JA):
        found = json.loads(json.dumps(flows_as_json(flows, names, pipeline, translator, source)))
        assert [flow["line"] for flow in found["flows"]] == list(range(2, 78))
        readings = [flow["reading"] for flow in found["flows"]]
        assert all(readings) and all(flow["purpose"] for flow in found["flows"])
        text = flows_as_text(flows, names, pipeline, translator)
        markdown = flows_as_markdown(flows, names, pipeline, translator)
        assert all(reading in text for reading in readings)
        assert markdown.count("\n## ") == 17
        rows = [line for line in markdown.splitlines() if line.startswith("|")]
        assert len(rows) == 76 + 2 * 17


def test_a_capture_is_never_markup() -> None:
    text = '$ ovs-ofctl dump-flows br-int\n table=0, priority=1,in_port="a|b*<i>" actions=drop\n'
    flows, _ = flows_of(text)
    markdown = flows_as_markdown(flows, Names(), None, EN)
    assert r"a\|b\*\<i\>" in markdown
    assert "<i>" not in markdown

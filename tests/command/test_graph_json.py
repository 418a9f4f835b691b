"""The graph of tables as JSON."""

import json

from ovs_capture.command.graph_json import graph_json
from tests.diagram.pipeline.flows import TEXTS, english, picture_of


def test_edges_join_nodes() -> None:
    for text in TEXTS.values():
        told = json.loads(json.dumps(graph_json(picture_of(text), english)))
        ids = [node["id"] for node in told["nodes"]]
        assert len(ids) == len(set(ids))
        assert {edge[end] for edge in told["edges"] for end in ("source", "target")} <= set(ids)


def test_what_is_told() -> None:
    told = graph_json(picture_of("table=0, n_packets=3, actions=goto_table:2\n"), english)
    assert told["bridge"] == "br0"
    assert told["counted"] is True
    assert [node["kind"] for node in told["nodes"]] == ["table", "table", "in-port"]
    assert told["edges"][1] == {
        "source": "t0",
        "target": "t1",
        "kind": "goto_table",
        "flows": 1,
        "packets": 3,
    }

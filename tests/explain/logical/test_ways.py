"""Where flows lead."""

import pytest

from ovs_capture.explain.logical.names import LogicalNames
from ovs_capture.explain.logical.ways import ways
from ovs_capture.translation import Translator

from .listings import flow


@pytest.mark.parametrize(
    ("actions", "told"),
    [
        ("drop;", ["drop"]),
        ("next;", ["ls_in_qos"]),
        ("ct_lb_mark;", ["ls_in_qos"]),
        ('outport = "vm1"; output;', ["output to vm1"]),
        ("outport = inport; flags.loopback = 1; output;", ["output to the input port"]),
        ("reg0[1] = 1; next(pipeline=egress, table=4);", ["table 4"]),
        ('clone { outport = "a"; output; }; next;', ["output to a", "ls_in_qos"]),
        ("ct_commit { ct_mark.blocked = 1; };", ["drop"]),
    ],
)
def test_ways(actions: str, told: list[str]) -> None:
    one = flow("ip4", actions)
    after = flow("1", "next;", "ls_in_qos")._replace(table=9)
    names = LogicalNames.of(None, [one, after])
    assert [Translator("en").text(way) for way in ways(one, names)] == told

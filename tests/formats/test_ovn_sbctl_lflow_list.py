"""Listings of logical flows: the lab's, the second seed's, large ones; what breaks a flow."""

import time
from pathlib import Path

import pytest

from ovs_capture.formats.command import read_command
from ovs_capture.formats.ovn_sbctl_lflow_list import Installed, datapath_of, parse
from ovs_capture.logical import actions, match
from ovs_capture.logical.flow import LogicalFlow
from ovs_capture.logical.printing import print_actions, print_match
from ovs_capture.source import Source
from ovs_capture.store import read_file
from tools.fuzz import LOGICAL, read_mutated

SEED = sorted(
    (Path(__file__).parents[2] / "captures" / "selfservice" / "controller").glob("*lflow-list.txt")
)
FLOW = "  table=0 (ls_in_acl          ), priority=100  , match=(ip4), action=(next;)"


def check(path: Path) -> list[LogicalFlow]:
    """Nothing unknown; matches and actions printed back equal, and they stand where they say."""
    captures, problems = read_file(path, path.name)
    assert problems == ()
    found = []
    for capture in captures:
        assert capture.format.name == "ovn_sbctl_lflow_list"
        assert capture.parsed.diagnostics == ()
        for flow in capture.parsed.records:
            if isinstance(flow, LogicalFlow):
                found.append(flow)
                assert print_match(flow.match) == flow.match.text
                assert print_actions(flow.actions) == flow.actions.text
                text = capture.source.text
                assert text.startswith(f"({flow.match.text})", flow.match_start - 1)
                assert text.startswith(f"({flow.actions.text})", flow.actions_start - 1)
                assert flow.datapath is not None
    return found


@pytest.mark.parametrize("path", SEED, ids=lambda path: path.stem)
def test_the_second_seed(path: Path) -> None:
    flows = check(path)
    assert len(flows) == {"1": 26, "2": 8}[path.stem[0]]
    assert all(flow.stage.startswith("ls_") and flow.uuid is None for flow in flows)


def test_listings_of_the_laboratory(shared: Path) -> None:
    paths = sorted((shared / "lab" / "captures" / "ovn").rglob("*lflow_list.txt"))
    paths += sorted((shared / "knowledge" / "samples").glob("ovn-sbctl_lflow-list*.txt"))
    paths += sorted((shared / "lab" / "oracle" / "ovn-trace" / "state").glob("*lflow_list.txt"))
    assert len(paths) == 11
    assert sum(len(check(path)) for path in paths) > 7000


def test_a_listing_of_50_000_flows_is_read_in_two_seconds(shared: Path) -> None:
    path = shared / "lab" / "scale" / "ovn-200k" / "lflow-list.txt.gz"
    (capture,), _ = read_file(path, path.name)
    lines = capture.source.window.splitlines(keepends=True)[:50_000]
    match.forget()
    actions.forget()
    begin = time.process_time()
    parsed = parse(Source("listing", "".join(lines)))
    seconds = time.process_time() - begin
    assert sum(isinstance(record, LogicalFlow) for record in parsed.records) > 49_000
    assert parsed.diagnostics == ()
    # Two seconds on this machine; a busy one is no fault.
    assert seconds < 4
    check(path)


@pytest.mark.parametrize("seed", range(4))
def test_no_mutated_line_raises_and_none_is_lost(seed: int) -> None:
    assert read_mutated(2500, seed, LOGICAL) == []


def test_a_flow_is_whole_where_its_parentheses_are() -> None:
    text = (
        '  table= 0(ls_in_acl), priority= 1,\n    match=(inport == "a)("),\n'
        "    action=(next;\n next;)"
    )
    (flow,) = parse(Source("wrapped", f"{text}\n{FLOW}\n")).records[:1]
    assert isinstance(flow, LogicalFlow)
    assert (flow.match.text, flow.actions.text) == ('inport == "a)("', "next;\n next;")
    assert flow.span == (0, len(text))


def test_a_flow_that_was_cut_does_not_take_the_next() -> None:
    parsed = parse(Source("cut", f"{FLOW[:70]}\n{FLOW}\n{FLOW[:60]}"))
    assert [record.span.start for record in parsed.records] == [71]
    assert [problem.code.value for problem in parsed.diagnostics] == ["truncated", "truncated"]


def test_flows_of_openflow_with_statistics() -> None:
    text = (
        f"{FLOW}\n    cookie=0x1234, duration=1.5s, table=8, n_packets=3, n_bytes=180, "
        "idle_age=7, priority=100,ip,metadata=0x1 actions=resubmit(,9)\n"
    )
    _, flow = parse(Source("statistics", text)).records
    assert isinstance(flow, Installed)
    assert (flow.table, flow.priority, flow.match.text) == (8, 100, "ip,metadata=0x1")
    assert flow.statistics == {
        "cookie": "0x1234", "duration": "1.5s", "n_packets": "3", "n_bytes": "180", "idle_age": "7",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("command", "datapath"),
    [
        ("ovn-sbctl lflow-list", None),
        ("sudo ovn-sbctl --uuid --db=tcp:10.0.0.1:6642 lflow-list sw0", "sw0"),
        ("ovn-sbctl dump-flows sw0 0x1234", "sw0"),
        ("ovn-sbctl show", None),
    ],
)
def test_the_datapath_of_a_command(command: str, datapath: str | None) -> None:
    assert datapath_of(read_command(command)) == datapath

"""Every trace as the real ``ovs-appctl ofproto/trace`` made it on the same switch."""

import gzip
import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from ovs_capture.trace.result import Trace

from .comparing import (
    VECTORS,
    cases_of,
    difference,
    is_stated_limit,
    names_of_datapath_ports,
    numbered,
    run,
    switch_in,
)

SETS = sorted(path.name for path in VECTORS.iterdir() if path.is_dir())
NATIVE = "ovs-vlan-cmp1-native"


def test_there_are_enough_vectors() -> None:
    assert sum(len(cases_of(VECTORS / name / "cases.jsonl.gz")) for name in SETS) >= 600


def _judge(name: str, pairs: list[tuple[Trace, dict[str, Any]]]) -> list[str]:
    wrong = []
    for number, (found, case) in enumerate(pairs, 1):
        what = difference(found, case)
        if what and not is_stated_limit(found):
            wrong.append(f"{name} {number}: {what}: {case['packet']} {case['ct_next']}")
    return wrong


@pytest.mark.parametrize("name", [name for name in SETS if name != NATIVE])
def test_every_trace_is_the_switchs_own(name: str) -> None:
    switch = switch_in(VECTORS / name)
    cases = cases_of(VECTORS / name / "cases.jsonl.gz")
    pairs = [(run(switch, case), case) for case in cases]
    assert _judge(name, pairs) == []
    assert sum(difference(*pair) is not None for pair in pairs) <= len(pairs) * 0.02


def test_tunnels_that_the_switch_makes_itself() -> None:
    """Here the outer packet goes on through the bridge that has the tunnel's route.

    That the datapath pushes tunnels is in ``dpif/show-dp-features``, captured on the same host in
    another run: with the feature off the same switch writes ``set(tunnel(...))``.
    """
    directory = VECTORS / NATIVE
    cases = cases_of(directory / "cases.jsonl.gz")
    assert _judge(NATIVE, _native_pairs(directory, cases)) == []
    assert sum("tnl_push" in str(case["passes"]) for case in cases) >= 10


def _native_pairs(
    directory: Path, cases: list[dict[str, Any]]
) -> list[tuple[Trace, dict[str, Any]]]:
    switch, numbers = switch_in(directory), names_of_datapath_ports(directory)
    return [(numbered(run(switch, case), numbers), case) for case in cases]


def test_each_end_of_a_tunnel_is_a_way_out() -> None:
    """Two tunnels with one key leave by one port, each to an end of its own."""
    directory = VECTORS / NATIVE
    switch = switch_in(directory)
    flooded = [
        case
        for case in cases_of(directory / "cases.jsonl.gz")
        if str(case["passes"]).count("tnl_push") == 2
    ]
    assert flooded
    for case in flooded:
        outs = [out for out in run(switch, case).outs if out.remote is not None]
        assert {out.remote for out in outs} == {"10.0.0.11", "10.0.0.32"}
        assert {(out.bridge, out.port, out.tunnel) for out in outs} == {("br-phy", "eth0", 0xEF)}


def test_without_word_of_the_datapath_the_tunnel_is_the_end(tmp_path: Path) -> None:
    for path in (VECTORS / NATIVE).glob("*.txt.gz"):
        if "dp_features" not in path.name:
            (tmp_path / path.name).write_bytes(path.read_bytes())
    switch = switch_in(tmp_path)
    assert switch.native is None
    found = [run(switch, case) for case in cases_of(VECTORS / NATIVE / "cases.jsonl.gz")]
    assert not any(step.via == "tunnel" for trace in found for step in trace.steps)
    assert any("set(tunnel(" in one.datapath for trace in found for one in trace.passes)


@pytest.mark.needs("shared")
@pytest.mark.parametrize(
    "name",
    ["seed", "ovs-vlan-cmp1", "ovs-vlan-cmp2", "ovs-vlan-net1", "ovn-hv1", "ovn-hv2", "ovn-ctl"],
)
def test_the_whole_oracle(name: str, shared: Path) -> None:
    directory = shared / "lab" / "oracle" / name
    switch = switch_in(directory / "state")
    with gzip.open(directory / "cases.jsonl.gz", "rt") as lines:
        cases = [_as_vector(json.loads(line)) for line in lines]
    assert _judge(name, [(run(switch, case), case) for case in cases]) == []


@pytest.mark.needs("shared")
def test_the_whole_oracle_of_native_tunnels(shared: Path, tmp_path: Path) -> None:
    """As its report says, the switch pushed tunnels; of its state alone nobody could tell."""
    directory = shared / "lab" / "oracle" / NATIVE
    assert json.loads((directory / "REPORT.json").read_text())["tnl_push_pop"] == "on"
    state = tmp_path / "state"
    shutil.copytree(directory / "state", state)
    features = "ovs_appctl_dpif_show_dp_features_br_int.txt.gz"
    shutil.copy(VECTORS / NATIVE / features, state / features)
    with gzip.open(directory / "cases.jsonl.gz", "rt") as lines:
        cases = [_as_vector(json.loads(line)) for line in lines]
    assert _judge(NATIVE, _native_pairs(state, cases)) == []


def _as_vector(case: dict[str, Any]) -> dict[str, Any]:
    """A case of the lab; in another bridge than the first, a miss reads as an internal flow."""
    steps = [
        [
            step["pass"],
            step["bridge"],
            step["table"],
            None if step["match"] == "reg0=0x2" else step["priority"],
        ]
        for step in case["matches"]
    ]
    passes = [
        [
            one["flow"],
            None if one["final_flow"] == "unchanged" else one["final_flow"],
            one["datapath_actions"],
        ]
        for one in case["passes"]
    ]
    floods = any(
        re.search(r"\b(NORMAL|FLOOD|ALL)\b", action)
        for step in case["matches"]
        for action in step["actions"]
    )
    return {
        "bridge": case["bridge"],
        "packet": case["flow"],
        "ct_next": [word for word in case["options"] if word != "--ct-next"],
        "floods": floods,
        "steps": steps,
        "passes": passes,
    }

"""Every trace as the real ``ovs-appctl ofproto/trace`` made it on the same switch."""

import gzip
import json
import re
from pathlib import Path
from typing import Any

import pytest

from ovs_capture.trace.result import Trace

from .comparing import VECTORS, cases_of, difference, is_stated_limit, run, switch_in

SETS = sorted(path.name for path in VECTORS.iterdir() if path.is_dir())


def test_there_are_enough_vectors() -> None:
    assert sum(len(cases_of(VECTORS / name / "cases.jsonl.gz")) for name in SETS) >= 600


def _reaches_userspace_tunnel(case: dict[str, Any]) -> bool:
    """The outer packet then takes a way of its own, by routes and neighbours of the host."""
    return any("tnl_push" in (datapath or "") for _, _, datapath in case["passes"])


def _judge(name: str, pairs: list[tuple[Trace, dict[str, Any]]]) -> list[str]:
    wrong = []
    for number, (found, case) in enumerate(pairs, 1):
        what = difference(found, case)
        if what and not is_stated_limit(found) and not _reaches_userspace_tunnel(case):
            wrong.append(f"{name} {number}: {what}: {case['packet']} {case['ct_next']}")
    return wrong


@pytest.mark.parametrize("name", [name for name in SETS if not name.endswith("-native")])
def test_every_trace_is_the_switchs_own(name: str) -> None:
    switch = switch_in(VECTORS / name)
    cases = cases_of(VECTORS / name / "cases.jsonl.gz")
    pairs = [(run(switch, case), case) for case in cases]
    assert _judge(name, pairs) == []
    assert sum(difference(*pair) is not None for pair in pairs) <= len(pairs) * 0.02


def test_flows_with_userspace_tunnels() -> None:
    """Datapath ports have numbers here that no capture tells; the flows taken are compared."""
    name = "ovs-vlan-cmp1-native"
    switch = switch_in(VECTORS / name)
    for case in cases_of(VECTORS / name / "cases.jsonl.gz"):
        if not _reaches_userspace_tunnel(case):
            found = run(switch, case)
            assert difference(found, case) in (None, "effects"), case["packet"]


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

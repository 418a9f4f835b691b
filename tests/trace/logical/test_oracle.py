"""Flows and outputs of the real ovn-trace on a database of five datapaths, case by case."""

import gzip
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from ovs_capture.formats import reading
from ovs_capture.logical.flow import LogicalFlow
from ovs_capture.source import Source
from ovs_capture.trace.logical.result import Trace
from ovs_capture.trace.logical.state import State, state_of_captures

from .comparing import agrees, options_of, traces

VECTORS = Path(__file__).parent / "vectors"
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@cache
def southbound() -> State:
    text = gzip.decompress((VECTORS / "southbound.txt.gz").read_bytes()).decode()
    return state_of_captures(reading.read(Source("southbound.txt", text)))


def cases() -> Iterator[dict[str, Any]]:
    with gzip.open(VECTORS / "cases.jsonl.gz", "rt") as lines:
        for line in lines:
            yield json.loads(line)


def uuid(flow: LogicalFlow | None) -> str | None:
    return None if flow is None or flow.uuid is None else flow.uuid.removeprefix("0x")


def short(name: str) -> str:
    """ovn-trace prints six digits of a UUID."""
    return _UUID.sub(lambda found: found[0][:6], name)


def outputs(found: Trace, state: State) -> list[str]:
    ports = [state.ports[effect.port] for effect in found.effects]
    return sorted(port.title if port.title != port.name else short(port.name) for port in ports)


@pytest.mark.parametrize("case", list(cases()), ids=lambda case: case["kind"])
def test_case(case: dict[str, Any]) -> None:
    state = southbound()
    wanted = [flow for *_, flow in case["flows"]]
    options = options_of(case["options"])
    assert any(
        agrees(found, wanted, uuid) and outputs(found, state) == case["outputs"]
        for found in traces(state, case["datapath"], case["flow"], options)
    )


def test_there_are_enough_cases() -> None:
    assert len(list(cases())) >= 120

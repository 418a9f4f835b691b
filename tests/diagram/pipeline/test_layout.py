"""Layouts: goldens, and what holds for every graph."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ovs_capture.diagram.pipeline.layout import THICK, THIN, lay_out_tables
from tests.conftest import ROOT
from tests.diagram.pipeline.flows import (
    TEXTS,
    english,
    faults,
    flows_of,
    japanese,
    layout_of,
    picture_of,
    picture_of_host,
    pictures_of_host,
    shared,
)

GOLDENS = Path(__file__).parent / "golden"
HOST = ROOT / "captures" / "flat-instance" / "compute"


@pytest.fixture(name="lab_captures")
def _lab_captures(shared: Path) -> Path:
    return shared / "lab" / "captures"


def check(name: str, found: str) -> None:
    golden = GOLDENS / f"{name}.layout"
    if os.environ.get("OVS_CAPTURE_REGEN") == "1":
        golden.write_text(found, "utf-8")
        pytest.fail(f"{golden.name} was written; read the diff")
    assert found == golden.read_text("utf-8")


@pytest.mark.parametrize("name", ["cycle", "uncounted", "one", "loops", "hostile", "empty"])
def test_goldens(name: str) -> None:
    check(name, layout_of(name).text())


@pytest.mark.parametrize("say", [english, japanese], ids=["en", "ja"])
def test_the_seed(say) -> None:
    picture = picture_of_host(HOST, "br-int")
    layout = lay_out_tables(picture, say)
    assert [*faults(picture, layout), *shared(layout)] == []
    # As drawn by hand: no line crosses another.
    assert [jump for line in layout.lines for jump in line.path.jumps] == []
    check("br-int" if say is english else "br-int-ja", layout.text())


@pytest.mark.parametrize("name", TEXTS)
def test_nothing_is_on_anything(name: str) -> None:
    picture = picture_of(TEXTS[name])
    layout = lay_out_tables(picture, english)
    assert [*faults(picture, layout), *shared(layout)] == []


@st.composite
def dumps(draw: st.DrawFn) -> str:
    tables = st.integers(0, 9)
    flow = st.tuples(tables, tables, st.sampled_from(["resubmit", "ct", "learn", "out", "drop"]),
                     st.integers(0, 5000))  # fmt: skip
    actions = {
        "resubmit": "resubmit(,{})",
        "ct": "ct(table={})",
        "learn": "learn(table={},NXM_OF_VLAN_TCI[0..11])",
        "out": "output:{}",
        "drop": "drop",
    }
    found = draw(st.lists(flow, max_size=25))
    return "".join(
        f"table={table}, n_packets={packets}, priority={n} actions={actions[kind].format(to)}\n"
        for n, (table, to, kind, packets) in enumerate(found)
    )


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(dumps())
def test_any_graph_has_its_places(text: str) -> None:
    picture = picture_of(text)
    assert list(faults(picture, lay_out_tables(picture, english))) == []


def test_the_width_follows_the_root_of_packets() -> None:
    text = "table=0, n_packets=400, actions=resubmit(,1)\ntable=1, n_packets=100, actions=drop\n"
    layout = lay_out_tables(picture_of(text), english)
    assert {line.width for line in layout.lines} == {THICK}
    assert layout.stops[0].width == round(THIN + (THICK - THIN) / 2, 1)


def test_a_line_without_counters_has_no_number() -> None:
    assert {line.label for line in layout_of("uncounted").lines} == {None}


def test_two_processes_say_the_same() -> None:
    script = (
        "from tests.diagram.pipeline.flows import layout_of\n"
        "print(layout_of('sixty').text(), end='')\n"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", script],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": f"{ROOT}:{ROOT / 'ext'}"},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(found) == 1
    assert flows_of(TEXTS["sixty"])


def test_sixty_tables_take_seconds() -> None:
    start = time.process_time()
    layout_of("sixty")
    assert time.process_time() - start < 30


@pytest.mark.needs("shared")
def test_no_two_lines_of_the_lab_share_a_piece(lab_captures: Path) -> None:
    """Every bridge of every host, in both languages: their words differ in width."""
    seen = 0
    for host in sorted(lab_captures.glob("*/*/")):
        for bridge, picture in pictures_of_host(host).items():
            for words in (english, japanese):
                layout = lay_out_tables(picture, words)
                assert [*shared(layout), *faults(picture, layout)] == [], (host.name, bridge)
                seen += len(layout.lines)
    assert seen > 100

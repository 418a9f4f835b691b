"""An annotated capture keeps every byte, whatever the reader made of it."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ovs_capture import store
from ovs_capture.formats.reading import Capture, read
from ovs_capture.formats.registry import FORMATS
from ovs_capture.redaction.masking import masked
from ovs_capture.render.capture.annotate import (
    Choice,
    Meaning,
    annotate,
)
from ovs_capture.render.view import CaptureView, Cut, plain
from ovs_capture.source import Source
from tests.conftest import ROOT

NOTHING = Meaning(lambda r: None, lambda m: None, lambda r: None, lambda k: None)
FILES = sorted((ROOT / "captures").rglob("*.txt*"))
LINKS = "".join(
    f"{n}: eth{n}: <UP> mtu 1500 qdisc mq state UP mode DEFAULT group default qlen 1000\n"
    f"    link/ether 00:00:00:00:00:0{n} brd ff:ff:ff:ff:ff:ff\n"
    for n in range(1, 8)
)


def view(capture: Capture, choice: Choice | None = None, **options: object) -> CaptureView:
    return annotate(capture, NOTHING, language="en", choice=choice, **options)  # type: ignore[arg-type]


def joined(shown: CaptureView) -> str:
    return "".join(plain(entry.pieces) for entry in shown.entries)


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
@pytest.mark.parametrize("kind", ["annotated", "raw"])
def test_every_capture_is_shown_as_it_is(path: Path, kind: str) -> None:
    captures, problems = store.read_file(path, path.name)
    assert not problems
    for capture in captures:
        assert joined(view(capture, view=kind, redact=False)) == capture.source.window
        assert joined(view(capture, view=kind)) == masked(capture.source, capture.secrets)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([f.name for f in FORMATS]), st.text(max_size=200))
def test_any_text_is_shown_as_it_is(name: str, text: str) -> None:
    for capture in read(Source("a.txt", text), format_name=name):
        assert joined(view(capture, redact=False)) == capture.source.window


def links() -> Capture:
    (capture,) = read(Source("ip-link.txt", "$ ip link\n" + LINKS))
    return capture


def test_what_is_left_out_is_folded_in_its_place() -> None:
    capture = links()
    third = LINKS.index("3: ") + len("$ ip link\n")
    shown = view(capture, Choice(keeps=lambda span: span.start == third))
    cuts = [row for row in shown.rows if isinstance(row, Cut)]
    assert [plain(cut.summary) for cut in cuts] == [
        "2 left out: eth1, eth2 (4 lines)",
        "4 left out: eth4, eth5, eth6, eth7 (8 lines)",
    ]
    assert shown.counts == "1 of 7 devices"
    assert joined(shown) == LINKS


SHOW = """\
11111111-2222-4333-8444-555555555555
    Bridge br-ex
        fail_mode: secure
        Port bond0
            Interface bond0
        Port br-ex
            Interface br-ex
                type: internal
    Bridge br-tun
        Port patch-int
            Interface patch-int
                type: patch
    ovs_version: "3.3.1"
"""
NUMBERED = """\
OFPST_PORT_DESC reply (xid=0x2):
 10(tap10): addr:aa:55:aa:55:00:0a
  9(tap9): addr:aa:55:aa:55:00:09
"""


@pytest.mark.parametrize(
    ("command", "text", "chosen", "kept"),
    [
        pytest.param("ovs-vsctl show", SHOW, "Bridge br-ex", slice(1, 8), id="what stands in it"),
        pytest.param("ovs-vsctl show", SHOW, "Port bond0", slice(3, 5), id="not what it stands in"),
        pytest.param(
            "ovs-ofctl dump-ports-desc br0", NUMBERED, "10(tap10)", slice(1, 2), id="aligned right"
        ),
    ],
)
def test_a_chosen_entry_keeps_what_stands_in_it(
    command: str, text: str, chosen: str, kept: slice
) -> None:
    (capture,) = read(Source("a.txt", f"$ {command}\n{text}"))
    at = capture.source.text.index(chosen)
    shown = view(capture, Choice(keeps=lambda span: span.start <= at < span.end))
    left = [plain(row.pieces) for row in shown.rows if not isinstance(row, Cut)]
    assert "".join(left) == "".join(text.splitlines(keepends=True)[kept])


def test_a_long_cut_names_its_ends() -> None:
    shown = view(links(), Choice(keeps=lambda span: False))
    (cut,) = shown.rows
    assert isinstance(cut, Cut)
    assert plain(cut.summary) == "7 left out: eth1, eth2 ... eth7 (14 lines)"


def test_lines_cut_inside_an_entry() -> None:
    shown = view(links(), Choice(lines=(range(3, 5),)))
    kept = [plain(row.pieces) for row in shown.rows if not isinstance(row, Cut)]
    assert "".join(kept) == "".join(LINKS.splitlines(keepends=True)[1:3])
    assert joined(shown) == LINKS


def test_in_japanese() -> None:
    capture = links()
    shown = annotate(capture, NOTHING, language="ja", choice=Choice(keeps=lambda span: False))
    (cut,) = shown.rows
    assert isinstance(cut, Cut)
    assert plain(cut.summary) == "7 件を省略: eth1、eth2 ... eth7 (14 行)"
    assert shown.counts == "7 デバイス中 0 を表示"


def test_secrets_are_masked_everywhere() -> None:
    path = ROOT / "captures/flat-instance/client/openstack-server-create.txt"
    (capture,) = store.read_file(path, path.name)[0]
    secrets = [capture.source.slice(span) for span in capture.secrets]
    assert secrets
    for kind in ("annotated", "table", "raw"):
        shown = view(capture, view=kind)
        assert secrets[0] not in repr(shown)
        assert "*" * len(secrets[0]) in repr(shown)


def test_columns_count_wide_characters_twice() -> None:
    (capture,) = read(Source("a.txt", "$ x\nab\n日本\n\ta\n"))
    assert view(capture).columns == 9


def test_a_table_has_the_fields_as_columns() -> None:
    shown = view(links(), view="table")
    (table,) = shown.tables
    assert {"ifindex", "ifname", "mtu", "address"} <= set(table.columns)
    column = table.columns.index("ifname")
    assert [plain(row[column]) for row in table.rows] == [f"eth{n}" for n in range(1, 8)]

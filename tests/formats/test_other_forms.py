"""One state told in several forms is read as the same: text, JSON, brief, tables, colours."""

from pathlib import Path

import pytest

from ovs_capture.formats.base import Entry
from ovs_capture.formats.ip_addr import AddressedLink
from ovs_capture.formats.ip_link import Link
from ovs_capture.formats.ovsdb_list import OvsdbRow
from ovs_capture.formats.reading import Capture, read
from ovs_capture.source import Source, decode, encode

HERE = Path(__file__).parent


def one(path: Path) -> Capture:
    (capture,) = read(Source(path.name, decode(path.read_bytes())))
    return capture


def hosts(shared: Path, name: str) -> list[Path]:
    return sorted(path.parent for path in (shared / "lab" / "captures").rglob(name))


def compared(records: tuple[Entry, ...], names: str) -> list[tuple[object, ...]]:
    return [tuple(getattr(record, name) for name in names.split()) for record in records]


# What iproute2 prints in both: a namespace's name it prints in text only, in JSON its number.
LINK = (
    "ifindex ifname link flags mtu qdisc master operstate link_type address broadcast"
    " info_kind info_slave_kind parentbus parentdev altnames"
)
DATA = ("id", "local", "remote", "group", "dev", "type", "mode", "dstport", "srcport")


@pytest.mark.needs("shared")
def test_the_json_of_ip_link_is_its_text(shared: Path) -> None:
    found = hosts(shared, "ip_j_d_link_show.txt")
    assert found
    for host in found:
        text, json = one(host / "ip_d_link_show.txt"), one(host / "ip_j_d_link_show.txt")
        assert json.parsed.diagnostics == ()
        assert compared(json.parsed.records, LINK) == compared(text.parsed.records, LINK)
        for here, there in zip(json.parsed.records, text.parsed.records, strict=True):
            assert isinstance(here, Link)
            assert isinstance(there, Link)
            assert [here.info_data.get(key) for key in DATA] == [
                there.info_data.get(key) for key in DATA
            ]


@pytest.mark.needs("shared")
def test_brief_is_the_same_less_what_it_leaves_out(shared: Path) -> None:
    for host in hosts(shared, "ip_br_link_show.txt"):
        text, brief = one(host / "ip_d_link_show.txt"), one(host / "ip_br_link_show.txt")
        names = "ifname link flags operstate address"
        assert brief.parsed.diagnostics == ()
        assert compared(brief.parsed.records, names) == compared(text.parsed.records, names)


@pytest.mark.needs("shared")
@pytest.mark.parametrize("form", ["ip_j_addr_show.txt", "ip_br_addr_show.txt"])
def test_addresses_in_any_form(shared: Path, form: str) -> None:
    for host in hosts(shared, form):
        text, other = one(host / "ip_addr_show.txt"), one(host / form)
        assert other.parsed.diagnostics == ()
        for here, there in zip(other.parsed.records, text.parsed.records, strict=True):
            assert isinstance(here, AddressedLink)
            assert isinstance(there, AddressedLink)
            assert (here.ifname, here.link) == (there.ifname, there.link)
            assert [(a.family, a.local, a.prefixlen, a.peer) for a in here.addresses] == [
                (a.family, a.local, a.prefixlen, a.peer) for a in there.addresses
            ]


@pytest.mark.needs("shared")
def test_rows_in_any_form(shared: Path) -> None:
    found = hosts(shared, "ovs_vsctl_list_Interface.txt")
    assert found
    for host in found:
        rows = one(host / "ovs_vsctl_list_Interface.txt").parsed.records
        by_name = {row.text("name"): row for row in rows if isinstance(row, OvsdbRow)}
        forms = [*host.glob("ovs_vsctl_format_*_Interface.txt"), host / "ovsdb_client_dump.txt"]
        for path in forms:
            capture = one(path)
            assert capture.format.name == "ovsdb_list"
            assert capture.parsed.diagnostics == ()
            shown = [
                row
                for row in capture.parsed.records
                if isinstance(row, OvsdbRow) and row.table == "Interface"
            ]
            assert len(shown) == len(by_name)
            for row in shown:
                there = by_name[row.text("name")]
                # Counters go on while the captures are made.
                for column in row.columns.keys() - {"statistics"}:
                    assert row.text(column) == there.text(column)
                    assert row.map(column) == there.map(column)


def test_what_is_coloured_is_read_as_if_it_were_not() -> None:
    path = HERE / "ip_addr" / "colours.txt"
    coloured = read(Source("x", decode(path.read_bytes())))
    text = decode(path.read_bytes())
    for code in ("0", "31", "32", "33", "34", "35", "36"):
        text = text.replace(f"\x1b[{code}m", "")
    plain = read(Source("x", text))
    assert "\x1b" not in text
    assert [c.parsed.records for c in coloured] == [c.parsed.records for c in plain]
    values = [[(m.kind, m.value) for m in c.marks] for c in coloured]
    assert values == [[(m.kind, m.value) for m in c.marks] for c in plain]


def test_colours_stay_in_the_text_byte_for_byte() -> None:
    data = (HERE / "ip_route" / "colours.txt").read_bytes()
    (capture,) = read(Source("x", decode(data)))
    assert encode(capture.source.text) == data
    for mark in capture.marks:
        shown = capture.source.slice(mark.span)
        assert not shown.startswith("\x1b")
        assert not shown.endswith("m")


def test_a_record_of_a_coloured_capture_is_whole_lines() -> None:
    text = "$ ip -c route\n\x1b[35m10.0.0.0/24 \x1b[0mdev \x1b[36meth0\x1b[0m\n\x1b[0modd\n"
    (capture,) = read(Source("x", text))
    (route,) = capture.parsed.records
    assert capture.source.slice(route.span) == text.split("\n")[1]
    (problem,) = capture.parsed.diagnostics
    assert problem.source.text == text
    assert capture.source.slice(problem.span) == "odd"

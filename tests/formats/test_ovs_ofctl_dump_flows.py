"""``ovs-ofctl dump-flows`` and ``ovs-appctl bridge/dump-flows``."""

import gc
import gzip
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ovs_capture.formats import ovs_ofctl_dump_flows as dump_flows
from ovs_capture.formats.base import Kind, Parsed
from ovs_capture.formats.command import read_command
from ovs_capture.formats.ovs_ofctl_dump_flows import FORMAT, FlowHeader, bridge_of
from ovs_capture.openflow.flow import Action, Flow
from ovs_capture.source import Source, decode

CASES = sorted((Path(__file__).parent / "ovs_ofctl_dump_flows").glob("*.txt"))


def read(text: str) -> tuple[Source, Parsed]:
    source = Source("flows.txt", text)
    return source, FORMAT.parse(source)


def only_flows(parsed: Parsed) -> list[Flow]:
    return [record for record in parsed.records if isinstance(record, Flow)]


# --- goldens -------------------------------------------------------------------------------------


def action_lines(action: Action, indent: str) -> list[str]:
    arguments = [f"{key}={value!r}" for key, value in action.arguments.items()]
    lines = [f"{indent}{' '.join([action.name, *arguments])}"]
    for inner in action.actions:
        lines += action_lines(inner, indent + "  ")
    return lines


def told(source: Source, parsed: Parsed) -> str:
    """Records, diagnostics with carets, marks: all that a reader says, as text."""
    lines = []
    for record in parsed.records:
        first, last = source.line_numbers(record.span)
        if not isinstance(record, Flow):
            lines.append(f"{first}-{last} {record}")
            continue
        table = record.table if record.table_name is None else f"{record.table} {record.table_name}"
        lines.append(f"{first}-{last} flow table {table} priority {record.priority}")
        lines.append(f"  statistics {record.statistics} flags {record.flags}")
        for clause in record.match.clauses:
            mask = "" if clause.mask is None else f" mask {clause.mask!r}"
            lines.append(f"  match {clause.field!r} {clause.value!r}{mask}")
        for action in record.actions.items:
            lines += action_lines(action, "  action ")
    lines.append(f"elided: {parsed.elided}")
    lines += [diagnostic.caret() for diagnostic in parsed.diagnostics]
    marks = [f"{mark.kind.value}:{mark.value}" for mark in FORMAT.marks(source, parsed)]
    shown = [mark for mark in marks if not mark.startswith(("dim:", "head:"))]
    lines.append("marks: " + " ".join(shown))
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_golden(case: Path, golden: Callable[[Path, str], None]) -> None:
    source = Source(case.name, decode(case.read_bytes()))
    golden(case.with_suffix(".golden"), told(source, FORMAT.parse(source)))


def test_there_are_cases() -> None:
    assert len(CASES) >= 7


# --- recognition ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "bridge"),
    [
        ("ovs-ofctl dump-flows br-int", "br-int"),
        ("sudo ovs-ofctl -O OpenFlow13 --names --no-stats dump-flows br-int table=0", "br-int"),
        ("ovs-ofctl dump-flows -O OpenFlow13 br-int", "br-int"),
        ("/usr/bin/ovs-ofctl -m dump-flows --sort=priority br-tun | grep arp", "br-tun"),
        ("ovs-appctl bridge/dump-flows --offload-stats br-int", "br-int"),
        ("ovs-appctl -t ovs-vswitchd bridge/dump-flows br-int", "br-int"),
        ("ovs-ofctl dump-flows unix:/var/run/openvswitch/br-int.mgmt", "br-int"),
        ("ovs-ofctl dump-flows tcp:127.0.0.1:6653", None),
        ("ovs-ofctl dump-flows", None),
    ],
)
def test_command_and_bridge(command: str, bridge: str | None) -> None:
    read = read_command(command)
    assert FORMAT.command(read)
    assert bridge_of(read) == bridge


@pytest.mark.parametrize(
    "command",
    ["ovs-ofctl show br-int", "ovs-dpctl dump-flows", "ovs-appctl dpctl/dump-flows", "ip link", ""],
)
def test_other_commands(command: str) -> None:
    assert not FORMAT.command(read_command(command))
    assert bridge_of(read_command(command)) is None


def test_no_command_has_no_bridge() -> None:
    assert bridge_of(None) is None


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_content_tells_the_format(case: Path) -> None:
    detected = FORMAT.detect(Source(case.name, decode(case.read_bytes())))
    # A log line first, or colours: then only the command tells.
    assert detected == (case.stem not in ("damaged", "coloured"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        "br-int\n",
        "  table=0 (ls_in_port_sec_l2), priority=100, match=(vlan.present), action=(drop;)\n",
        "recirc_id(0),in_port(3),eth_type(0x0806), packets:1, bytes:42, used:1.2s, actions:4\n",
        "OFPT_FEATURES_REPLY (xid=0x2): dpid:0000\n",
        "priority=5\n",
    ],
)
def test_content_of_others(text: str) -> None:
    assert not FORMAT.detect(Source("other.txt", text))


# --- the seeds and the lab -----------------------------------------------------------------------


def test_the_seeds_are_read_whole(captures: Path) -> None:
    counts = {}
    for path in sorted(captures.rglob("*dump-flows*.txt")):
        text = decode(path.read_bytes())
        command, _, _ = text.partition("\n")
        start = len(command) + 1 if command.startswith(("$ ", "# ")) else 0
        source = Source(path.name, text, start)
        parsed = FORMAT.parse(source)
        assert [str(diagnostic) for diagnostic in parsed.diagnostics] == []
        counts["/".join(path.parts[-3:])] = len(only_flows(parsed))
        check_places(source, parsed)
    assert (
        counts.items()
        >= {
            "flat-instance/compute/ovs-ofctl-dump-flows-br-int.txt": 76,
            "flat-instance/compute/ovs-ofctl-dump-flows-br-mgmt.txt": 2,
            "flat-instance/compute/ovs-ofctl-dump-flows-br-provider.txt": 3,
            "selfservice/compute-with-dhcp-agent/ovs-ofctl-dump-flows-br-int.txt": 46,
            "selfservice/compute-without-dhcp-agent/ovs-ofctl-dump-flows-br-int.txt": 1,
        }.items()
    )


# What a switch says beside its flows: on standard error, and for what it cannot decode.
NOT_FLOWS = re.compile(
    r"\d{4}-\d\d-\d\dT|ovs-ofctl: |[0-9a-f]{8}  [0-9a-f]{2} |.*\*\*\*decode error|\$ ovs-"
)


def dumps_of(shared: Path) -> list[Path]:
    return [
        *(shared / "lab" / "variants").glob("*/*dump_flows*"),
        *(shared / "lab" / "captures").glob("*/*/ovs_ofctl*dump_flows*"),
        *(shared / "reference" / "cases").glob("*/*/*dump-flows*"),
    ]


def test_nothing_is_unknown_in_the_lab_and_the_cases(shared: Path) -> None:
    flows = 0
    for path in sorted(dumps_of(shared)):
        data = path.read_bytes()
        source = Source(path.name, decode(gzip.decompress(data) if path.suffix == ".gz" else data))
        parsed = FORMAT.parse(source)
        flows += len(only_flows(parsed))
        unknown = [
            str(diagnostic)
            for diagnostic in parsed.diagnostics
            if not NOT_FLOWS.match(source.slice(diagnostic.span))
        ]
        assert unknown == []
    assert flows > 60_000


def test_every_flow_line_of_the_lab_is_a_flow(shared: Path) -> None:
    for path in sorted((shared / "lab" / "variants" / "stress").glob("*dump_flows*")):
        source = Source(path.name, decode(path.read_bytes()))
        parsed = FORMAT.parse(source)
        printed = sum("actions=" in line for _, line in source.lines())
        if "color" in path.name:
            printed = source.text.count("actions=")
        assert len(only_flows(parsed)) == printed
        check_places(source, parsed)


# --- places --------------------------------------------------------------------------------------


def check_places(source: Source, parsed: Parsed) -> None:
    """Every text stands where it says; marks and records are sorted and disjoint."""
    text = source.text

    def check_action(action: Action, within: str) -> None:
        assert within[action.start : action.start + len(action.text)] == action.text
        for inner in action.actions:
            check_action(inner, within)

    position = source.start
    for record in parsed.records:
        assert position <= record.span.start < record.span.end <= source.end
        position = record.span.end
        if isinstance(record, Flow):
            match, actions = record.match.text, record.actions.text
            assert text[record.match_start : record.match_start + len(match)] == match
            assert text[record.actions_start : record.actions_start + len(actions)] == actions
            for start, clause in zip(record.match.starts, record.match.clauses, strict=True):
                assert match[start : start + len(clause.text)] == clause.text
            for action in record.actions.items:
                check_action(action, actions)
    position = source.start
    for mark in FORMAT.marks(source, parsed):
        assert position <= mark.span.start < mark.span.end <= source.end
        position = mark.span.end
    for diagnostic in parsed.diagnostics:
        assert source.start <= diagnostic.span.start <= diagnostic.span.end <= source.end
        assert diagnostic.message


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_every_prefix_is_read(case: Path) -> None:
    text = decode(case.read_bytes())
    for end in range(len(text) + 1):
        check_places(*read(text[:end]))


LINES = st.sampled_from(
    [
        " cookie=0x0, duration=1.1s, table=0, n_packets=1, n_bytes=9, priority=3,ip actions=drop",
        " cookie=0x0, duration=1.1s, table=7, n_packets=1, n_bytes=9,",
        "    idle_age=2, priority=1,arp",
        "    actions=resubmit(,5),ct(commit,",
        "  exec(load:0x1->NXM_NX_CT_MARK[]))",
        ' priority=1,in_port="tap 1" actions=output:"tap,1"',
        "NXST_FLOW reply (xid=0x4):",
        "(...)",
        "",
        "hello",
        "\x1b[32m table=1, priority=0 \x1b[maction",
        "actions=",
        ")",
        "\udc80,",
        "\u2028 x",
    ]
)


@given(st.lists(LINES, max_size=8), st.sampled_from(["\n", "\r\n"]), st.integers(0, 400))
@settings(deadline=None)
def test_lines_in_any_order_are_read_and_none_is_lost(lines, newline, cut) -> None:
    source, parsed = read(newline.join(lines)[:cut])
    check_places(source, parsed)
    told_of = [record.span for record in parsed.records]
    told_of += [diagnostic.span for diagnostic in parsed.diagnostics]
    for offset, line in source.lines():
        if line.strip() and not line.startswith("(...)"[: len(line.rstrip("\r"))]):
            assert any(span.start <= offset and offset + len(line) <= span.end for span in told_of)


@given(st.text(max_size=200))
@settings(deadline=None)
def test_any_text_is_read(text) -> None:
    check_places(*read(text))


def test_a_window_is_read_and_nothing_else() -> None:
    flow = " priority=1 actions=drop\n"
    text = f"$ ovs-ofctl dump-flows br-int\n{flow}$ ovs-vsctl show\n"
    start = text.index(flow)
    parsed = FORMAT.parse(Source("both.txt", text, start, start + len(flow)))
    assert parsed.diagnostics == ()
    (found,) = only_flows(parsed)
    assert found.span.start == start
    assert text[found.actions_start :].startswith("drop")


@pytest.mark.parametrize(
    "line",
    [
        "n_packets=0, " * 3000 + "! actions=drop",
        " priority=" + "9" * 5000 + " actions=drop",
        ' in_port="' + "a" * 5000 + " actions=drop",
        " table=² actions=drop",
        " table=²,n_packets=²,priority=1 actions=resubmit(,²)",
        "send_flow_rem " * 3000 + "actions",
        "," * 5000 + " actions=" + "(" * 5000,
    ],
)
def test_what_is_made_to_be_hard_is_read_at_once(line: str) -> None:
    source, parsed = read(line + "\n")
    check_places(source, parsed)
    for flow in only_flows(parsed):
        assert flow.n_packets in (None, 0)


def test_a_byte_order_mark_costs_nothing() -> None:
    for text in (" priority=1 actions=drop\n", "NXST_FLOW reply (xid=0x4):\n"):
        _, parsed = read("\ufeff" + text)
        assert len(parsed.records) == 1
        assert parsed.diagnostics == ()


# --- marks and values ----------------------------------------------------------------------------


def test_marks_by_kind() -> None:
    text = (
        "NXST_FLOW reply (xid=0x4):\n"
        " cookie=0x7, duration=1.1s, table=60, n_packets=85, n_bytes=99, priority=90,dl_vlan=1,"
        "dl_dst=FA:16:3e:55:2a:5d actions=load:0x3->NXM_NX_REG5[],strip_vlan,resubmit(,81)\n"
        ' table=0, priority=1,ip,nw_src=10.0.0.0/8 actions=output:"tap1",ct(table=82,zone=5)\n'
        " priority=0 actions=drop\n"
    )
    source, parsed = read(text)
    marks = FORMAT.marks(source, parsed)
    by_kind = {kind: [m.value for m in marks if m.kind == kind] for kind in Kind}
    assert by_kind[Kind.COOKIE] == ["0x7"]
    assert by_kind[Kind.COUNTER] == ["85", "99"]
    assert by_kind[Kind.TABLE] == ["60", "81", "0", "82"]
    assert by_kind[Kind.VLAN] == ["1"]
    assert by_kind[Kind.MAC] == ["fa:16:3e:55:2a:5d"]
    assert by_kind[Kind.ADDRESS] == ["10.0.0.0/8"]
    assert by_kind[Kind.DEVICE] == ["tap1"]
    assert by_kind[Kind.REGISTER] == ["reg5"]
    assert by_kind[Kind.DROP] == ["drop"]
    assert [m.value for m in marks if m.value == "duration=1.1s"] == ["duration=1.1s"]
    assert by_kind[Kind.HEAD] == ["dl_vlan", "eth_dst", "load", "strip_vlan", "resubmit",
                                  "ip", "ip_src", "output", "ct"]  # fmt: skip
    device = next(mark for mark in marks if mark.kind == Kind.DEVICE)
    assert source.slice(device.span) == "tap1"  # without its quotes


def test_header_version() -> None:
    _, parsed = read("OFPST_FLOW reply (OF1.3) (xid=0x2):\nNXST_FLOW reply (xid=0x4):\n")
    versions = [r.version for r in parsed.records if isinstance(r, FlowHeader)]
    assert versions == ["OF1.3", None]


def test_counters_of_a_flow() -> None:
    _, parsed = read(" cookie=0x7, duration=1s, table=0, n_packets=3, n_bytes=9, actions=drop\n")
    (flow,) = only_flows(parsed)
    assert (flow.n_packets, flow.n_bytes, flow.cookie) == (3, 9, "0x7")
    assert (flow.table, flow.priority) == (0, dump_flows.DEFAULT_PRIORITY)


def test_reading_leaves_the_collector_as_it_was() -> None:
    for enabled in (True, False):
        gc.enable() if enabled else gc.disable()
        try:
            read(" priority=1 actions=drop\n")
            assert gc.isenabled() == enabled
        finally:
            gc.enable()


def test_empty_lines_between_all_lines_change_no_flow() -> None:
    text = (Path(__file__).parent / "ovs_ofctl_dump_flows" / "wrapped.txt").read_text()
    _, before = read(text)
    _, after = read(text.replace("\n", "\n \n\n"))
    assert after.diagnostics == before.diagnostics == ()
    told_before, told_after = (
        [
            (
                flow.table,
                flow.priority,
                [(clause.field, clause.value) for clause in flow.match.clauses],
                [(action.name, action.arguments) for action in flow.actions.items],
                flow.statistics,
                flow.flags,
            )
            for flow in only_flows(parsed)
        ]
        for parsed in (before, after)
    )
    assert told_after == told_before


def test_cut_flows_between_empty_lines_are_each_told() -> None:
    _, parsed = read("priority=1,\n\n" * 2000)
    assert [diagnostic.code.name for diagnostic in parsed.diagnostics] == ["TRUNCATED"] * 2000
    assert len({diagnostic.span for diagnostic in parsed.diagnostics}) == 2000

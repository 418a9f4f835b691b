"""ovs-ofctl as the judge: it takes our text of a flow for the same flow as its own."""

import gzip
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from ovs_capture.formats.ovs_ofctl_dump_flows import parse
from ovs_capture.openflow.actions import action_tokens
from ovs_capture.openflow.flow import Flow
from ovs_capture.openflow.match import match_tokens
from ovs_capture.openflow.normal import text_of
from ovs_capture.openflow.text import unwrap
from ovs_capture.source import Source, decode

from .ovs_flow import port_number

# What ``parse-flows`` does not take back, though Open vSwitch 3.1 printed it: why, the words, and
# those that it takes for the same. Our text has these already.
TAKEN_INSTEAD = {
    "a field of 6 bits that is set with the mask of all of them": (
        r"(set_field:\d+)/0x3f->ip_dscp",
        r"\1->ip_dscp",
    ),
    "fields of GTP-U by the name that is printed": (r"\b(gtpu_\w+=)", r"tun_\1"),
}
# What happened to a flow is not what it is; parse-flows knows no table_id.
_COUNTED = re.compile(
    r"duration=[^,]*, |n_packets=\d+, |n_bytes=\d+, |n_offload_\w+=\d+, |(?:idle|hard)_age=\d+,? ?"
)


def numbered(text: str) -> str:
    """A flow with a number for each name of a port: parse-flows has no switch to ask."""
    (flow,) = parse(Source("flow", text)).records
    assert isinstance(flow, Flow)
    places = [
        (start + token.start, start + token.end, token.value)
        for start, tokens in (
            (flow.match_start, match_tokens(flow.match.text)),
            (flow.actions_start, action_tokens(flow.actions.text)),
        )
        for token in tokens
        if token.role == "port"
    ]
    for start, end, name in reversed(places):
        quotes = text[start - 1] == '"' == text[end : end + 1]
        text = text[: start - quotes] + str(port_number(name)) + text[end + quotes :]
    return text


def flows_of(path: Path) -> Iterator[tuple[str, str]]:
    """Flows, each as printed, on one line, and as our text."""
    data = path.read_bytes()
    text = decode(gzip.decompress(data) if path.suffix == ".gz" else data)
    for flow in parse(Source(path.name, text)).records:
        if not isinstance(flow, Flow):
            continue
        printed = unwrap(text[flow.span.start : flow.span.end]).text.strip()
        printed = _COUNTED.sub("", printed).replace(", actions=", " actions=")
        for pattern, instead in TAKEN_INSTEAD.values():
            printed = re.sub(pattern, instead, printed)
        yield numbered(re.sub(r"^table_id=", "table=", printed)), numbered(text_of(flow))


def judged(flows: list[str], directory: Path) -> list[str]:
    """What ovs-ofctl makes of each flow, as the message that it would send."""
    file = directory / "flows"
    file.write_text("\n".join(flows) + "\n")
    done = subprocess.run(
        ["ovs-ofctl", "-O", "OpenFlow15", "parse-flows", str(file)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    lines = [line for line in done.stdout.splitlines() if "FLOW_MOD" in line]
    return [re.sub(r"\(xid=0x[0-9a-f]+\)", "", line) for line in lines]


def same_for_the_judge(paths: list[Path], directory: Path) -> int:
    """Compare all flows of these dumps; how many there were."""
    ours: dict[str, str] = {}
    for path in paths:
        for printed, our_text in flows_of(path):
            ours.setdefault(printed, our_text)
    its_own, of_ours = judged(list(ours), directory), judged(list(ours.values()), directory)
    differ = [
        (printed, text)
        for (printed, text), one, other in zip(ours.items(), its_own, of_ours, strict=True)
        if one != other
    ]
    assert differ == []
    return len(ours)


@pytest.mark.needs("ovs")
def test_flows_of_the_repository(captures: Path, tmp_path: Path) -> None:
    recorded = Path(__file__).parent / "normal.dump"
    paths = [*sorted(captures.rglob("*dump-flows*.txt")), recorded]
    # tun_metadata is known to a switch that was told of the option only; parse-flows takes it.
    assert same_for_the_judge(paths, tmp_path) >= 400


@pytest.mark.needs("ovs")
def test_flows_of_the_lab(shared: Path, tmp_path: Path) -> None:
    lab = shared / "lab"
    paths = [*lab.glob("variants/*/*dump_flows*"), *lab.glob("captures/*/*/*dump_flows*")]
    flows = [path for path in paths if not re.match("ovs_appctl_dpctl|ovn_sbctl", path.name)]
    assert same_for_the_judge(sorted(flows), tmp_path) > 13000


@pytest.mark.needs("ovs")
@pytest.mark.parametrize(
    ("why", "flow"),
    list(
        zip(
            TAKEN_INSTEAD,
            ["ip actions=set_field:16/0x3f->ip_dscp", "gtpu_msgtype=255 actions=drop"],
            strict=True,
        )
    ),
)
def test_what_the_judge_does_not_take_it_takes_in_other_words(
    why: str, flow: str, tmp_path: Path
) -> None:
    with pytest.raises(AssertionError, match=r"invalid mask|unknown keyword"):
        judged([flow], tmp_path)
    (line,) = judged([re.sub(*TAKEN_INSTEAD[why], flow)], tmp_path)
    assert line.endswith(re.sub(r"/0x3f", "", flow))


def test_names_of_ports_become_numbers_everywhere() -> None:
    name = port_number("tap1")
    assert numbered('priority=1,in_port="tap1" actions=output:tap1,resubmit(tap1,2),LOCAL') == (
        f"priority=1,in_port={name} actions=output:{name},resubmit({name},2),LOCAL"
    )

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

# What ``parse-flows`` does not take back, though Open vSwitch 3.1 printed it: why, and where.
NOT_TAKEN = {
    "a masked set_field of a field that cannot be masked": r"set_field:\d+/0x3f->ip_dscp",
    "GTP-U without the UDP port that it needs": r"gtpu_\w+=",
}
# What happened to a flow is not what it is; parse-flows knows no table_id.
_COUNTED = re.compile(
    r"duration=[^,]*, |n_packets=\d+, |n_bytes=\d+, |n_offload_\w+=\d+, |(?:idle|hard)_age=\d+,? ?"
)


def flows_of(path: Path) -> Iterator[tuple[str, Flow]]:
    """Flows that name no port (parse-flows has no switch to ask), each as printed, on one line."""
    data = path.read_bytes()
    text = decode(gzip.decompress(data) if path.suffix == ".gz" else data)
    for flow in parse(Source(path.name, text)).records:
        if not isinstance(flow, Flow):
            continue
        tokens = (*match_tokens(flow.match.text), *action_tokens(flow.actions.text))
        if all(token.role != "port" for token in tokens):
            printed = unwrap(text[flow.span.start : flow.span.end]).text.strip()
            printed = _COUNTED.sub("", printed).replace(", actions=", " actions=")
            yield re.sub(r"^table_id=", "table=", printed), flow


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
        for printed, flow in flows_of(path):
            if not any(re.search(pattern, printed) for pattern in NOT_TAKEN.values()):
                ours.setdefault(printed, text_of(flow))
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
    assert same_for_the_judge(sorted(paths), tmp_path) > 5000


@pytest.mark.needs("ovs")
@pytest.mark.parametrize(
    "flow",
    ["ip,actions=set_field:16/0x3f->ip_dscp", "gtpu_msgtype=255,actions=drop"],
)
def test_what_the_judge_does_not_take_has_its_reason(flow: str, tmp_path: Path) -> None:
    assert any(re.search(pattern, flow) for pattern in NOT_TAKEN.values())
    with pytest.raises(AssertionError, match=r"invalid mask|unknown keyword"):
        judged([flow], tmp_path)

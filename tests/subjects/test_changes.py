"""``ovs-capture diff``: text and JSON of a real pair, exit statuses, files."""

import json
from pathlib import Path

import pytest

from ovs_capture.command.line import main
from ovs_capture.subjects.changes import SIGNS

GOLDEN = Path(__file__).parent


@pytest.fixture
def pair(root: Path) -> tuple[str, str]:
    return (
        str(root / "captures" / "what-changed" / "before"),
        str(root / "captures" / "what-changed" / "after"),
    )


@pytest.mark.parametrize("language", ["en", "ja"])
def test_text_of_a_real_pair(
    language: str, pair: tuple[str, str], capsys: pytest.CaptureFixture[str],
    pytestconfig: pytest.Config,
) -> None:  # fmt: skip
    assert main(["diff", *pair, "--lang", language]) == 0
    said = capsys.readouterr().out
    golden = GOLDEN / f"what-changed.{language}.golden"
    if pytestconfig.getoption("--regen", default=False):
        golden.write_text(said, "utf-8")
        pytest.fail(f"{golden.name} was written; read its diff")
    assert said == golden.read_text("utf-8")


def test_json_has_what_the_text_says(
    pair: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["diff", *pair, "--format", "json", "--lang", "en"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["changed"] is True
    (host,) = told["hosts"]
    assert {one["kind"] for one in host["changes"]} <= set(SIGNS)
    tag = next(one for one in host["changes"] if one["what"] == "port" and one["fields"])
    assert tag["fields"] == [{"field": "tag", "before": "3", "after": "2"}]
    assert "tag: 3" in tag["before"]["text"]
    assert "tag: 2" in tag["after"]["text"]


def test_exit_statuses(pair: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    before, after = pair
    assert main(["diff", before, before, "--exit-code", "--lang", "en"]) == 0
    assert capsys.readouterr().out == "Nothing has changed.\n"
    assert main(["diff", before, after, "--exit-code"]) == 1
    assert main(["diff", before, f"{after}-not-there"]) == 1


def test_two_files(pair: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    files = [f"{side}/cmp1/ovs-vsctl-show.txt" for side in pair]
    assert main(["diff", *files, "--lang", "en"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("Ports: 1 new, 1 gone, 1 changed.\n")


def flows(*ports: int) -> str:
    one = (
        " cookie=0x1, duration=1.0s, table=60, n_packets=0, n_bytes=0, priority=100,"
        "in_port=%d actions=load:0x%x->NXM_NX_REG5[],load:0x1->NXM_NX_REG6[],resubmit(,71)\n"
    )
    told = "".join(one % (port, port) for port in ports)
    return f"$ ovs-ofctl dump-flows br-int\nNXST_FLOW reply (xid=0x4):\n{told}"


def test_a_thousand_flows_of_one_form_are_one_change(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sides = {"before": flows(1, 2, *range(3000, 3500)), "after": flows(1, 2, *range(10, 1010))}
    for name, text in sides.items():
        (tmp_path / name / "node").mkdir(parents=True)
        (tmp_path / name / "node" / "flows.txt").write_text(text)
    pair = [str(tmp_path / name) for name in sides]
    assert main(["diff", *pair, "--lang", "en"]) == 0
    text = capsys.readouterr().out
    assert text.startswith("Flows: 1000 new, 500 gone.\n")
    assert "+ 1000 flows of one form in br-int, table 60, priority 100, are new.\n" in text
    assert "- 500 flows of one form in br-int, table 60, priority 100, are gone.\n" in text
    assert "reg5 (values: 1000): 10 (0xa), 11 (0xb), 12 (0xc), 13 (0xd), " in text
    assert text.count("\n") < 16
    assert main(["diff", *pair, "--format", "json", "--lang", "en"]) == 0
    (host,) = json.loads(capsys.readouterr().out)["hosts"]
    kinds = [one["kind"] for one in host["changes"]]
    assert (kinds.count("new"), kinds.count("gone")) == (1000, 500)


def test_two_flows_stand_by_themselves(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, text in (("before", flows(1)), ("after", flows(1, 2, 3))):
        (tmp_path / f"{name}.txt").write_text(text)
    files = [str(tmp_path / "before.txt"), str(tmp_path / "after.txt")]
    assert main(["diff", *files, "--lang", "en"]) == 0
    assert capsys.readouterr().out.count("Flow of br-int, table 60, priority 100 is new.") == 2


def conjunctions(*numbers: int, port: int = 22, twins: bool = False) -> str:
    """Two conjunctions of a firewall, as Neutron's remote groups make them."""
    head = " cookie=0x1, duration=1.0s, table=82, n_packets=0, n_bytes=0, "
    lines = []
    for place, number in enumerate(numbers):
        at = 0 if twins else place
        lines += [
            f"priority=70,ip,reg6=0x1,nw_src=10.0.{at}.1 actions=conjunction({number},1/2)",
            f"priority=70,tcp,reg5=0x{at + 3:x},tp_dst={port} actions=conjunction({number},2/2)",
            f"priority=70,conj_id={number},reg5=0x{at + 3:x} actions=output:{at + 3}",
        ]
    both = ",".join(f"conjunction({number},1/2)" for number in numbers)
    lines.append(f"priority=70,ip,nw_src=10.9.9.9 actions={both}")
    told = "".join(f"{head}{line}\n" for line in lines)
    return f"$ ovs-ofctl dump-flows br-int\nNXST_FLOW reply (xid=0x4):\n{told}"


ONLY_NUMBERS = (
    "Conjunctions of br-int that only have another number: 2. Flows that differ in it alone are "
    "not told."
)


@pytest.mark.parametrize(
    ("before", "after", "summary", "noted"),
    [
        (conjunctions(10, 12), conjunctions(40, 42), "Nothing has changed.", True),
        # Swapped, the later number is the other's earlier one.
        (conjunctions(10, 12), conjunctions(12, 10), "Nothing has changed.", True),
        # Another port in all of them: nothing proves which is which.
        (conjunctions(10, 12), conjunctions(40, 42, port=80), "Flows: 4 new, 4 gone, 3 changed.",
         False),
        (conjunctions(10, 12), conjunctions(10, 12), "Nothing has changed.", False),
    ],
)  # fmt: skip
def test_conjunctions_that_were_renumbered(
    before: str, after: str, summary: str, noted: bool,
    tmp_path: Path, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    files = []
    for name, text in (("before", before), ("after", after)):
        files.append(str(tmp_path / f"{name}.txt"))
        Path(files[-1]).write_text(text)
    assert main(["diff", *files, "--lang", "en"]) == 0
    said = capsys.readouterr().out
    assert said.startswith(f"{summary}\n")
    assert (ONLY_NUMBERS in said) is noted


def test_conjunctions_that_nothing_tells_apart(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "before.txt").write_text(conjunctions(10, 12, twins=True))
    (tmp_path / "after.txt").write_text(conjunctions(40, 42, twins=True))
    files = [str(tmp_path / "before.txt"), str(tmp_path / "after.txt")]
    assert main(["diff", *files, "--lang", "en", "--exit-code"]) == 1
    assert "only have another number" not in capsys.readouterr().out

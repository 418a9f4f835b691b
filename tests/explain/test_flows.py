"""What flows are read as: nothing left out, nothing invented, in both languages."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ovs_capture.explain.flows import kind_of_packets, reading
from ovs_capture.explain.names import Names
from ovs_capture.explain.purpose import purpose
from ovs_capture.openflow.flow import Action, Flow
from ovs_capture.openflow.values import address_of_number, mac_of_number, number
from ovs_capture.render.translation import Translator

from .dumps import dump, seed

HERE = Path(__file__).parent
GOLDEN = HERE / "flows-of-flat-instance.golden"
SAY = {language: Translator(language) for language in ("en", "ja")}

CASE = re.compile(
    r"^## (?P<title>.+)\n```\n(?P<flow>.+)\n(?P<en>.+)\n(?P<ja>.+)\n```$", re.MULTILINE
)


def cases() -> Iterator[object]:
    for case in CASE.finditer((HERE / "readings.md").read_text("utf-8")):
        yield pytest.param(case["flow"], case["en"], case["ja"], id=case["title"])


@pytest.mark.parametrize(("flow", "en", "ja"), list(cases()))
def test_readings(flow: str, en: str, ja: str) -> None:
    (parsed,) = dump(f" {flow}")
    message = reading(parsed, Names())
    assert (SAY["en"].text(message), SAY["ja"].text(message)) == (en, ja)


def test_every_case_is_run() -> None:
    assert len(list(cases())) == (HERE / "readings.md").read_text("utf-8").count("\n## ")


def told() -> str:
    """Every flow of the first seed as text: the flow, then reading and purpose by language."""
    lines = []
    for bridge, flows in seed().flows.items():
        names = seed().names(bridge)
        for flow in flows:
            head = f"priority={flow.priority},{flow.match.text}".rstrip(",")
            lines.append(f"{bridge} table={flow.table} {head} actions={flow.actions.text}")
            why = purpose(flow, seed().pipeline, names)
            for translator in SAY.values():
                lines.append(f"  {translator.text(reading(flow, names))}")
                lines.append(f"    {'-' if why is None else translator.text(why.message)}")
    return "\n".join(lines) + "\n"


def test_flows_of_the_first_seed() -> None:
    text = told()
    if os.environ.get("OVS_CAPTURE_REGEN") == "1":
        GOLDEN.write_text(text, "utf-8")
        pytest.fail(f"{GOLDEN.name} was written again: read the difference")
    assert text == GOLDEN.read_text("utf-8")


def test_every_flow_of_the_first_seed_has_reading_and_purpose() -> None:
    found = [
        (reading(flow, seed().names(bridge)), purpose(flow, seed().pipeline, seed().names(bridge)))
        for bridge, flows in seed().flows.items()
        for flow in flows
    ]
    assert len(found) == 81
    for message, why in found:
        assert why is not None
        for one in (message, why.message):
            english, japanese = SAY["en"].text(one), SAY["ja"].text(one)
            assert english.endswith(".") and not english.endswith("..")
            assert japanese.endswith("。")
            assert re.search("[\u3040-\u30ff\u4e00-\u9fff]", japanese)


def test_a_name_is_said_once() -> None:
    (flow,) = (
        f for f in seed().flows["br-int"] if f.table == 71 and f.match.text.startswith("arp")
    )
    text = SAY["en"].text(reading(flow, seed().names("br-int")))
    assert text.count("instance00") == 1
    assert "reg5 3, source MAC fa:16:3e:55:2a:5d" in text


def test_the_default_flow_is_everything_else_only_beside_others() -> None:
    flows = dump(" table=0, priority=1,arp actions=drop", " table=0, priority=0 actions=drop")
    names = Names.of(None, None, flows)
    assert SAY["en"].text(reading(flows[1], names)) == "Everything else: drop."
    assert SAY["en"].text(reading(flows[1], Names())) == "All packets: drop."


@pytest.mark.parametrize(
    ("flow", "words"),
    [
        (" table=0, priority=0 actions=drop", "All packets"),
        (" in_port=1 actions=drop", "Packets from port 1"),
        (" udp,tp_src=68,tp_dst=67 actions=drop", "UDP packets with destination port 67"),
        (" ct_state=+est-rel-rpl,ip,reg5=0x3 actions=drop", "IPv4 packets of an established"),
        (" ct_mark=0x1,reg5=0x3 actions=drop", "Packets with ct_mark 1 and reg5 3"),
    ],
)
def test_kinds_of_packets(flow: str, words: str) -> None:
    (parsed,) = dump(flow)
    text = SAY["en"].text(kind_of_packets(parsed, Names()))
    assert text.startswith(words)
    assert "(not" not in text


def spellings(value: str) -> set[str]:
    """How a value may stand in a sentence."""
    n = number(value)
    if n is None:
        return {value}
    found = {value, str(n), hex(n)}
    if n < 1 << 32:
        found.add(address_of_number(n, "ipv4"))
    if n < 1 << 48:
        found.add(mac_of_number(n))
    if n < 1 << 128:
        found.add(address_of_number(n, "ipv6"))
    return found


def says(text: str, value: str) -> bool:
    return any(
        re.search(rf"(?<![\w.:]){re.escape(spelling)}(?![\w])", text)
        for spelling in spellings(value)
    )


def values_of(action: Action) -> Iterator[str]:
    for name, text in action.arguments.items():
        # Places of bits are told as [0..15], names of fields as words, a flag as its name.
        if text and text != "true" and not name.endswith(("start", "bits", "field", "type")):
            yield text
    for inner in action.actions:
        yield from values_of(inner)


def assert_nothing_is_left_out(flow: Flow) -> None:
    message = reading(flow, Names())
    for translator in SAY.values():
        text = translator.text(message)
        for clause in flow.match.clauses:
            if clause.field in ("ct_state", "vlan_tci", "dl_vlan") or clause.value is None:
                continue
            assert says(text, clause.value), (clause, text)
            if clause.mask is not None:
                assert says(text, clause.mask), (clause, text)
        for action in flow.actions.items:
            for value in values_of(action):
                assert says(text, value), (action, text)


def test_nothing_of_the_seeds_is_left_out(captures: Path) -> None:
    from ovs_capture.formats.reading import read
    from ovs_capture.source import Source, decode

    count = 0
    for path in captures.rglob("*dump-flows*.txt"):
        for capture in read(Source(path.name, decode(path.read_bytes()))):
            for record in capture.parsed.records:
                if isinstance(record, Flow):
                    assert_nothing_is_left_out(record)
                    count += 1
    assert count >= 81


FLAGS = ("new", "est", "rel", "rpl", "inv", "trk", "snat", "dnat")


@given(st.dictionaries(st.sampled_from(FLAGS), st.booleans(), min_size=1))
def test_every_flag_of_a_state_is_told(signs: dict[str, bool]) -> None:
    value = "".join(("+" if signs[f] else "-") + f for f in FLAGS if f in signs)
    (flow,) = dump(f" ct_state={value} actions=drop")
    for translator in SAY.values():
        text = translator.text(reading(flow, Names()))
        (opposite,) = dump(
            " ct_state="
            + "".join(("-" if signs[f] else "+") + f for f in FLAGS if f in signs)
            + " actions=drop"
        )
        assert text != translator.text(reading(opposite, Names()))
        # One main flag, the others in parentheses.
        inside = re.search(r"\((.*)\)", text)
        others = [] if inside is None else re.split("[,、]", inside[1])
        assert len(others) == len(signs) - 1

"""What flows are read as: nothing left out, nothing invented, in both languages."""

import gzip
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ovs_capture.explain.flows import kind_of_packets, reading
from ovs_capture.explain.message import Message, Ref
from ovs_capture.explain.names import Names
from ovs_capture.explain.phrases import joined_halves
from ovs_capture.explain.pipeline import Pipeline
from ovs_capture.explain.purpose import purpose
from ovs_capture.openflow.flow import Action, Flow
from ovs_capture.openflow.values import address_of_number, mac_of_number, number
from ovs_capture.translation import Translator

from .dumps import dump, seed
from .test_phrases import MAN_PAGE, messages

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


def check(golden: Path, text: str) -> None:
    if os.environ.get("OVS_CAPTURE_REGEN") == "1":
        golden.write_text(text, "utf-8")
        pytest.fail(f"{golden.name} was written again: read the difference")
    assert text == golden.read_text("utf-8")


def test_flows_of_the_first_seed() -> None:
    check(GOLDEN, told())


def told_of_neutron() -> str:
    """The flows of ``neutron.flows``, as ``told`` writes them; the bridge's name is its role."""
    lines: list[str] = []
    for part in (HERE / "neutron.flows").read_text("utf-8").split("\n# ")[1:]:
        bridge, *texts = part.strip().splitlines()
        flows = dump(*(f" {text}" for text in texts))
        pipeline = Pipeline("neutron-ovs", Message("Neutron"), {bridge: bridge}, (26,))
        names = Names.of(None, bridge, flows)
        for text, flow in zip(texts, flows, strict=True):
            lines.append(f"{bridge} {text}")
            why = purpose(flow, pipeline, names)
            for translator in SAY.values():
                lines.append(f"  {translator.text(reading(flow, names))}")
                lines.append(f"    {'-' if why is None else translator.text(why.message)}")
    return "\n".join(lines) + "\n"


def test_flows_of_neutron() -> None:
    text = told_of_neutron()
    assert "\n    -\n" not in text  # every one has a purpose
    check(HERE / "flows-of-neutron.golden", text)


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
        return {value, value.lower()}
    found = {value, str(n), hex(n), f"0x{n:04x}"}
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


def in_bits(value: str, mask: str) -> str | None:
    """What is left of a masked number when the zeros below the mask are cut off."""
    n, m = number(value), number(mask)
    return str((n & m) // (m & -m)) if n is not None and m else None


# Told in words that tests of their own check.
IN_WORDS = ("ct_state", "tcp_flags", "tun_flags", "ip_frag", "vlan_tci", "dl_vlan")
# Of a sort that has words: of fields that are hashed, of headers, of one TLV the parts.
WORDED = ("fields", "header", "tlv")


def missing_of_match(flow: Flow, text: str) -> Iterator[str]:
    for clause in flow.match.clauses:
        if clause.field in IN_WORDS or clause.value is None:
            continue
        if clause.mask is None:
            if not says(text, clause.value):
                yield clause.text
        elif f"{clause.value}/{clause.mask}" not in text and not says(
            text, in_bits(clause.value, clause.mask) or "?"
        ):
            yield clause.text


def missing_of(action: Action, text: str) -> Iterator[str]:
    given = dict(action.arguments)
    if given.get("field") == "vlan_vid" and number(given.get("value", "")) is not None:
        # 4096 is the bit that says "tagged".
        given["value"] = str((number(given["value"]) or 0) % 4096)
    if "mask" in given:
        value, mask = given.pop("value"), given.pop("mask")
        if not says(text, value) and not says(text, in_bits(value, mask) or "?"):
            yield action.text
        if in_bits(value, mask) is None and mask not in text:
            yield action.text
    for name, value in given.items():
        # Places of bits are told as [0..15], names of fields as words, a flag as its words.
        if name.endswith(("start", "bits", "field", "type")) or value in ("", "true"):
            continue
        if name in WORDED:
            continue
        for part in value.split(",") if name == "members" else (value,):
            if not says(text, part):
                yield f"{name}={part} of {action.text}"
    for inner in joined_halves(action.actions):
        yield from missing_of(inner, text)


def left_out(flow: Flow) -> list[str]:
    """Values of clauses and actions that a reading of the flow does not have."""
    message = reading(flow, Names())
    found = [
        m.params["action"].shown
        for m in messages(message)
        if m.msgid == "do %(action)s" and isinstance(m.params["action"], Ref)
    ]
    for translator in SAY.values():
        text = translator.text(message)
        found += missing_of_match(flow, text)
        for action in joined_halves(flow.actions.items):
            found += missing_of(action, text)
    return found


def flows_of(path: Path) -> Iterator[Flow]:
    from ovs_capture.formats.reading import read
    from ovs_capture.source import Source, decode

    data = path.read_bytes()
    if path.suffix == ".gz":
        data = gzip.decompress(data)
    for capture in read(Source(path.name, decode(data))):
        for record in capture.parsed.records:
            if isinstance(record, Flow):
                yield record


def test_nothing_of_the_seeds_is_left_out(captures: Path) -> None:
    flows = [f for path in captures.rglob("*dump-flows*.txt") for f in flows_of(path)]
    assert len(flows) >= 81
    assert [missing for flow in flows for missing in left_out(flow)] == []


def test_nothing_of_the_lab_is_left_out(shared: Path) -> None:
    """Every variant of output and version of OpenFlow, each distinct flow once."""
    distinct = {
        (flow.match.text, flow.actions.text): flow
        for room in ("variants", "captures")
        for path in (shared / "lab" / room).rglob("*dump_flows*")
        if "dpctl" not in path.name and "color" not in path.name
        for flow in flows_of(path)
    }
    assert len(distinct) > 5000
    assert [missing for flow in distinct.values() for missing in left_out(flow)] == []


@pytest.mark.parametrize("actions", MAN_PAGE)
def test_nothing_of_the_manual_is_left_out(actions: str) -> None:
    (flow,) = dump(f" table=9, actions={actions}")
    assert left_out(flow) == []


FLAGS = ("new", "est", "rel", "rpl", "inv", "trk", "snat", "dnat")


@settings(deadline=None)
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

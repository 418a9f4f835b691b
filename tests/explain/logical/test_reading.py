"""What logical flows are read as: nothing left out, nothing invented, in both languages."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from ovs_capture.explain.logical.names import LogicalNames
from ovs_capture.explain.logical.purpose import purpose
from ovs_capture.explain.logical.reading import reading
from ovs_capture.subjects.listings import Listing
from ovs_capture.translation import Translator

from .listings import flow, modern, of_seed

HERE = Path(__file__).parent
SAY = {language: Translator(language) for language in ("en", "ja")}
CASE = re.compile(
    r"^## (?P<title>.+)\n```\nmatch=\((?P<match>.+)\)\naction=\((?P<actions>.*)\)\n"
    r"(?P<en>.+)\n(?P<ja>.+)\n```$",
    re.MULTILINE,
)


def cases() -> Iterator[object]:
    for case in CASE.finditer((HERE / "readings.md").read_text("utf-8")):
        yield pytest.param(case["match"], case["actions"], case["en"], case["ja"], id=case["title"])


@pytest.mark.parametrize(("match", "actions", "en", "ja"), list(cases()))
def test_readings(match: str, actions: str, en: str, ja: str) -> None:
    names = LogicalNames(versions=frozenset({"23.03.1"}))
    message = reading(flow(match, actions), names)
    assert (SAY["en"].text(message), SAY["ja"].text(message)) == (en, ja)


def test_every_case_is_run() -> None:
    assert len(list(cases())) == (HERE / "readings.md").read_text("utf-8").count("\n## ")


def told(listings: tuple[Listing, ...]) -> str:
    """The first flow of each shape: the flow, then reading and purpose by language."""
    lines: list[str] = []
    seen = set()
    for listing in listings:
        for one in listing.flows:
            why = purpose(one, listing.names)
            said = reading(one, listing.names)
            key = one.stage, one.priority, why and why.message.msgid, said.msgid
            if key in seen:
                continue
            seen.add(key)
            text = " ".join(f"match=({one.match.text}) action=({one.actions.text})".split())
            lines.append(f"{one.stage} priority={one.priority} {text}")
            for translator in SAY.values():
                lines.append(f"  {translator.text(said)}")
                lines.append(f"    {'-' if why is None else translator.text(why.message)}")
    return "\n".join(lines) + "\n"


def check(golden: Path, text: str) -> None:
    if os.environ.get("OVS_CAPTURE_REGEN") == "1":
        golden.write_text(text, "utf-8")
        pytest.fail(f"{golden.name} was written again: read the difference")
    assert text == golden.read_text("utf-8")


def test_flows_of_a_modern_ovn() -> None:
    check(HERE / "ovn-23.03.golden", told((modern(),)))


def test_flows_of_the_second_seed() -> None:
    text = told(of_seed())
    assert "\n    -\n" not in text  # every one has a purpose
    check(HERE / "ovn-2016.golden", text)


def test_every_value_of_a_modern_listing_is_in_its_reading() -> None:
    """Addresses, MACs and names of the match are all said."""
    value = re.compile(r'"[^"]+"|[0-9a-f]{2}(?::[0-9a-f]{2}){5}|\d+\.\d+\.\d+\.\d+(?:/\d+)?')
    listing = modern()
    for one in listing.flows:
        text = SAY["en"].text(reading(one, listing.names))
        for found in value.findall(one.match.text):
            assert found.strip('"') in text, one.match.text


def test_a_match_that_cannot_be_read_is_said_as_printed() -> None:
    message = reading(flow("ip4 &&", "next;"), LogicalNames())
    assert "ip4 &&" in SAY["en"].text(message)

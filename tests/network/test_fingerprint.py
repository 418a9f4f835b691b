"""Equal fingerprints mean that no page could tell two values apart."""

from dataclasses import replace
from pathlib import Path

import pytest

from ovs_capture.formats.reading import read
from ovs_capture.network.correlate import correlate_all
from ovs_capture.network.fingerprint import Fingerprints
from ovs_capture.network.model import Evidence, Network, Scope
from ovs_capture.source import Source, Span
from ovs_capture.store import load_target

of = Fingerprints().of


def models(path: Path) -> list[Network]:
    return list(correlate_all(load_target(path).hosts, lambda hosts, length: hosts))


@pytest.mark.parametrize("scenario", ["flat-instance", "linuxbridge", "ovn", "ovs-vlan"])
def test_the_same_captures_read_twice(captures: Path, scenario: str) -> None:
    first, second = models(captures / scenario), models(captures / scenario)
    assert list(map(of, first)) == list(map(Fingerprints().of, second))
    assert of(first[0].logical) == Fingerprints().of(second[0].logical)
    assert len({of(one) for one in first}) == len(first)


def test_lines_that_move_are_no_other_evidence() -> None:
    (capture,) = read(Source("ip-link.txt", "$ ip link\n"))
    assert of(Evidence(capture, Span(0, 3))) == of(Evidence(capture, Span(4, 5)))
    (other,) = read(Source("other.txt", "$ ip link\n"))
    assert of(Evidence(capture, Span(0, 3))) != of(Evidence(other, Span(0, 3)))


def test_a_capture_that_is_asked_for_is_all_that_it_holds() -> None:
    (before,) = read(Source("ip-link.txt", "$ ip link\n1: lo: <LOOPBACK>\n"))
    (after,) = read(Source("ip-link.txt", "$ ip link\n1: lo: <LOOPBACK,UP>\n"))
    assert of((before,)) != of((after,))


def test_a_model_says_everything_and_its_name_within_another_value() -> None:
    model = Network(key="lab/a", title="A")
    described = replace(model, described=True)
    assert of(model) != of(described)
    assert of((model, 1)) == of((described, 1))
    assert of((model, 1)) != of((replace(model, title="B"), 1))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1", 1),
        (1, True),
        (None, "None"),
        (("a", "b"), ("ab",)),
        ((("a",), "b"), ("a", ("b",))),
        ((), None),
        ({"a": 1}, {"a": 2}),
        (Scope("a", "b"), Scope("a", None, "b")),
        ("a\nb", ("a", "b")),
    ],
)
def test_what_differs(one: object, other: object) -> None:
    assert of(one) != of(other)


def test_a_set_has_no_order() -> None:
    assert of({"a", "b", "c"}) == of({"c", "b", "a"})

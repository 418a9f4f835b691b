"""Messages become language: holes, joins, and the spaces that Japanese has and has not."""

import pytest

from ovs_capture.explain.message import Message, Param, Ref, Series
from ovs_capture.translation import Translator

EN, JA = Translator("en"), Translator("ja")


@pytest.mark.parametrize(
    ("noun", "text"),
    [
        (Ref("code", "ARP"), "p1 から届いた ARP"),
        (Message("Packets"), "p1 から届いたパケット"),
        (Message("ARP packets"), "p1 から届いた ARP パケット"),
        ("", "p1 から届いた "),
    ],
)
def test_japanese_has_no_space_between_its_own_words(noun: Param, text: str) -> None:
    message = Message("%(noun)s from %(port)s", {"noun": noun, "port": Ref("device", "p1")})
    assert JA.text(message) == text


def test_a_space_in_a_captured_name_stays() -> None:
    message = Message("%(owner)s (%(port)s)", {"owner": "仮想 マシン", "port": "p1"})
    assert JA.text(message) == "仮想 マシン (p1)"


def test_references_stay_references() -> None:
    port = Ref("device", "p1")
    pieces = JA.pieces(
        Message("%(noun)s from %(port)s", {"noun": Message("Packets"), "port": port})
    )
    assert pieces == (port, " から届いたパケット")


def test_joins() -> None:
    three = ("a", "b", "c")
    assert EN.text(Series(three)) == "a, b and c"
    assert EN.text(Series(three, "or")) == "a, b or c"
    assert EN.text(Series(three, "plain")) == "a, b, c"
    assert JA.text(Series(three)) == "a、b、c"
    assert JA.text(Series(three, "or")) == "a、b または c"
    assert EN.text(Series(("A.", "B.", "C."), "sentences")) == "A. B. C."
    assert JA.text(Series(("A。", "B。", "C。"), "sentences")) == "A。B。C。"
    assert JA.text(Series(three, "clauses")) == "a; b; c"
    assert JA.text(Series(())) == ""


def test_an_unknown_language_speaks_english() -> None:
    assert Translator("fr").text(Message("Packets")) == "Packets"


@pytest.mark.parametrize("say", [EN, JA])
def test_a_list_may_be_of_thousands(say: Translator) -> None:
    names = tuple(Ref("guest", f"instance{number}") for number in range(3000))
    found = say.pieces(Series(names))
    assert tuple(piece for piece in found if isinstance(piece, Ref)) == names
    assert say.text(Series(names)) == say.text(Series(tuple(name.shown for name in names)))

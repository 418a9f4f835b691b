"""Verdicts, ends and changes in words, in both languages."""

import pytest

from ovs_capture.explain import packet_way as words
from ovs_capture.explain.names import Names
from ovs_capture.trace.result import Change, Effect, Trace, Verdict
from ovs_capture.translation import Translator

NAMES = Names("br-int", None)


def ended(kind: str, *effects: Effect, dropped: tuple[str, int] | None = None) -> Trace:
    verdict = Verdict(kind, tuple(e.place for e in effects), dropped)  # type: ignore[arg-type]
    return Trace("", (), (), verdict, "", effects, ())


def out(port: str, **more: object) -> Effect:
    return Effect("output", "br-int", port, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("trace", "english", "japanese"),
    [
        (ended("output", out("eth2")), "Leaves on eth2, untagged", "eth2 (タグなし) から出る"),
        (
            ended("output", out("eth2", vlans=(100,))),
            "Leaves on eth2 with a tag of VLAN 100",
            "eth2 (VLAN 100 のタグ付き) から出る",
        ),
        (
            ended("output", out("vxlan0", tunnel=239, remote="10.0.0.32")),
            "Leaves for 10.0.0.32 on vxlan0 with tunnel key 239",
            "vxlan0 (トンネルキー 239) から 10.0.0.32 へ出る",
        ),
        (
            ended("output", out("eth2"), out("eth3", vlans=(7,))),
            "Leaves in 2 copies: eth2, untagged, eth3 with a tag of VLAN 7",
            "2 つに複製されて出る: eth2 (タグなし)、eth3 (VLAN 7 のタグ付き)",
        ),
        (ended("drop"), "Dropped", "破棄される"),
        (
            ended("drop", dropped=("br-int", 71)),
            "Dropped in table 71 of br-int",
            "br-int のテーブル 71 で破棄される",
        ),
        (ended("controller"), "Goes to the controller", "コントローラへ送られる"),
        (
            ended("loop"),
            "Goes round until the switch gives up",
            "ループし、スイッチが処理を打ち切る",
        ),
        (
            ended("unknown"),
            "Where it ends cannot be told from these captures",
            "行き先はこれらの出力からは分からない",
        ),
    ],
)
def test_verdicts(trace: Trace, english: str, japanese: str) -> None:
    told = words.verdict(trace, None, NAMES)
    assert Translator("en").text(told) == english
    assert Translator("ja").text(told) == japanese


def test_an_end_is_a_sentence() -> None:
    told = words.end(out("eth2"), None, NAMES)
    assert Translator("en").text(told) == "Leaves on eth2, untagged."
    assert Translator("ja").text(told) == "eth2 (タグなし) から出る。"
    controller = words.end(Effect("controller", "br-int"), None, NAMES)
    assert Translator("ja").text(controller) == "複製がコントローラへ送られる。"


def test_a_change_is_told_once_from_first_to_last() -> None:
    changes = [
        Change("reg5", "0x0", "0x1"),
        Change("reg5", "0x1", "0x3"),
        Change("reg6", "0x0", "0x1"),
        Change("reg6", "0x1", "0x0"),
        Change("vlan_vid", None, "7"),
        Change("vlan_pcp", None, "0"),
        Change("reg0", "0x0", "0xdeadbeef"),
    ]
    say = Translator("en").text
    told = [(c.name.value, say(c.before), say(c.after)) for c in words.changed(changes, NAMES)]
    assert told == [
        ("reg5", "0", "3"),
        ("vlan_vid", "untagged", "7"),
        ("reg0", "0", "0xdeadbeef"),
    ]

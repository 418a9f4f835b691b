"""What changed, in words: every kind of change in both languages, and no hole left empty."""

import pytest

from ovs_capture.explain.changes import (
    THINGS,
    field_words,
    headline,
    join_words,
    notes,
    renumbered_words,
    summary,
)
from ovs_capture.formats.reading import read
from ovs_capture.network.changes.model import (
    Change,
    FieldChange,
    HostChanges,
    Join,
    Located,
    Renumbered,
    Value,
)
from ovs_capture.network.model import Evidence
from ovs_capture.source import Source, Span
from ovs_capture.translation import Translator

(CAPTURE,) = read(Source("ip.txt", "$ ip link\n1: lo: <UP> mtu 1\n"))
LOCATED = Located(CAPTURE.parsed.records[0], CAPTURE)
EVIDENCE = Evidence(CAPTURE, Span(0, 1))


def both(message: object) -> tuple[str, str]:
    return tuple(Translator(language).text(message) for language in ("en", "ja"))  # type: ignore


@pytest.mark.parametrize("what", THINGS)
def test_every_kind_of_thing_has_a_name_and_a_heading(what: str) -> None:
    key = ("a", "b", "c", "d", "e")
    for kind in ("new", "gone", "changed"):
        change = Change(kind, what, key, LOCATED, LOCATED)
        english, japanese = both(headline(change))
        assert english.endswith(".")
        assert japanese.endswith("。")
        assert english != japanese
    assert "%(" not in "".join(both(THINGS[what].title))


@pytest.mark.parametrize(
    ("name", "before", "after", "en", "ja"),
    [
        ("mtu", "1500", "1400", "MTU: 1500 → 1400", "MTU: 1500 → 1400"),
        ("tag", None, "2", "VLAN tag: 2, none before", "VLAN タグ: なし → 2"),
        ("tag", "2", None, "VLAN tag: none any more, 2 before", "VLAN タグ: 2 → なし"),
        ("flags", ("UP", "A"), ("A", "B"), "flags: with B, without UP",
         "フラグ: B が加わり、UP がなくなった"),
        ("flags", ("A",), ("A", "B"), "flags: with B", "フラグ: B が加わった"),
        ("flags", ("A", "B"), None, "flags: without A, B", "フラグ: A、B がなくなった"),
        ("options.key", "1", "2", "options.key: 1 → 2", "options.key: 1 → 2"),
        ("eth1 type", "x", "y", "type of eth1: x → y", "eth1 の type: x → y"),
    ],
)  # fmt: skip
def test_a_field(name: str, before: Value, after: Value, en: str, ja: str) -> None:
    assert both(field_words(FieldChange(name, before, after))) == (en, ja)


def test_where_a_guest_went() -> None:
    change = Change("moved", "guest", ("u",), LOCATED, LOCATED, hosts=("one", "two"))
    assert both(headline(change)) == (
        "Guest u moved from one to two.", "ゲスト u が one から two へ移動した。",
    )  # fmt: skip


def test_that_a_guest_was_started() -> None:
    fields = (FieldChange("state", "shut off", "running"),)
    change = Change("changed", "guest", ("u",), LOCATED, LOCATED, fields)
    assert both(headline(change)) == ("Guest u was started.", "ゲスト u が起動された。")


def test_in_which_place() -> None:
    change = Change("new", "device", ("eth0", "qdhcp-1"), None, LOCATED)
    assert both(headline(change)) == (
        "Device eth0 in qdhcp-1 is new.", "qdhcp-1 のデバイス eth0 が追加された。",
    )  # fmt: skip


def test_a_renumbered_network() -> None:
    english, japanese = both(renumbered_words(Renumbered("vxlan 239", 1, 5, (EVIDENCE, EVIDENCE))))
    assert "vxlan 239 was renumbered: 1 → 5." in english
    assert "vxlan 239 のローカル VLAN の番号が変わった: 1 → 5。" in japanese


def test_a_join() -> None:
    fields = (FieldChange("vlan", "1", "2"),)
    join = Join("changed", "connection", ("instance00", "fa:16:3e:00:00:01"), fields)
    assert both(join_words(join))[0] == (
        "The NIC fa:16:3e:00:00:01 of instance00 hangs elsewhere: VLAN: 1 → 2."
    )


def test_that_nothing_changed_is_said() -> None:
    from ovs_capture.network.changes.model import Snapshot
    from ovs_capture.network.model import Network

    same = Snapshot(Network(key="lab/node", title="node"), ())
    host = HostChanges("node", same, same)
    assert both(summary([host])) == ("Nothing has changed.", "変更はない。")
    assert notes(host) == ()


def test_what_could_not_be_compared_is_said() -> None:
    from ovs_capture.network.changes.model import Snapshot
    from ovs_capture.network.model import Network

    same = Snapshot(Network(key="lab/node", title="node"), ())
    host = HostChanges("node", same, same, only_before=(CAPTURE,), unread=(CAPTURE,), unproven=3)
    english = [both(note)[0] for note in notes(host)]
    assert english[0] == "Only captured earlier, not compared: ip link."
    assert english[1] == "Differ, but are of no format that is read: ip link."
    assert "3" in english[2]
    assert both(notes(HostChanges("new", None, same))[0])[0] == (
        "This host is only in the later captures."
    )

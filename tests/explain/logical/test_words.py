"""Every symbol and every action of OVN has words."""

from ovs_capture import knowledge
from ovs_capture.explain.logical import words

PHRASES = words.table()


def test_every_action_has_a_row() -> None:
    made = {"load", "move", "icmp4.frag_mtu"}  # these are assignments
    known = knowledge.table("ovn_actions")["actions"].keys()
    assert known - made - PHRASES["actions"].keys() == set()


def test_every_symbol_has_words() -> None:
    told = PHRASES["words"].keys() | PHRASES["holds"].keys()
    by_rule = ("ct.", "reg", "xreg", "xxreg")  # told as a connection's state, and by their names
    known = knowledge.table("ovn_fields")["fields"].keys()
    assert {name for name in known - told if not name.startswith(by_rule)} == set()


def test_a_register_is_told_by_the_versions_that_may_have_made_it() -> None:
    old, new = frozenset({"20.03.0"}), frozenset({"23.03.1"})
    assert words.register_label("reg9[2]", "router", old) is not None
    both = words.register_label("reg1", "switch", frozenset({"23.03.1", "25.03.0"}))
    assert both is None or both == words.register_label("reg1", "switch", new)
    assert words.register_label("reg9[0]", "router", None) is None


def test_a_snapshot_is_told_as_the_release_it_led_to() -> None:
    snapshot = frozenset({"2.5.90-20160615"})
    told = words.register_label("reg0[1]", "switch", snapshot)
    assert told is not None and told.msgid == "commit wanted"

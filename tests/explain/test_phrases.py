"""The words of fields, values and actions are complete, and fall back to what is printed."""

import pytest

from ovs_capture import knowledge
from ovs_capture.explain import phrases
from ovs_capture.explain.message import Message, Ref
from ovs_capture.explain.names import Names
from ovs_capture.explain.phrases import Telling, connection_state, shown
from ovs_capture.openflow.fields import all_fields, all_protocols, bits_of
from ovs_capture.render.translation import Translator

from .dumps import dump


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("0", "0"),
        ("0x3", "3"),
        ("0xa", "0xa (10)"),
        ("0x12345678", "0x12345678"),
        ("67", "67"),
        ("fa:16:3e:55:2a:5d", "fa:16:3e:55:2a:5d"),
        ("later", "later"),
    ],
)
def test_numbers_as_people_read_them(value: str, text: str) -> None:
    assert shown(value) == text


def test_every_field_has_words() -> None:
    table = knowledge.table("openflow_phrases")
    families = ("reg", "xreg", "xxreg", "tun_metadata", "nsh_c")
    missing = [
        name
        for name in all_fields()
        if name not in table["words"] and name.rstrip("0123456789") not in families
    ]
    assert missing == []


def test_there_are_no_words_for_what_is_no_field() -> None:
    table = knowledge.table("openflow_phrases")
    assert table["words"].keys() | table["kinds"].keys() <= all_fields().keys()
    assert table["meaning"].keys() <= all_fields().keys()


def test_every_shorthand_has_a_noun() -> None:
    names = {protocol.name for protocol in all_protocols().values()}
    assert [name for name in names if phrases.protocol(name) is None] == []


def test_every_action_has_a_step() -> None:
    table = knowledge.table("openflow_phrases")
    told = (
        table["actions"].keys() | table["assigns"].keys() | {"ct", "apply_actions", "learn_match"}
    )
    actions = knowledge.table("openflow_actions")["actions"].keys()
    assert sorted(actions - told) == []


def test_every_flag_of_ct_state_has_words() -> None:
    assert knowledge.table("openflow_phrases")["ct_state"].keys() == bits_of("ct_state").keys()


def test_a_state_that_is_no_flags_has_no_words() -> None:
    assert connection_state("0x21/0x21") is None
    assert connection_state("+frob") is None


def test_a_value_that_is_known_has_its_meaning_beside_it() -> None:
    value = Telling(Names(), 0).value("udp_dst", "67")
    assert Translator("ja").text(value) == "67 (DHCP サーバ)"
    assert Telling(Names(), 0).value("udp_dst", "6700") == Ref("code", "6700", "6700")


def test_values_are_references_of_their_kind() -> None:
    telling = Telling(Names(), 0)
    kinds = {
        name: value.kind
        for name, text in (
            ("eth_src", "fa:16:3e:00:00:01"),
            ("ip_src", "10.0.0.1"),
            ("reg5", "0x3"),
            ("tun_id", "0xef"),
        )
        if isinstance(value := telling.value(name, text), Ref)
    }
    assert kinds == {"eth_src": "mac", "ip_src": "address", "reg5": "code", "tun_id": "vlan"}


def test_a_table_is_a_reference() -> None:
    (flow,) = dump(" actions=resubmit(,71)")
    (step,) = Telling(Names(), 0).steps(flow.actions.items)
    assert step.end() == Message("go on to table %(table)s", {"table": Ref("table", "71")}, "end")

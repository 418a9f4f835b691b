"""Values are told as people think of them, and the captured number is in the words."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ovs_capture import knowledge
from ovs_capture.explain import values
from ovs_capture.explain.message import Message, Param, Ref
from ovs_capture.explain.values import Bits
from ovs_capture.openflow.fields import (
    all_fields,
    bits_of,
    reserved_ports,
    value_names,
)
from ovs_capture.translation import Translator

SAY = {language: Translator(language) for language in ("en", "ja")}


def says(param: Param) -> tuple[str, str]:
    return SAY["en"].text(param), SAY["ja"].text(param)


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("reg5", "0", "0"),
        ("reg5", "0x3", "3"),
        ("reg5", "0xa", "10 (0xa)"),
        ("reg5", "0x12345678", "0x12345678"),
        ("tun_id", "0xef", "239 (0xef)"),
        ("tun_id", "0x10ef12", "1109778 (0x10ef12)"),
        ("metadata", "0x12", "18 (0x12)"),
        ("eth_type", "0x88cd", "0x88cd"),
        ("udp_dst", "67", "67"),
        ("eth_src", "fa:16:3e:55:2a:5d", "fa:16:3e:55:2a:5d"),
    ],
)
def test_numbers_as_people_read_them(name: str, value: str, text: str) -> None:
    assert values.shown(value, name) == text


@pytest.mark.parametrize(
    ("name", "value", "en", "ja"),
    [
        ("udp_dst", "67", "67 (DHCP server)", "67 (DHCP サーバ)"),
        ("udp_dst", "6700", "6700", "6700"),
        ("tcp_src", "22", "22 (SSH)", "22 (SSH)"),
        ("tcp_dst", "67", "67", "67"),
        ("ct_tp_dst", "4789", "4789 (VXLAN)", "4789 (VXLAN)"),
        ("nw_tos", "184", "184 (DSCP 46)", "184 (DSCP 46)"),
        ("vlan_tci", "0x3064", "0x3064 (VLAN 100, priority 1)", "0x3064 (VLAN 100、優先度 1)"),
        ("vlan_tci", "0", "0 (no VLAN tag)", "0 (VLAN タグなし)"),
        ("vlan_tci", "0x64", "0x64", "0x64"),
        ("in_port", "65535", "65535 (NONE)", "65535 (NONE)"),
        ("eth_type", "0x8848", "0x8848 (MPLS multicast)", "0x8848 (MPLS マルチキャスト)"),
        ("packet_type", "(1,0x894f)", "(1,0x894f) (NSH)", "(1,0x894f) (NSH)"),
    ],
)
def test_what_a_value_stands_for(name: str, value: str, en: str, ja: str) -> None:
    assert says(values.value(name, value)) == (en, ja)


@pytest.mark.parametrize(
    ("name", "value", "mask", "en", "ja"),
    [
        (
            "tcp_dst", "0x1f80", "0xff80",
            "destination port 8064-8191 (0x1f80/0xff80)",
            "宛先ポートが 8064-8191 (0x1f80/0xff80)",
        ),
        (
            "tcp_dst", "0x1", "0x1",
            "destination port matching 0x1/0x1",
            "宛先ポートが 0x1/0x1 のパターン",
        ),
        ("ip_dst", "10.0.0.0", "30", "destination IP in 10.0.0.0/30",
         "宛先 IP が 10.0.0.0/30 の範囲"),
        (
            "ip_dst", "10.0.0.0", "255.0.255.0",
            "destination IP matching 10.0.0.0/255.0.255.0",
            "宛先 IP が 10.0.0.0/255.0.255.0 のパターン",
        ),
        (
            "eth_src", "fa:16:3e:00:00:00", "ff:ff:ff:00:00:00",
            "source MAC in fa:16:3e:00:00:00/ff:ff:ff:00:00:00",
            "送信元 MAC が fa:16:3e:00:00:00/ff:ff:ff:00:00:00 の範囲",
        ),
        (
            "eth_dst", "01:00:00:00:00:00", "01:00:00:00:00:00",
            "destination MAC 01:00:00:00:00:00/01:00:00:00:00:00 (multicast or broadcast)",
            "宛先 MAC が 01:00:00:00:00:00/01:00:00:00:00:00 "
            "(マルチキャストまたはブロードキャスト)",
        ),
        ("reg10", "0x400", "0x400", "reg10[10] set (0x400/0x400)", "reg10[10] が 1 (0x400/0x400)"),
        ("reg10", "0", "0x1", "reg10[0] clear (0/0x1)", "reg10[0] が 0 (0/0x1)"),
        ("reg0", "0x50", "0xf0", "reg0[4..7] 5 (0x50/0xf0)", "reg0[4..7] が 5 (0x50/0xf0)"),
        ("reg0", "0x5", "0xd", "reg0 matching 0x5/0xd", "reg0 が 0x5/0xd のパターン"),
        ("vlan_tci", "0x0064", "0x0fff", "VLAN ID 100 (0x0064/0x0fff)",
         "VLAN ID が 100 (0x0064/0x0fff)"),
        ("vlan_tci", "0x6000", "0xe000", "VLAN priority 3 (0x6000/0xe000)",
         "VLAN の優先度が 3 (0x6000/0xe000)"),
        ("ct_label", "0x2", "0x2", "bit 1 of ct_label set (0x2/0x2)",
         "ct_label のビット 1 が 1 (0x2/0x2)"),
        ("xxreg0", "0x1" + "0" * 24, "0x1" + "0" * 24, "xxreg0[96] set", "xxreg0[96] が 1"),
    ],
)  # fmt: skip
def test_masks(name: str, value: str, mask: str, en: str, ja: str) -> None:
    assert says(values.masked_condition(name, value, mask)) == (en, ja)


@pytest.mark.parametrize(
    ("name", "value", "en", "ja"),
    [
        ("tcp_flags", "+syn-ack", "TCP flags SYN set and ACK clear",
         "TCP フラグの SYN がオンで ACK がオフ"),
        ("tcp_flags", "+ack", "TCP flags ACK set", "TCP フラグの ACK がオン"),
        ("tcp_flags", "-syn", "TCP flags SYN clear", "TCP フラグの SYN がオフ"),
        ("tcp_flags", "+fin-syn-rst-psh-ack-urg-ece-cwr-ns-[200]-[400]-[800]",
         "TCP flags FIN set and no other", "TCP フラグの FIN だけがオン"),
        ("tun_flags", "+oam", "tunnel flags OAM set", "トンネルのフラグの OAM がオン"),
    ],
)  # fmt: skip
def test_flags(name: str, value: str, en: str, ja: str) -> None:
    said = values.flags(name, value)
    assert said is not None
    assert says(said) == (en, ja)


def test_flags_that_nobody_knows_have_no_words() -> None:
    assert values.flags("tcp_flags", "+frob") is None
    assert values.flags("reg0", "+syn") is None


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(list(bits_of("tcp_flags"))), st.booleans(), min_size=1))
def test_every_tcp_flag_is_told(signs: dict[str, bool]) -> None:
    def told(flip: bool) -> Message | None:
        return values.flags(
            "tcp_flags", "".join(("+" if on != flip else "-") + f for f, on in signs.items())
        )

    assert told(False) is not None
    for translator in SAY.values():
        assert translator.text(told(False) or "") != translator.text(told(True) or "")


def test_every_field_of_flags_has_words_for_each() -> None:
    table = knowledge.table("openflow_phrases")
    fields = [field.name for field in all_fields().values() if field.format == "flags"]
    assert fields == ["tun_flags", "ct_state", "tcp_flags"]
    assert table["ct_state"].keys() == bits_of("ct_state").keys()
    for name in ("tun_flags", "tcp_flags"):
        assert table["flags"][name].keys() == bits_of(name).keys()


def test_every_named_value_has_words() -> None:
    """What the grammar has a name for, the language has one for."""
    missing = [
        (name, number)
        for name in all_fields()
        if name not in ("ip_frag", "ct_state")
        for number in value_names(name)
        if values.meaning(name, f"0x{number:04x}" if name == "eth_type" else str(number)) is None
    ]
    assert missing == []


def test_every_kind_of_fragment_has_words() -> None:
    names = knowledge.table("openflow_fields")["values"]["ip_frag"]["names"]
    assert knowledge.table("openflow_phrases")["fragments"].keys() == set(names)


def test_reserved_ports_have_words() -> None:
    assert knowledge.table("openflow_phrases")["reserved"].keys() <= reserved_ports().keys()


@pytest.mark.parametrize(
    ("value", "mask", "bits"),
    [
        ("0x400", "0x400", Bits(10, 10, 1)),
        ("0x50", "0xf0", Bits(4, 7, 5)),
        ("0x1", "0x5", None),
        ("x", "0x5", None),
        ("0", "0", None),
    ],
)
def test_bits_under_a_mask(value: str, mask: str, bits: Bits | None) -> None:
    assert values.bits_under(value, mask) == bits


@settings(deadline=None)
@given(st.integers(0, (1 << 32) - 1), st.integers(0, 31), st.integers(1, 32))
def test_bits_are_put_back(value: int, first: int, width: int) -> None:
    mask = ((1 << width) - 1) << first & 0xFFFFFFFF
    bits = values.bits_under(hex(value), hex(mask))
    assert bits is not None
    assert bits.value << bits.first == value & mask


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("ip_src", "0xac100070", "172.16.0.112"),
        ("eth_src", "0xfa163e828b0e", "fa:16:3e:82:8b:0e"),
        ("ipv6_src", "0x1", "::1"),
        ("ip_src", "0xffffffffff", "0xffffffffff"),
        ("tcp_dst", "0x50", "80"),
        ("eth_type", "0x800", "0x0800"),
        ("reg5", "0x3", "0x3"),
        ("ip_src", "frob", "frob"),
    ],
)
def test_numbers_in_the_format_of_their_field(name: str, value: str, text: str) -> None:
    assert values.in_own_format(name, value) == text


def test_a_state_that_is_no_flags_has_no_words() -> None:
    assert values.connection_state("0x21/0x21") is None
    assert values.connection_state("+frob") is None


def test_values_are_references_of_their_kind() -> None:
    kinds = {
        name: value.kind
        for name, text in (
            ("eth_src", "fa:16:3e:00:00:01"),
            ("ip_src", "10.0.0.1"),
            ("reg5", "0x3"),
            ("tun_id", "0xef"),
        )
        if isinstance(value := values.value(name, text), Ref)
    }
    assert kinds == {"eth_src": "mac", "ip_src": "address", "reg5": "code", "tun_id": "vlan"}

"""Values from text and to text."""

import pytest

from ovs_capture.openflow import fields, values
from ovs_capture.openflow.fields import find_field

# field, as printed or typed, canonical value and mask; None: not a value of that field
CASES = [
    ("dl_vlan", "1", ("1", None)),
    ("dl_vlan", "0x64", ("100", None)),
    ("dl_vlan", "4096", None),
    ("vlan_vid", "4196", ("4196", None)),  # the bit "tagged" and VLAN 100
    ("vlan_tci", "0x0000/0x1fff", ("0x0000", "0x1fff")),
    ("vlan_tci", "0/0x1000", ("0x0000", "0x1000")),
    ("reg5", "3", ("0x3", None)),
    ("reg5", "0", ("0", None)),  # as C's %#x prints it
    ("reg5", "0x3/0xffffffff", ("0x3", None)),
    ("reg5", "0x3/-1", ("0x3", None)),
    ("reg0", "0x4/0x4", ("0x4", "0x4")),
    ("reg0", "0x100000000", None),
    ("reg0", "four", None),
    ("ct_label", "0x10000000000000002/0xf0", ("0x10000000000000002", "0xf0")),
    ("dl_type", "0x88CC", ("0x88cc", None)),
    ("ipv6_label", "0x100/0xf00", ("0x00100", "0x00f00")),
    ("tcp_dst", "22", ("22", None)),
    ("tcp_dst", "0x1f80/0xff80", ("0x1f80", "0xff80")),
    ("tcp_dst", "65536", None),
    ("dl_src", "FA:16:3E:55:2a:5d", ("fa:16:3e:55:2a:5d", None)),
    ("dl_src", "0:0:0:0:0:1", ("00:00:00:00:00:01", None)),
    ("dl_dst", "01:00:00:00:00:00/01:00:00:00:00:00", ("01:00:00:00:00:00", "01:00:00:00:00:00")),
    ("dl_dst", "fa:16:3e:00:00:01/ff:ff:ff:ff:ff:ff", ("fa:16:3e:00:00:01", None)),
    ("dl_dst", "fa:16:3e:00:00", None),
    ("nw_src", "10.0.0.0/8", ("10.0.0.0", "8")),
    ("nw_src", "10.0.0.0/255.0.0.0", ("10.0.0.0", "8")),
    ("nw_src", "10.0.0.0/255.0.255.0", ("10.0.0.0", "255.0.255.0")),
    ("nw_src", "10.0.0.1/32", ("10.0.0.1", None)),
    ("nw_src", "10.0.0.1/33", None),
    ("nw_src", "10.0.0.256", None),
    ("nw_src", "10.0.1", None),
    ("ipv6_src", "FE80:0::1", ("fe80::1", None)),
    ("ipv6_dst", "2001:db8::/32", ("2001:db8::", "32")),
    ("ipv6_dst", "fe80::1/ffff::ffff", ("fe80::1", "ffff::ffff")),
    ("ipv6_dst", "::ffff:10.0.0.1", ("::ffff:10.0.0.1", None)),
    ("ipv6_dst", "10.0.0.1", None),
    ("in_port", '"int-br-provider"', ("int-br-provider", None)),
    ("in_port", r'"a\"b"', ('a"b', None)),
    ("in_port", "local", ("LOCAL", None)),
    ("in_port", '"local"', ("local", None)),  # quoted: a device that happens to be called so
    ("in_port", "9", ("9", None)),
    ("nw_frag", "not_later", ("not_later", None)),
    ("nw_frag", "never", None),
    ("packet_type", "(1,0x800)", ("(1,0x800)", None)),
    ("packet_type", "1", None),
    ("ct_state", "+est-rel-rpl", ("+est-rel-rpl", None)),
    ("ct_state", "-inv+trk+new", ("+new-inv+trk", None)),
    ("ct_state", "est|trk", ("-new+est-rel-rpl-inv+trk-snat-dnat", None)),  # exact
    ("ct_state", "0x21/0x23", ("+new-est+trk", None)),
    ("ct_state", "+gone", None),
    ("tcp_flags", "+syn-ack", ("+syn-ack", None)),
    ("tcp_flags", "0x002/0x012", ("+syn-ack", None)),
    ("tun_flags", "0", ("-oam", None)),
    ("tcp_flags", "+[200]", ("+[200]", None)),
    ("tun_flags", "-oam", ("-oam", None)),
    ("nsh_spi", "0x1234", ("0x1234", None)),
    ("tun_metadata1", "0x112233445566", ("0x112233445566", None)),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "expected"), CASES)
def test_canonical_value(name, text, expected) -> None:
    field = find_field(name)
    assert field is not None
    assert fields.canonical(field, text) == expected


# An unusual name needs its quotes to be read again.
READ_AGAIN = [
    (name, *expected)
    for name, _, expected in CASES
    if expected is not None and expected[0] not in ("local", 'a"b')
]


@pytest.mark.parametrize(("name", "value", "mask"), READ_AGAIN)
def test_a_canonical_value_stays_as_it_is(name, value, mask) -> None:
    field = find_field(name)
    assert field is not None
    text = value if mask is None else f"{value}/{mask}"
    assert fields.canonical(field, text) == (value, mask)


def test_numbers_that_stand_for_addresses() -> None:
    assert values.mac_of_number(0xFA163E828B0E) == "fa:16:3e:82:8b:0e"
    assert values.mac_of_number(1) == "00:00:00:00:00:01"
    assert values.address_of_number(0xC0A80102, "ipv4") == "192.168.1.2"
    assert values.address_of_number(0xFE80 << 112 | 1, "ipv6") == "fe80::1"


def test_flag_signs_tell_what_is_tested() -> None:
    bits = fields.bits_of("ct_state")
    assert values.flag_signs("+est-rel", bits) == (("est", True), ("rel", False))
    assert values.flag_signs("0x2/0x6", bits) == (("est", True), ("rel", False))
    assert values.flag_signs("", bits) is None

"""Constants: kinds, values, masks, sets, and what is none."""

import pytest

from ovs_capture.logical.constants import canonical_address, readings


@pytest.mark.parametrize(
    ("text", "kind", "value", "mask", "bits"),
    [
        ("80", "integer", 80, None, 7),
        ("0", "integer", 0, None, 1),
        ("0x8100/0xff00", "integer", 0x8100, 0xFF00, 16),
        ("10.0.0.1/24", "ipv4", 0x0A000001, 0xFFFFFF00, 32),
        ("10.0.0.0/255.0.255.0", "ipv4", 0x0A000000, 0xFF00FF00, 32),
        ("fe80::/10", "ipv6", 0xFE80 << 112, 0x3FF << 118, 128),
        ("00:00:00:00:01:00/ff:ff:ff:00:00:00", "mac", 256, 0xFFFFFF000000, 48),
        (r'"a\"b\u00e9"', "string", 'a"bé', None, -1),
        ("$as_ip4", "address_set", "as_ip4", None, -1),
        ("@pg", "port_group", "pg", None, -1),
        ("^vip", "template", "vip", None, -1),
    ],
)
def test_one(text: str, kind: str, value: int | str, mask: int | None, bits: int) -> None:
    reading = readings[text]
    (constant,) = reading.constants
    assert (constant.kind, constant.value, constant.mask) == (kind, value, mask)
    assert (constant.text, reading.bits, reading.fault) == (text, bits, "")


def test_a_set_needs_no_commas() -> None:
    reading = readings["{ 80 443, 0x10, }"]
    assert [constant.value for constant in reading.constants] == [80, 443, 16]
    assert (reading.is_set, reading.bits, reading.fault) == (True, 9, "")


@pytest.mark.parametrize(
    "text",
    [
        "08", "0x", "0xg", "256.0.0.1", "1.2.3", "fe80::1::2", "18446744073709551616", "0x5/3",
        "10.0.0.1/33", "10.0.0.1/", "{}", "{, 1}", "{1, , 2}", '{1, "a"}', r'"\x"', "9" * 5000,
        "0x" + "f" * 5000,
    ],
)  # fmt: skip
def test_what_is_no_constant_says_why(text: str) -> None:
    assert readings[text].fault


def test_addresses_as_they_are_usually_written() -> None:
    texts = ("10.0.0.0/255.255.255.0", "10.0.0.1", "fe80::0/10", "10.0.0.0/255.0.255.0")
    assert [canonical_address(readings[text].constants[0]) for text in texts] == [
        "10.0.0.0/24", "10.0.0.1", "fe80::/10", "10.0.0.0/255.0.255.0",
    ]  # fmt: skip

"""One-to-one, the same for the same key, and prefixes stay prefixes."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address
from unicodedata import east_asian_width

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ovs_capture.redaction.pseudonyms import KEPT_V4, PRIVATE_V4, Pseudonyms

ONE = Pseudonyms(b"one")


def common(one: int, two: int, width: int) -> int:
    """How many first bits two numbers share."""
    return width - (one ^ two).bit_length()


V4 = st.integers(0, 2**32 - 1)


@given(V4, V4)
def test_ipv4_keeps_prefixes(one: int, two: int) -> None:
    made = [int(ONE.ipv4(IPv4Address(number))) for number in (one, two)]
    kept = [any(IPv4Address(n) in block for block in KEPT_V4) for n in (one, two)]
    if kept[0] == kept[1]:
        assert common(made[0], made[1], 32) == common(one, two, 32)
    assert (made[0] == made[1]) == (one == two)


@given(V4)
def test_ipv4_blocks(number: int) -> None:
    address, made = IPv4Address(number), ONE.ipv4(IPv4Address(number))
    for block in (*KEPT_V4, *PRIVATE_V4):
        assert (address in block) == (made in block)
    assert (address == made) == any(address in block for block in KEPT_V4)
    assert int(made) & 255 == number & 255


@given(st.integers(0, 2**64 - 1), st.integers(0, 2**64 - 1))
def test_ipv6_keeps_prefixes(one: int, two: int) -> None:
    base = 0xFD << 120
    made = [int(ONE.ipv6(IPv6Address(base | number << 56))) for number in (one, two)]
    upper = [number >> 8 for number in (one, two)]
    assert common(made[0] >> 64, made[1] >> 64, 64) == min(64, 8 + common(upper[0], upper[1], 56))


def test_ipv6_of_a_mac_is_that_of_its_pseudonym() -> None:
    mac = ONE.mac(0xFA163E552A5D)
    made = ONE.ipv6(IPv6Address("fe80::f816:3eff:fe55:2a5d"))
    assert int(made) & 0xFFFFFF == mac & 0xFFFFFF
    assert ONE.ipv6(IPv6Address("ff02::1:ff55:2a5d")) == IPv6Address(
        int(IPv6Address("ff02::1:ff00:0")) | mac & 0xFFFFFF
    )
    assert ONE.mac(0x3333FF552A5D) == 0x3333FF << 24 | mac & 0xFFFFFF


@given(st.integers(0, 2**24 - 1))
def test_mac_keeps_its_vendor(low: int) -> None:
    guest, tap = ONE.mac(0xFA163E << 24 | low), ONE.mac(0xFE163E << 24 | low)
    assert guest >> 24 == 0xFA163E
    assert guest ^ tap == 0x040000000000
    assert guest & 0xFFFFFF != low


@given(st.uuids(), st.integers(1, 32))
def test_uuid_and_its_beginning(uuid: object, length: int) -> None:
    digits = str(uuid).replace("-", "")
    made = ONE.uuid(digits)
    assert made[:length] == ONE.uuid(digits[:length])
    assert (made[12], made[16]) == (digits[12], digits[16])
    assert len(made) == 32


@pytest.mark.parametrize("name", ["web01", "Prod-DB_3.example"])
def test_name(name: str) -> None:
    made = ONE.name(name)
    assert made != name
    assert [c.isdigit() for c in made] == [c.isdigit() for c in name]
    assert [c.isupper() for c in made] == [c.isupper() for c in name]


def test_another_key_is_another_mapping() -> None:
    address = IPv4Address("192.168.1.2")
    assert ONE.ipv4(address) == Pseudonyms(b"one").ipv4(address)
    assert len({Pseudonyms(bytes([n])).ipv4(address) for n in range(20)}) > 5
    assert ONE.ipv4(address) in IPv4Network("192.168.0.0/16")


def test_letters_that_take_two_columns() -> None:
    made = ONE.name("本番net-1")
    assert [east_asian_width(char) for char in made[:2]] == ["W", "W"]
    assert made[2:5].isascii()


@given(st.sets(st.from_regex(r"[a-c]\d?", fullmatch=True), max_size=30))
def test_names_never_meet(names: set[str]) -> None:
    """Even where they are short: two guests stay two."""
    made = ONE.names(names, {"x"})
    assert made.keys() == names
    assert len({*made.values()}) == len(names)
    assert not {"x", *names} & {*made.values()}
    assert {len(old) - len(new) for old, new in made.items()} <= {0}

"""Values of fields, from text and to text. Knows types, not fields.

Functions return None for text that is no value of the type; nothing here raises.
"""

import re
from collections.abc import Mapping
from ipaddress import IPv4Address, IPv6Address
from socket import AF_INET, AF_INET6, inet_ntop, inet_pton

MAC = re.compile(r"[0-9a-fA-F]{1,2}(?::[0-9a-fA-F]{1,2}){5}")
_CANONICAL_MAC = re.compile(r"[0-9a-f]{2}(?::[0-9a-f]{2}){5}")
# No field is wider than 992 bits (tun_metadata). Longer numbers are none: int() would raise.
NUMBER = re.compile(r"0[xX][0-9a-fA-F]{1,256}|[0-9]{1,300}")
PACKET_TYPE = re.compile(r"\((?:0[xX])?[0-9a-fA-F]+,(?:0[xX])?[0-9a-fA-F]+\)")
# Quoted when it is not an identifier (lib/ofp-port.c ofputil_port_to_string_name).
PORT = re.compile(r'"(?:[^"\\]|\\.)++"|[^\s,()"]+')
_SIGNED = re.compile(r"([+-])([A-Za-z0-9_\[\]]+?)(?=[+-]|$)")
_SIGNED_TEXT = re.compile(r"(?:[+-][A-Za-z0-9_\[\]]+)+")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*+)"')
_ESCAPED = re.compile(r"\\(.)")

Signs = tuple[tuple[str, bool], ...]


def number(text: str) -> int | None:
    """Decimal, or hexadecimal after ``0x``. ``-1`` is a mask of all ones and is no number here."""
    if not NUMBER.fullmatch(text):
        return None
    return int(text, 16) if text[:2] in ("0x", "0X") else int(text)


def decimal(text: str) -> int | None:
    """A count, a table or a port: ASCII digits, at most as many as 64 bits need."""
    # Without a regular expression: every count of every flow comes through here.
    return int(text) if 0 < len(text) <= 20 and text.isascii() and text.isdecimal() else None


def unquoted(text: str) -> str:
    """A name without the quotes and escapes that ovs-ofctl puts around an unusual one."""
    if text[:1] == '"' and (match := _QUOTED.fullmatch(text)):
        return _ESCAPED.sub(r"\1", match[1])
    return text


def port(text: str, reserved: Mapping[str, int]) -> str:
    """A port: its unquoted name, its number, or a reserved name in upper case."""
    name = unquoted(text)
    if name is text and name.upper() in reserved:
        return name.upper()
    return name


def hexadecimal(value: int, digits: int = 0) -> str:
    """As C's ``%#x`` prints it: zero has no prefix, unless the number of digits is fixed."""
    if digits:
        return f"0x{value:0{digits}x}"
    return f"{value:#x}" if value else "0"


def masked_number(
    value_text: str, mask_text: str | None, form: str, bits: int | None
) -> tuple[str, str | None] | None:
    """Canonical value and mask of an integer field; a masked decimal field is printed in hex."""
    value = number(value_text)
    if value is None or (bits is not None and value >> bits):
        return None
    digits = int(form[3:]) if form in ("hex4", "hex5") else 0
    if mask_text is not None:
        everything = None if bits is None else (1 << bits) - 1
        mask = everything if mask_text == "-1" else number(mask_text)
        if mask is None or (bits is not None and mask >> bits):
            return None
        if mask != everything:
            return hexadecimal(value, digits), hexadecimal(mask, digits)
    return (str(value) if form == "decimal" else hexadecimal(value, digits)), None


def mac(text: str) -> str | None:
    """``fa:16:3e:00:00:01``, lower case, two digits each."""
    if _CANONICAL_MAC.fullmatch(text):
        return text
    if not MAC.fullmatch(text):
        return None
    return ":".join(f"{int(octet, 16):02x}" for octet in text.split(":"))


def mac_of_number(value: int) -> str:
    """The MAC address that a 48-bit number stands for, as in ``load:0xfa163e828b0e->...``."""
    return ":".join(f"{value >> shift & 0xFF:02x}" for shift in range(40, -8, -8))


def masked_mac(value_text: str, mask_text: str | None) -> tuple[str, str | None] | None:
    value = mac(value_text)
    mask = None if mask_text is None else mac(mask_text)
    if value is None or (mask_text is not None and mask is None):
        return None
    return value, None if mask == "ff:ff:ff:ff:ff:ff" else mask


def address(text: str, form: str) -> str | None:
    """An IPv4 (``form`` "ipv4") or IPv6 address in its shortest form."""
    # inet_pton(3) and inet_ntop(3) are what ovs-ofctl itself uses: an IPv4-mapped address has dots.
    # ipaddress prints it otherwise, and takes twenty times as long.
    try:
        if form == "ipv4":
            inet_pton(AF_INET, text)
            return text
        return inet_ntop(AF_INET6, inet_pton(AF_INET6, text))
    except (OSError, ValueError):
        return None


def address_of_number(value: int, form: str) -> str:
    """The address that a 32-bit or 128-bit number stands for."""
    if form == "ipv4":
        return str(IPv4Address(value))
    return inet_ntop(AF_INET6, value.to_bytes(16, "big"))


def masked_address(
    value_text: str, mask_text: str | None, form: str
) -> tuple[str, str | None] | None:
    value = address(value_text, form)
    if value is None:
        return None
    if mask_text is None:
        return value, None
    bits = 32 if form == "ipv4" else 128
    length = decimal(mask_text)
    if length is not None:
        if length > bits:
            return None
    else:
        mask = address(mask_text, form)
        if mask is None:
            return None
        ones = int(IPv4Address(mask)) if form == "ipv4" else int(IPv6Address(mask))
        length = ones.bit_count()
        if ones != ((1 << length) - 1) << (bits - length):
            return value, mask
    return value, None if length == bits else str(length)


def flag_signs(text: str, bits: Mapping[str, int]) -> Signs | None:
    """Which bits a value tests: ``+est-rel`` -> (("est", True), ("rel", False)), lowest bit first.

    ``est|trk`` tests every bit: that is how an exact match is printed. So does a number without a
    mask; ``0x22/0x2a`` is what older versions print.
    """
    if _SIGNED_TEXT.fullmatch(text):
        found = {name: sign == "+" for sign, name in _SIGNED.findall(text)}
    else:
        value_text, slash, mask_text = text.partition("/")
        value = number(value_text)
        mask = number(mask_text) if slash else (1 << 64) - 1
        if value is not None and mask is not None:
            found = {name: bool(value >> bit & 1) for name, bit in bits.items() if mask >> bit & 1}
        else:
            are_set = text.split("|")
            found = dict.fromkeys(bits, False) | dict.fromkeys(are_set, True)
    if not found.keys() <= bits.keys():
        return None
    return tuple((name, found[name]) for name in bits if name in found)


def signed(signs: Signs) -> str:
    return "".join(("+" if is_set else "-") + name for name, is_set in signs)

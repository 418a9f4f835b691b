"""What stands for an address, a MAC or a UUID: the same for the same key, in every file.

Lives here: keyed one-to-one mappings of numbers and digits. Does not live here: where these stand
in a text.

- IPv4 and IPv6: prefix-preserving, bit by bit (Crypto-PAn; Xu, Fan, Ammar, Moon, 2002): addresses
  of one network stay in one network, whatever its length. The last octet of an IPv4 address stays,
  so that .0, .1 and .255 remain what they are. Blocks that mean something by themselves stay.
- MAC: the first three octets stay; a tap's fe:16:3e and its guest's fa:16:3e keep the same rest.
- UUID: digit by digit, each depending on those before it, so that a name cut to the first ten
  digits (``tap635485ff-6c``) follows its UUID. Version and variant stay.
"""

import hmac
from collections.abc import Collection, Container
from functools import cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from unicodedata import east_asian_width

# Left as they are (RFC 6890; multicast RFC 5771; above it netmasks and the broadcast address).
KEPT_V4 = tuple(map(IPv4Network, ("0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/3")))
# Addresses of these blocks stay inside of them (RFC 1918, RFC 6598).
PRIVATE_V4 = tuple(
    map(IPv4Network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"))
)
KEPT_V6 = tuple(map(IPv6Network, ("::/8", "ff00::/8", "64:ff9b::/96", "fe80::/64")))
PRIVATE_V6 = tuple(map(IPv6Network, ("fc00::/8", "fd00::/8", "fe80::/10", "2000::/3")))

# The bit that always turns, so that no address is its own pseudonym: the third octet's first, and
# the first of the fourth group of IPv6, which numbers the subnets of a site.
_TURNED = {32: 16, 128: 48}
# Of the blocks: how many bits of which beginnings lead into one.
_ABOVE_BLOCKS = {
    width: frozenset(
        (length, int(block.network_address) >> width - length)
        for block in blocks
        for length in range(block.prefixlen)
    )
    for width, blocks in ((32, (*KEPT_V4, *PRIVATE_V4)), (128, (*KEPT_V6, *PRIVATE_V6)))
}


# Katakana without voice marks and small letters, each as wide as a Chinese character.
_WIDE = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワ"
# Short names may meet: so often another one is drawn.
_ATTEMPTS = 100


class Pseudonyms:
    """The mappings of one key."""

    def __init__(self, key: bytes) -> None:
        self._key = hmac.digest(key, b"ovs-capture redact", "sha256")
        self._byte = cache(self._drawn)
        self._turned = cache(self._turn)
        self._digits = cache(self._digit_by_digit)
        self.seen: dict[str, str] = {}

    def _drawn(self, what: str) -> int:
        return hmac.digest(self._key, what.encode(), "sha256")[0]

    def ipv4(self, address: IPv4Address) -> IPv4Address:
        if any(address in block for block in KEPT_V4):
            return address
        last = int(address) & 0xFF
        return IPv4Address(self._turned(int(address) - last, 32, 24) | last)

    def ipv6(self, address: IPv6Address) -> IPv6Address:
        """The network's half like IPv4; of the host's half what tells a MAC is that MAC's."""
        number = int(address)
        if address in IPv6Network("ff02::1:ff00:0/104"):
            return IPv6Address(number >> 24 << 24 | self._low(number & 0xFFFFFF))
        if not any(address in block for block in KEPT_V6):
            number = self._turned(number, 128, 64)
        elif address not in KEPT_V6[-1]:
            return address
        host = number & (1 << 64) - 1
        if host >> 24 & 0xFFFF == 0xFFFE:  # RFC 4291, appendix A: made of a MAC
            host = host >> 24 << 24 | self._low(host & 0xFFFFFF)
        elif host >= 1 << 16:
            host = int(self._digits("host", f"{host:016x}"), 16)
        return IPv6Address(number >> 64 << 64 | host)

    def _turn(self, number: int, width: int, until: int) -> int:
        """``number`` with its first ``until`` bits turned, each as those before it say."""
        made = number
        for index in range(until):
            before = number >> width - index
            # Above a block nothing turns, else it would move.
            if (index, before) in _ABOVE_BLOCKS[width]:
                continue
            turn = index == _TURNED[width] or self._byte(f"{width}/{index}/{before:x}") & 1
            made ^= int(turn) << width - 1 - index
        return made

    def mac(self, number: int) -> int:
        """A MAC as a number. Groups stay, but for those that hold the end of an IPv6 address."""
        vendor, low = number >> 24, number & 0xFFFFFF
        solicited = vendor == 0x3333FF  # RFC 2464, 7
        if (vendor >> 16 & 1 and not solicited) or number == 0:
            return number
        return vendor << 24 | self._low(low)

    def _low(self, number: int) -> int:
        return int(self._digits("mac", f"{number:06x}"), 16)

    def uuid(self, digits: str) -> str:
        """A UUID's hexadecimal digits, lower case and without hyphens, or the first of them."""
        if not digits.strip("0"):
            return digits
        # 8-4-Mxxx-Nxxx: the version M and the variant N tell how it was made (RFC 9562, 4).
        return self._digits("uuid", digits, keep=(12, 16))

    def _digit_by_digit(self, kind: str, digits: str, keep: tuple[int, ...] = ()) -> str:
        made = ""
        for index, digit in enumerate(digits):
            drawn = self._byte(f"{kind}/{digits[:index]}")
            # Never itself: the first digit is always another.
            change = 1 + drawn % 15 if index == 0 else drawn % 16
            made += digit if index in keep else f"{int(digit, 16) ^ change:x}"
        return made

    def name(self, name: str, attempt: int = 0) -> str:
        """A name of the same length: letters for letters, digits for digits, signs as they are.

        A letter that takes two columns becomes another such letter: tables keep their columns.
        """
        made = ""
        for index, char in enumerate(name):
            again = f"{attempt}/" if attempt else ""
            drawn = self._byte(f"name/{again}{name}/{index}")
            if char.isascii() and char.isdecimal():
                made += str(drawn % 10)
            elif char.isalpha() and east_asian_width(char) in "WF":
                made += _WIDE[drawn % len(_WIDE)]
            elif char.isalpha():
                letter = chr(ord("a") + drawn % 26)
                made += letter.upper() if char.isupper() else letter
            else:
                made += char
        return made

    def names(self, names: Collection[str], taken: Container[str] = ()) -> dict[str, str]:
        """Names for all of ``names``, each another one that is none of them, nor in ``taken``."""
        made: dict[str, str] = {}
        used = set(names)
        for name in sorted(used):
            for attempt in range(_ATTEMPTS):
                new = self.name(name, attempt)
                if new not in used and new.lower() not in taken:
                    break
            made[name] = new
            used.add(new)
        return made

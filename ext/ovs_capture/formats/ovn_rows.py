"""What several printers of ovn-nbctl and ovn-sbctl share: their records, and marks in values.

No format of its own. Printers: utilities/ovn-nbctl.c, utilities/ovn-sbctl.c.
"""

import re
from dataclasses import dataclass, field

from .base import IPV4, MAC, UUID, Findings, Kind, Record, is_address
from .ovsdb_atom import unquoted


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownDatapath(Record):
    """A ``switch`` or ``router`` (``kind``); ``aka``: the name that Neutron gave it."""

    kind: str
    uuid: str
    name: str
    aka: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPort(Record):
    """A logical port under ``datapath`` (its UUID). ``properties``: the other keys as printed."""

    name: str
    datapath: str
    aka: str | None = None
    addresses: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()
    gateway_chassis: tuple[str, ...] = ()
    properties: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownNat(Record):
    """A NAT rule under ``datapath``; ``properties`` by the printer's words, ``external ip``."""

    uuid: str
    datapath: str
    properties: dict[str, str] = field(default_factory=dict)


_ITEM = re.compile(r'"(?:[^"\\]|\\.)*+"|[^,\[\]\s]+')
_TOKEN = re.compile(
    rf"""(?P<mac>(?<![\w:]){MAC}(?![\w:])) | (?P<uuid>(?<![\w-]){UUID}(?![\w-]))
       | (?P<address>(?<![\w.]){IPV4}(?:/\d{{1,3}})?(?![\w./]))
       | (?P<address6>(?<![\w:])[0-9a-fA-F]{{0,4}}(?::[0-9a-fA-F]{{0,4}}){{2,7}}(?:/\d{{1,3}})?)""",
    re.VERBOSE,
)


def quoted_items(text: str) -> tuple[str, ...]:
    """The items of ``["a b", "c"]`` without quotes; of ``[a b]`` each word."""
    return tuple(unquoted(match[0]) for match in _ITEM.finditer(text))


def mark_values(found: Findings, start: int, text: str) -> None:
    """Mark the MACs, addresses and UUIDs of a text that stands at ``start``."""
    for match in _TOKEN.finditer(text):
        if match["mac"]:
            found.mark(start + match.start(), match[0], Kind.MAC)
        elif match["uuid"]:
            found.mark(start + match.start(), match[0], Kind.UUID)
        elif is_address(match[0]):
            found.mark(start + match.start(), match[0], Kind.ADDRESS)

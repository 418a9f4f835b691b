"""Where addresses, MACs and UUIDs stand in any text, in all the ways in which tools print them.

Lives here: the shapes, and keeping tables rectangular when an address changes its length. What a
shape alone does not tell (is ``0xc0a80102`` an address or a register?) is decided by what the rest
of the captures hold: ``Known`` collects it first.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from ipaddress import AddressValueError, IPv4Address, IPv4Network, IPv6Address
from itertools import pairwise
from typing import ClassVar

from ..formats.secrets import masked, secret_spans
from ..openflow.fields import all_fields, find_field
from ..source import Source
from .names import ROLES, any_of
from .pseudonyms import Pseudonyms

# Of ASCII: a digit of another script is in no address.
_OCTET = r"(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
_V4 = rf"(?<![A-Za-z0-9.]){_OCTET}(?:\.{_OCTET}){{3}}(?![A-Za-z0-9]|\.\d)"
_V4_IN_WORD = rf"{_OCTET}(?:\.{_OCTET}){{3}}"
_V6 = (
    r"(?:(?<![\w:.])|(?<=[g-zG-Z_]:)|(?<=[g-zG-Z_]\w:)|(?<=[g-zG-Z_]\w\w:)|(?<=[g-zG-Z_]\w{3}:))"
    r"(?=[0-9a-fA-F:]*:[0-9a-fA-F:]*:)[0-9a-fA-F:]{2,39}"
    rf"(?:(?<=:){_V4_IN_WORD})?(?<![^:]:)(?!\w|:[\w:]|\.\d)"
)
# In an action a name and a colon stand before it: set_field:fa:16:..., mod_dl_src:fa:16:...
_MAC = (
    r"(?<!(?<![A-Za-z_])[0-9a-fA-F]{2}:)(?<![\w.-])[0-9a-fA-F]{2}(?P<sep>[:-])[0-9a-fA-F]{2}"
    r"(?:(?P=sep)[0-9a-fA-F]{2}){4}(?!\w|[:-]\w)"
)
_UUID = r"(?<![0-9a-fA-F])[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}(?![0-9a-fA-F])"
# Devices that Neutron, OVN and os-vif name after the first digits of a UUID.
_DEVICE = (
    r"(?<![A-Za-z0-9])(?P<lead>tap|qvo|qvb|qbr|vhu|qr-|qg-|sg-|fg-|ha-|tbr-|tpt-|tpi-|spt-|spi-|"
    r"fpr-|rfp-|brq|macvtap-|o-hm-?)(?P<part>[0-9a-f]{8}(?:-[0-9a-f]{1,3})?)(?![0-9A-Za-z])"
)

# Fields that hold addresses, by any of their names, and how many bits they have.
_ADDRESSES = {"ipv4": 32, "ipv6": 128, "ethernet": 48}
_BITS = {
    name: _ADDRESSES[one.format]
    for one in all_fields().values()
    for name in (one.name, *one.names, *one.nxm)
    if one.format in _ADDRESSES
}
_FIELD = any_of(_BITS)
_NUMBER = r"(?:0x[0-9a-fA-F]+|[0-9]+)"
_BY_DIGIT = "|".join(
    (
        rf"(?P<ptr>(?<![\w.])(?:{_OCTET}\.){{4}}(?=in-addr\.arpa))",
        # A bridge's id, its octets without leading zeros (ip -d link) or in a row (brctl).
        r"(?P<bridge>(?<=[0-9a-f]{4}\.)(?:(?:[0-9a-f]{1,2}:){5}[0-9a-f]{1,2}|[0-9a-f]{12})"
        r"(?![0-9A-Za-z:]))",
        r"(?P<octets>(?<![\w:.])(?:[0-9a-f]{2}:){6,}[0-9a-f]{2}(?![\w:]))",
        rf"(?P<mac>{_MAC})",
        rf"(?P<v4>{_V4}(?:/{_V4_IN_WORD}(?![\d.])|/[0-9]{{1,2}}(?!\d))?)",
        rf"(?P<v6>{_V6}(?:/[0-9]{{1,3}}(?!\d))?)",
        rf"(?P<into>\b{_NUMBER}(?:/{_NUMBER})?->(?P<target>{_FIELD})(?P<range>\[[\d.]*\]|(?!\w)))",
        r"(?P<hex>\b0x[0-9a-fA-F]{6,32}\b(?:->\w+)?)",
        r"(?P<run>(?<![0-9A-Za-z])(?:0000)?[0-9a-f]{12}(?![0-9A-Za-z]))",
        r"(?P<bare>(?<![0-9A-Za-z])[0-9a-f]{32}(?![0-9A-Za-z]))",
        r"(?P<start>(?<![0-9A-Za-z])[0-9a-f]{8}(?:-[0-9a-f]{1,4}){0,2}(?![0-9A-Za-z]))",
    )
)
_BY_LETTER = "|".join(
    (
        rf"(?P<device>{_DEVICE})",
        r"(?P<chassis>(?<![\w-])ovn-(?P<six>[0-9a-f]{6})-\d+\b)",
        r"(?P<hexport>(?<![\w-])(?:vxlan|gre|geneve)-(?P<hexip>[0-9a-f]{8})\b)",
        rf"(?P<dashed>(?<![0-9A-Za-z])(?:host|ip)-{_OCTET}(?:-{_OCTET}){{3}}(?![\d-]))",
        r"(?P<cookie>\bcookie[=:]\s*0x[0-9a-f]+)",
        rf"(?P<assigned>(?<![\w.])(?P<name>{_FIELD})(?P<inside>\[[\d.]*\])?=(?P<number>{_NUMBER})"
        r"(?![\w.:]))",
    )
)
# Nothing of all this begins behind a hexadecimal digit, and most of it behind no letter at all:
# asked first, this spares the rest at nearly every character.
_SHAPES = re.compile(
    rf"(?<![0-9a-fA-F])(?:(?=[0-9a-fA-F:])(?:(?P<uuid>{_UUID})"
    r"|(?P<bytes>(?<![0-9a-f.])(?:[0-9a-f]{2}\.){7,}[0-9a-f]{2}(?![0-9a-f]))"
    rf"|(?<![g-zG-Z])(?:{_BY_DIGIT}))|(?<![g-zG-Z])(?=[A-Za-z])(?:{_BY_LETTER}))"
)
# Where a number stands: `reg0=0x...`, `0x...->ct_mark`.
_BEFORE = re.compile(r"(\w+)(?:\[[\d.]*\])?[=:](?:0x[0-9a-f]+/)?\Z")
_BLANKS = re.compile(" {2,}(?=[^ ])")
_RULE = re.compile(r"\s*\+(?:[-=]+\+)+\s*")


@dataclass(eq=False)  # one is told from another by which it is
class Known:
    """What stands in the captures in its plain form; ``names`` are replaced when asked for."""

    v4: set[int] = field(default_factory=set)
    v6: set[int] = field(default_factory=set)
    macs: set[int] = field(default_factory=set)
    uuids: set[str] = field(default_factory=set)
    edges: dict[int, int] = field(default_factory=dict)
    names: frozenset[str] = frozenset()

    def learn(self, text: str) -> None:
        """Take in what one text holds."""
        for match in _SHAPES.finditer(text):
            shape, said = match.lastgroup, match[0]
            if shape == "mac":
                self.macs.add(_number(said))
            elif shape in ("uuid", "bare"):
                self.uuids.add(said.replace("-", "").lower()[:8])
            elif shape == "device":
                self.uuids.add(match["part"][:8])
            elif shape == "v4":
                address, _, length = said.partition("/")
                self.v4.add(_v4_number(address))
                if length and (network := _network(said)) is not None and network.prefixlen < 24:
                    self._learn_edges(network)
            elif shape == "v6":
                with suppress(AddressValueError):
                    self.v6.add(int(IPv6Address(said.partition("/")[0])))

    def _learn_edges(self, network: IPv4Network) -> None:
        """A network's own address and broadcast address belong to the widest that has them."""
        for address in (network.network_address, network.broadcast_address):
            mask = self.edges.get(int(address), 0xFFFFFFFF)
            self.edges[int(address)] = min(mask, int(network.netmask))


def redacted(text: str, known: Known, pseudonyms: Pseudonyms) -> str:
    """A text with secrets masked and everything else replaced; its lines stay lines."""
    source = Source("", text)
    text = masked(source, secret_spans(source))
    say = _Replaced(known, pseudonyms)
    return "\n".join(_lines(text.split("\n"), say.line))


def pseudonym_of_name(text: str, known: Known, pseudonyms: Pseudonyms) -> str:
    """A file's or directory's name, in which ``-`` and ``_`` part words."""
    return _Replaced(known, pseudonyms).line(text)


class _Replaced:
    def __init__(self, known: Known, pseudonyms: Pseudonyms) -> None:
        self.known, self.pseudonyms = known, pseudonyms
        self._made: dict[tuple[str, str], str] = {}

    @cached_property
    def _names(self) -> tuple[re.Pattern[str] | None, Mapping[str, tuple[str, str]]]:
        return _new_names(self.known, self.pseudonyms)

    def line(self, line: str) -> str:
        text = self.shapes(line)
        pattern, _ = self._names
        return pattern.sub(self._name, text) if pattern else text

    def shapes(self, line: str) -> str:
        made, position = [], 0
        for match in _SHAPES.finditer(line):
            said, new = match[0], self._of(match)
            if new == said:
                continue
            self.pseudonyms.seen[said] = new
            made += [line[position : match.start()], new]
            position = match.end()
            # A column that blanks part stays where it is.
            if line.startswith("  ", position) and (column := _BLANKS.match(line, position)):
                made.append(" " * max(1, column.end() - position - len(new) + len(said)))
                position = column.end()
        return "".join((*made, line[position:]))

    def _name(self, match: re.Match[str]) -> str:
        name, new = self._names[1][match[0]]
        self.pseudonyms.seen[name] = new
        return new

    def _of(self, match: re.Match[str]) -> str:
        shape = match.lastgroup
        assert shape is not None
        said = match[0]
        if shape == "hex" and not self._may_be_an_address(match):
            return said
        key = (shape, said)
        if (made := self._made.get(key)) is None:
            made = self._made[key] = self._BY_SHAPE[shape](self, match, said)
        return made

    def _uuid(self, match: re.Match[str], said: str) -> str:
        digits = iter(self.pseudonyms.uuid(said.replace("-", "").lower()))
        made = "".join("-" if char == "-" else next(digits) for char in said)
        return made.upper() if said != said.lower() else made

    def _device(self, match: re.Match[str], said: str) -> str:
        return match["lead"] + self._uuid(match, match["part"])

    def _chassis(self, match: re.Match[str], said: str) -> str:
        return said.replace(match["six"], self.pseudonyms.uuid(match["six"]), 1)

    def _hex_port(self, match: re.Match[str], said: str) -> str:
        new = self._v4_number(int(match["hexip"], 16))
        return said[: -len(match["hexip"])] + f"{new:08x}"

    def _ptr(self, match: re.Match[str], said: str) -> str:
        forward = ".".join(reversed(said.rstrip(".").split(".")))
        return ".".join(reversed(str(self._v4(IPv4Address(forward))).split("."))) + "."

    def _dashed(self, match: re.Match[str], said: str) -> str:
        lead, *octets = said.split("-")
        return "-".join((lead, *str(self._v4(IPv4Address(".".join(octets)))).split(".")))

    def _mac(self, match: re.Match[str], said: str) -> str:
        made = f"{self.pseudonyms.mac(_number(said)):012x}"
        if said != said.lower():
            made = made.upper()
        return match["sep"].join(made[at : at + 2] for at in range(0, 12, 2))

    def _bridge(self, match: re.Match[str], said: str) -> str:
        octets = said.split(":") if ":" in said else [said[at : at + 2] for at in range(0, 12, 2)]
        new = self.pseudonyms.mac(int("".join(octet.zfill(2) for octet in octets), 16))
        digits = f"{new:012x}"
        if ":" not in said:
            return digits
        return ":".join(f"{int(digits[at : at + 2], 16):x}" for at in range(0, 12, 2))

    def _run(self, match: re.Match[str], said: str) -> str:
        """Twelve digits in a row, as a datapath's id ends: a MAC only if one is known."""
        number = int(said[-12:], 16)
        if number not in self.known.macs:
            return said
        return said[:-12] + f"{self.pseudonyms.mac(number):012x}"

    def _v4_text(self, match: re.Match[str], said: str) -> str:
        address, slash, length = said.partition("/")
        network = _network(said) if slash else None
        if network is not None and network.network_address == IPv4Address(address):
            new = self.pseudonyms.ipv4(network.network_address)
            return f"{IPv4Address(int(new) & int(network.netmask))}/{length}"
        return f"{self._v4(IPv4Address(address))}{slash}{length}"

    def _v4(self, address: IPv4Address) -> IPv4Address:
        new = self.pseudonyms.ipv4(address)
        if (mask := self.known.edges.get(int(address))) is not None:
            return IPv4Address(int(new) & mask | int(address) & ~mask & 0xFFFFFFFF)
        return new

    def _v4_number(self, number: int) -> int:
        return int(self._v4(IPv4Address(number)))

    def _v6(self, match: re.Match[str], said: str) -> str:
        address, slash, length = said.partition("/")
        try:
            new, bits = IPv6Address(address), int(length or 128)
        except AddressValueError:
            return said
        host = (1 << 128 - bits) - 1 if bits <= 128 else 0
        made = self.pseudonyms.ipv6(new)
        if slash and not int(new) & host:
            made = IPv6Address(int(made) & ~host)
        return said if made == new else f"{made}{slash}{length}"

    def _cookie(self, match: re.Match[str], said: str) -> str:
        """A cookie stays, unless it is the beginning of a captured UUID (ovn-controller's are)."""
        at = said.index("0x") + 2
        digits = said[at:].rjust(8, "0")
        if len(digits) != 8 or digits not in self.known.uuids:
            return said
        return said[:at] + (self.pseudonyms.uuid(digits).lstrip("0") or "0")

    def _may_be_an_address(self, match: re.Match[str]) -> bool:
        """Registers carry addresses; ct_mark, tunnel keys and other fields of numbers do not."""
        _, arrow, name = match[0].partition("->")
        if not arrow:
            start = match.start()
            before = _BEFORE.search(match.string, max(0, start - 80), start)
            name = before[1] if before else ""
        found = find_field(name)
        return found is None or found.is_register or found.format in _ADDRESSES

    def _hex(self, match: re.Match[str], said: str) -> str:
        text, arrow, target = said.partition("->")
        number = int(text, 16)
        if number in self.known.macs:
            new = self.pseudonyms.mac(number)
        elif number in self.known.v4:
            new = self._v4_number(number)
        elif number in self.known.v6 and number >> 32:
            new = int(self.pseudonyms.ipv6(IPv6Address(number)))
        elif number < 1 << 32 and f"{number:08x}" in self.known.uuids:
            new = int(self.pseudonyms.uuid(f"{number:08x}"), 16)
        else:
            return said
        return said if new == number else f"0x{new:0{len(text) - 2}x}{arrow}{target}"

    def _into(self, match: re.Match[str], said: str) -> str:
        """``load:0xc0a80102->NXM_OF_IP_SRC[]``: the field says that it is an address."""
        number, sign, rest = re.split("(/|->)", said, maxsplit=1)
        bits = _BITS[match["target"]]
        return self._of_field(number, bits, match["range"]) + sign + rest

    def _assigned(self, match: re.Match[str], said: str) -> str:
        """``nw_src=0x0a000001``, ``NXM_OF_IP_SRC[]=167772161``."""
        number = match["number"]
        made = self._of_field(number, _BITS[match["name"]], match["inside"] or "")
        return said[: len(said) - len(number)] + made

    def _of_field(self, text: str, bits: int, inside: str) -> str:
        number = int(text, 16) if text[:2].lower() == "0x" else int(text)
        # A part of an address has no pseudonym of its own.
        if inside not in ("", "[]", f"[0..{bits - 1}]") or number >> bits:
            return text
        if bits == 48:
            new = self.pseudonyms.mac(number)
        elif bits == 32:
            new = self._v4_number(number)
        else:
            new = int(self.pseudonyms.ipv6(IPv6Address(number)))
        if new == number:
            return text
        return f"0x{new:0{len(text) - 2}x}" if text[:2].lower() == "0x" else str(new)

    def _bytes(self, match: re.Match[str], said: str) -> str:
        """Octets in hexadecimal, as OVN writes what it puts into packets: DHCP options, ND."""
        sizes = ((6, self.known.macs), (4, self.known.v4))
        return ".".join(self._octets_of(said.split("."), sizes))

    def _octets(self, match: re.Match[str], said: str) -> str:
        """More octets than a MAC has: a DHCP client's id ends in one."""
        return ":".join(self._octets_of(said.split(":"), ((6, self.known.macs),)))

    def _octets_of(self, octets: list[str], sizes: tuple[tuple[int, set[int]], ...]) -> list[str]:
        at = 0
        while at < len(octets):
            for size, known in sizes:
                number = int("".join(octets[at : at + size]), 16)
                if at + size <= len(octets) and number in known:
                    new = self.pseudonyms.mac(number) if size == 6 else self._v4_number(number)
                    digits = f"{new:0{size * 2}x}"
                    octets[at : at + size] = [digits[i : i + 2] for i in range(0, size * 2, 2)]
                    at += size - 1
                    break
            at += 1
        return octets

    def _start(self, match: re.Match[str], said: str) -> str:
        """A UUID cut short: only where another place shows the whole."""
        return self._uuid(match, said) if said[:8] in self.known.uuids else said

    _BY_SHAPE: ClassVar[Mapping[str, Callable[["_Replaced", re.Match[str], str], str]]] = {
        "uuid": _uuid,
        "device": _device,
        "chassis": _chassis,
        "hexport": _hex_port,
        "ptr": _ptr,
        "dashed": _dashed,
        "bridge": _bridge,
        "octets": _octets,
        "mac": _mac,
        "v4": _v4_text,
        "v6": _v6,
        "cookie": _cookie,
        "assigned": _assigned,
        "into": _into,
        "hex": _hex,
        "bytes": _bytes,
        "run": _run,
        "bare": _uuid,
        "start": _start,
    }


@lru_cache(maxsize=1)
def _new_names(
    known: Known, pseudonyms: Pseudonyms
) -> tuple[re.Pattern[str] | None, Mapping[str, tuple[str, str]]]:
    """What finds names; by what each looks like where it stands, the name and its pseudonym.

    An address within a name has become another one by the time that the name is looked for.
    """
    if not known.names:
        return None, {}
    say = _Replaced(known, pseudonyms).shapes
    new = pseudonyms.names(known.names, ROLES)
    found = {say(name): (name, made) for name, made in new.items()}
    # `compute:nova` is a kind of port, no host.
    return re.compile(rf"(?<![\w.])(?:{any_of(found)})(?![\w]|:[a-z])"), found


def _number(mac: str) -> int:
    return int(re.sub("[:-]", "", mac), 16)


def _v4_number(address: str) -> int:
    return int.from_bytes(map(int, address.split(".")))


def _network(text: str) -> IPv4Network | None:
    try:
        return IPv4Network(text, strict=False)
    except ValueError:
        return None


def _lines(lines: Iterable[str], say: Callable[[str], str]) -> Iterator[str]:
    """Line by line; the lines of a table with borders together."""
    table: list[str] = []
    for line in lines:
        first = line.lstrip()[:1]
        if (first == "+" and _RULE.fullmatch(line)) or (table and first == "|"):
            table.append(line)
            continue
        if table:
            yield from _table(table, say)
            table = []
        yield say(line)
    yield from _table(table, say)


def _table(lines: list[str], say: Callable[[str], str]) -> Iterator[str]:
    """A table whose columns are as wide as before, or as their new texts need."""
    bars = [at for at, char in enumerate(lines[0].rstrip()) if char == "+"] if lines else []
    rows = []
    for line in lines:
        rule = _RULE.fullmatch(line) is not None
        cells = [line[a + 1 : b] for a, b in pairwise(bars)]
        fits = all(at < len(line) and line[at] in "+|" for at in bars)
        rows.append((line, rule, [cell if rule else say(cell) for cell in cells], fits))
    if not all(fits for *_, fits in rows):  # wide characters, or a line that was cut
        yield from (line if rule else say(line) for line, rule, *_ in rows)
        return
    olds = [b - a - 1 for a, b in pairwise(bars)]
    widths = [
        max(old, *(len(cells[at].rstrip()) + 1 for _, rule, cells, _ in rows if not rule), 0)
        for at, old in enumerate(olds)
    ]
    for line, rule, cells, _ in rows:
        bar, fill = ("+", cells[0][:1]) if rule else ("|", " ")
        made = [
            cell if len(cell) == width else (cell if rule else cell.rstrip()).ljust(width, fill)
            for cell, width in zip(cells, widths, strict=True)
        ]
        yield line[: bars[0]] + bar + bar.join(made) + bar + line[bars[-1] + 1 :]

"""Where addresses, MACs and UUIDs stand in any text, in all the ways in which tools print them.

Lives here: the shapes, and keeping tables rectangular when an address changes its length. What a
shape alone does not tell (is ``0xc0a80102`` an address or a register?) is decided by what the rest
of the captures hold: ``Known`` collects it first.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from ipaddress import AddressValueError, IPv4Address, IPv4Network, IPv6Address
from itertools import pairwise

from ..formats.secrets import masked, secret_spans
from ..source import Source
from .pseudonyms import Pseudonyms

_OCTET = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
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

_SHAPES = re.compile(
    "|".join(
        (
            rf"(?P<uuid>{_UUID})",
            rf"(?P<device>{_DEVICE})",
            r"(?P<chassis>(?<![\w-])ovn-(?P<six>[0-9a-f]{6})-\d+\b)",
            r"(?P<hexport>(?<![\w-])(?:vxlan|gre|geneve)-(?P<hexip>[0-9a-f]{8})\b)",
            r"(?P<bytes>(?<![0-9a-f.])(?:[0-9a-f]{2}\.){7,}[0-9a-f]{2}(?![0-9a-f]))",
            rf"(?P<ptr>(?<![\w.])(?:{_OCTET}\.){{4}}(?=in-addr\.arpa))",
            rf"(?P<dashed>(?<![0-9A-Za-z])(?:host|ip)-{_OCTET}(?:-{_OCTET}){{3}}(?![\d-]))",
            # A bridge's id, its octets without leading zeros (ip -d link) or in a row (brctl).
            r"(?P<bridge>(?<=[0-9a-f]{4}\.)(?:(?:[0-9a-f]{1,2}:){5}[0-9a-f]{1,2}|[0-9a-f]{12})"
            r"(?![0-9A-Za-z:]))",
            r"(?P<octets>(?<![\w:.])(?:[0-9a-f]{2}:){6,}[0-9a-f]{2}(?![\w:]))",
            rf"(?P<mac>{_MAC})",
            rf"(?P<v4>{_V4}(?:/{_V4_IN_WORD}(?![\d.])|/\d{{1,2}}(?!\d))?)",
            rf"(?P<v6>{_V6}(?:/\d{{1,3}}(?!\d))?)",
            r"(?P<cookie>\bcookie[=:]\s*0x[0-9a-f]+)",
            r"(?P<hex>\b0x[0-9a-fA-F]{6,32}\b(?:->\w+)?)",
            r"(?P<run>(?<![0-9A-Za-z])(?:0000)?[0-9a-f]{12}(?![0-9A-Za-z]))",
            r"(?P<bare>(?<![0-9A-Za-z])[0-9a-f]{32}(?![0-9A-Za-z]))",
            r"(?P<start>(?<![0-9A-Za-z])[0-9a-f]{8}(?:-[0-9a-f]{1,4}){0,2}(?![0-9A-Za-z]))",
        )
    )
)
_MAC_FIELD = re.compile(
    r"->(?:NXM_OF_ETH_\w+|NXM_NX_ARP_[ST]HA|NXM_NX_ND_[ST]LL|eth_\w+|arp_[st]ha)"
)
_IP_FIELD = re.compile(r"->(?:NXM_OF_(?:IP_SRC|IP_DST|ARP_SPA|ARP_TPA)|NXM_NX_TUN_IPV4_\w+)")
_RULE = re.compile(r"\s*\+(?:[-=]+\+)+\s*")
# Names that are the word for what a host does, which printers use for other things too.
ROLES = frozenset({"compute", "controller", "network", "client", "host", "node", "storage"})


@dataclass
class Known:
    """What stands in the captures in its plain form; ``names`` are replaced when asked for."""

    v4: set[int] = field(default_factory=set)
    macs: set[int] = field(default_factory=set)
    uuids: set[str] = field(default_factory=set)
    networks: set[IPv4Network] = field(default_factory=set)
    names: frozenset[str] = frozenset()

    def learn(self, text: str) -> None:
        """Take in what one text holds."""
        for match in _SHAPES.finditer(text):
            said = match[0]
            if match["mac"]:
                self.macs.add(_number(said))
            elif match["uuid"] or match["bare"]:
                self.uuids.add(said.replace("-", "").lower()[:8])
            elif match["device"]:
                self.uuids.add(match["part"][:8])
            elif match["v4"]:
                address, _, length = said.partition("/")
                self.v4.add(int(IPv4Address(address)))
                if length and (network := _network(said)) is not None and network.prefixlen < 24:
                    self.networks.add(network)

    def edge_of(self, address: IPv4Address) -> IPv4Network | None:
        """The network whose own or broadcast address this is."""
        around = [
            network
            for network in self.networks
            if address in (network.network_address, network.broadcast_address)
        ]
        return min(around, default=None)


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
        words = sorted((re.escape(name) for name in known.names), key=lambda w: (-len(w), w))
        # `compute:nova` is a kind of port, no host.
        self._names = (
            re.compile(rf"(?<![\w.])(?:{'|'.join(words)})(?![\w]|:[a-z])") if words else None
        )

    def line(self, line: str) -> str:
        made, position = [], 0
        for match in _SHAPES.finditer(line):
            new = self._of(match)
            if new == match[0]:
                continue
            self.pseudonyms.seen[match[0]] = new
            made += [line[position : match.start()], new]
            position = match.end()
            # A column that blanks part stays where it is.
            blanks = len(line[position:]) - len(line[position:].lstrip(" "))
            grown = len(new) - len(match[0])
            if blanks >= 2 and position + blanks < len(line):
                made.append(" " * max(1, blanks - grown))
                position += blanks
        text = "".join((*made, line[position:]))
        return self._names.sub(self._name, text) if self._names else text

    def _name(self, match: re.Match[str]) -> str:
        new = self.pseudonyms.name(match[0])
        self.pseudonyms.seen[match[0]] = new
        return new

    def _of(self, match: re.Match[str]) -> str:
        said = match[0]
        for group, replace in self._BY_SHAPE:
            if match[group]:
                return replace(self, match, said)
        return said

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
        if (network := self.known.edge_of(address)) is not None:
            mask = int(network.netmask)
            return IPv4Address(int(new) & mask | int(address) & ~mask)
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

    def _hex(self, match: re.Match[str], said: str) -> str:
        text, arrow, target = said.partition("->")
        number, into = int(text, 16), arrow + target
        if _MAC_FIELD.match(into) or number in self.known.macs:
            new = self.pseudonyms.mac(number) if number < 1 << 48 else number
        elif number < 1 << 32 and (_IP_FIELD.match(into) or number in self.known.v4):
            new = self._v4_number(number)
        elif number < 1 << 32 and f"{number:08x}" in self.known.uuids:
            new = int(self.pseudonyms.uuid(f"{number:08x}"), 16)
        else:
            return said
        return said if new == number else f"0x{new:0{len(text) - 2}x}{into}"

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

    _BY_SHAPE: tuple[tuple[str, Callable[["_Replaced", re.Match[str], str], str]], ...] = (
        ("uuid", _uuid),
        ("device", _device),
        ("chassis", _chassis),
        ("hexport", _hex_port),
        ("ptr", _ptr),
        ("dashed", _dashed),
        ("bridge", _bridge),
        ("octets", _octets),
        ("mac", _mac),
        ("v4", _v4_text),
        ("v6", _v6),
        ("cookie", _cookie),
        ("hex", _hex),
        ("bytes", _bytes),
        ("run", _run),
        ("bare", _uuid),
        ("start", _start),
    )


def _number(mac: str) -> int:
    return int(re.sub("[:-]", "", mac), 16)


def _network(text: str) -> IPv4Network | None:
    try:
        return IPv4Network(text, strict=False)
    except ValueError:
        return None


def _lines(lines: Iterable[str], say: Callable[[str], str]) -> Iterator[str]:
    """Line by line; the lines of a table with borders together."""
    table: list[str] = []
    for line in lines:
        if _RULE.fullmatch(line) or (table and line.lstrip().startswith("|")):
            table.append(line)
            continue
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

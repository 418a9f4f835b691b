"""``ip route [show]``: routes of one table or of all.

Sample::

    default via 10.1.1.254 dev eth0
    10.1.1.0/24 dev eth0 proto kernel scope link src 10.1.1.1
    203.0.113.0/24
        nexthop via 10.1.1.3 dev eth0 weight 1
        nexthop via 10.1.1.4 dev eth0 weight 2

Grammar::

    route   = [TYPE] ("default" | PREFIX) attribute*    TYPE is not printed when unicast
    nexthop = TAB "nexthop" attribute*                  of the route above
    attribute = KEY VALUE | "via" ["inet" | "inet6"] ADDRESS | FLAG

Host routes have no ``/32``; proto boot, scope global and table main are not printed. With ``-o``
a backslash stands for the end of a line. Printer: iproute2 ip/iproute.c print_route; BusyBox prints
the same with other blanks. ``nhid`` since 5.3.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from ..source import Source, Span
from .base import Findings, Format, Kind, Parsed, Record, as_number, first_line, is_address
from .command import Command, ip_object
from .ip_json import mark_address, mark_text, read_objects, span_of, texts
from .json_text import Json, begins_json, scalar


@dataclass(frozen=True, slots=True, kw_only=True)
class NextHop:
    """One of several ways of a route."""

    via: str | None = None
    dev: str | None = None
    weight: int | None = None
    flags: tuple[str, ...] = ()
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Route(Record):
    """A route. ``type`` None: unicast; ``properties``: the other keys as printed."""

    type: str | None = None
    dst: str
    via: str | None = None
    dev: str | None = None
    table: str | None = None
    proto: str | None = None
    scope: str | None = None
    src: str | None = None
    metric: int | None = None
    flags: tuple[str, ...] = ()
    properties: dict[str, str]
    nexthops: tuple[NextHop, ...] = ()


_TYPES = "unicast|local|broadcast|multicast|anycast|blackhole|unreachable|prohibit|throw|nat"
_START = re.compile(
    rf"\s?(?:(?P<type>{_TYPES})\s+)?(?P<dst>default|[0-9a-fA-F:.]+(?:/\d{{1,3}})?)(?=\s|$)"
)
_NEXTHOP = re.compile(r"\s+nexthop(?=\s)")
_WORD = re.compile(r"[^\s\\]+")
_FLAGS = frozenset({
    "dead", "onlink", "pervasive", "offload", "trap", "notify", "linkdown", "unresolved",
    "rt_offload", "rt_trap", "rt_offload_failed", "cache", "quickack", "fastopen_no_cookie",
})  # fmt: skip
_KEYS = frozenset({
    "from", "nhid", "tos", "dsfield", "dev", "table", "proto", "scope", "src", "metric", "mark",
    "realm", "realms", "expires", "error", "mtu", "advmss", "window", "rtt", "rttvar", "hoplimit",
    "initcwnd", "initrwnd", "iif", "oif", "pref", "weight", "uid", "features", "cwnd", "ssthresh",
    "reordering", "rto_min", "ttl-propagate", "congctl", "users", "age", "preference",
})  # fmt: skip
# A tunnel's own keys, up to where the route goes on.
_ENCAP = re.compile(r".*?(?=\s(?:via|dev)\s|$)")
# Words before a value that belong to it.
_BEFORE = {"via": ("inet", "inet6"), "mtu": ("lock",), "as": ("to",)}
_MARKED = {"dev": Kind.DEVICE, "iif": Kind.DEVICE, "oif": Kind.DEVICE}


def parse(source: Source) -> Parsed:
    """Routes in the order of the capture."""
    found = Findings(source, FORMAT.name)
    if begins_json(source.window, "dst"):
        return _of_json(found)
    for offset, line in found.lines():
        span = Span(offset, found.line_end(offset))
        last = found.records[-1] if found.records else None
        # With -o the next hops stand on the route's own line.
        parts = [(m.start(), m[0]) for m in re.finditer(r"[^\\]+", line)]
        if (start := _NEXTHOP.match(line)) and isinstance(last, Route):
            hop = _hop(found, offset, line[start.end() :], start.end(), span)
            found.records[-1] = replace(
                last, nexthops=(*last.nexthops, hop), span=Span(last.span.start, span.end)
            )
        elif match := _START.match(line):
            found.mark_groups(match, offset, {"type": Kind.HEAD})
            if match["dst"] != "default":
                _mark_address(found, offset + match.start("dst"), match["dst"])
            first = parts[0][1][match.end() :]
            words, flags = _attributes(found, offset + match.end(), first)
            hops = []
            for begin, text in parts[1:]:
                if hop_start := _NEXTHOP.match(text):
                    at = begin + hop_start.end()
                    hops.append(_hop(found, offset, text[hop_start.end() :], at, span))
            found.records.append(
                Route(
                    type=match["type"],
                    dst=match["dst"],
                    via=words.pop("via", None),
                    dev=words.pop("dev", None),
                    table=words.pop("table", None),
                    proto=words.pop("proto", None),
                    scope=words.pop("scope", None),
                    src=words.pop("src", None),
                    metric=as_number(words.pop("metric", None)),
                    flags=flags,
                    properties=words,
                    nexthops=tuple(hops),
                    span=span,
                )
            )
        else:
            found.unknown_line(offset, line)
    return found.parsed()


# Keys of the JSON form that fields of ``Route`` hold.
_JSON_FIELDS = {
    "type",
    "dst",
    "gateway",
    "via",
    "dev",
    "table",
    "protocol",
    "scope",
    "prefsrc",
    "metric",
}


def _of_json(found: Findings) -> Parsed:
    """``ip -j route``: ``protocol`` is ``proto``, ``gateway`` ``via``, ``prefsrc`` ``src``."""
    for entry in read_objects(found):
        dst, hops, metric = entry.text("dst"), entry.get("nexthops"), entry.get("metric")
        if dst is None:
            continue
        mark_address(found, entry.get("dst"))
        mark_address(found, entry.get("prefsrc"))
        found.records.append(
            Route(
                type=entry.text("type"),
                dst=dst,
                via=_json_gateway(found, entry),
                dev=_json_device(found, entry),
                table=entry.text("table"),
                proto=entry.text("protocol"),
                scope=entry.text("scope"),
                src=entry.text("prefsrc"),
                metric=metric.value if metric and type(metric.value) is int else None,
                flags=tuple(texts(entry.get("flags"))),
                properties={
                    key: text
                    for key, value in entry.members().items()
                    if key not in _JSON_FIELDS and (text := scalar(value)) is not None
                },
                nexthops=tuple(
                    NextHop(
                        via=_json_gateway(found, hop),
                        dev=_json_device(found, hop),
                        weight=as_number(hop.text("weight")),
                        flags=tuple(texts(hop.get("flags"))),
                        span=span_of(hop),
                    )
                    for hop in (hops.items() if hops else ())
                ),
                span=span_of(entry),
            )
        )
    return found.parsed()


def _json_gateway(found: Findings, entry: Json) -> str | None:
    """``gateway``, or the ``host`` of ``via`` where it is of another family."""
    other = entry.get("via")
    holder, key = (other, "host") if other else (entry, "gateway")
    mark_address(found, holder.get(key))
    return holder.text(key)


def _json_device(found: Findings, entry: Json) -> str | None:
    mark_text(found, entry.get("dev"), Kind.DEVICE)
    return entry.text("dev")


def _hop(found: Findings, offset: int, text: str, start: int, span: Span) -> NextHop:
    words, flags = _attributes(found, offset + start, text)
    weight = as_number(words.get("weight"))
    return NextHop(
        via=words.get("via"), dev=words.get("dev"), weight=weight, flags=flags, span=span
    )


def _attributes(found: Findings, start: int, text: str) -> tuple[dict[str, str], tuple[str, ...]]:
    """``(values by key, flags)``; ``encap`` takes all words up to ``via`` or ``dev``."""
    values: dict[str, str] = {}
    flags = []
    words: Iterator[re.Match[str]] = iter(_WORD.finditer(text))
    for word in words:
        key = word[0]
        if key in _FLAGS or key.startswith("<"):
            flags.append(key)
        elif key == "encap":
            held = _ENCAP.match(text, word.end())
            values[key] = held[0].strip() if held else ""
            words = iter(_WORD.finditer(text, held.end() if held else word.end()))
        elif key in _KEYS or key in _BEFORE:
            value = next(words, None)
            if value is not None and value[0] in _BEFORE.get(key, ()):
                value = next(words, None)
            if value is None:
                found.without_value(Span(start + word.start(), start + word.end()), key)
                break
            values[key] = value[0]
            if kind := _MARKED.get(key):
                found.mark(start + value.start(), value[0], kind)
            else:
                _mark_address(found, start + value.start(), value[0])
        else:
            found.unknown_token(start + word.start(), key)
    return values, tuple(flags)


def _mark_address(found: Findings, start: int, text: str) -> None:
    if is_address(text):
        found.mark(start, text, Kind.ADDRESS)


def _prints(command: Command) -> bool:
    return ip_object(command) == ("route", "show")


_LOOKS = re.compile(
    rf"(?:(?:{_TYPES})\s+)?(?:default|[0-9a-fA-F:.]+/\d{{1,3}})\s+(?:via\s+\S+\s+)?dev\s+\S+.*"
)


def _looks_like(source: Source) -> bool:
    first = first_line(source)
    if re.match(r'\s*\[\s*\{\s*(?:"type":"\w+",\s*)?"dst"', source.window):
        return '"protocol"' in source.window
    return bool(_LOOKS.fullmatch(first))


FORMAT = Format(
    name="ip_route",
    title="routes (ip route)",
    parse=parse,
    command=_prints,
    detect=_looks_like,
    hint=re.compile(r"route"),
)

"""``ovn-nbctl show [SWITCH|ROUTER]``: logical switches and routers with their ports.

Sample::

    switch 22d79095-d316-416e-8839-51a24b00d658 (neutron-a64e580d-5966) (aka ovn-selfservice)
        port c8e33d72-a665-51cd-8c0a-ed94a5072185 (aka vm0)
            addresses: ["fa:16:3e:c8:e3:3d 192.168.111.10"]
        port 1c3ab9f6-fd79-5ea9-a4e6-eda00f7b8606
            type: router
            router-port: lrp-1c3ab9f6-fd79-5ea9-a4e6-eda00f7b8606
    router 1f5163e0-4988-40d2-970f-ad50fc48ab01 (neutron-30904806-51c7) (aka router)
        port lrp-1c3ab9f6-fd79-5ea9-a4e6-eda00f7b8606
            mac: "fa:16:3e:ef:ec:56"
            networks: ["192.168.111.1/24"]
        nat ba347820-c280-495d-8b65-07dc45476590
            external ip: "172.19.0.188"
            logical ip: "192.168.111.0/24"
            type: "snat"

Grammar::

    show     = *(datapath *part)
    datapath = ("switch" / "router") " " UUID " (" [NAME] ")" [" (aka " NAME ")"]
    part     = 4*BLANK ("port" / "nat") " " NAME [" (aka " NAME ")"] *key
    key      = 8*BLANK KEY ": " VALUE

Printer: utilities/ovn-nbctl.c print_ls, print_lr. ``aka`` since OVN 2.8; gateway chassis since 2.9,
``external port(s)`` since 20.03, ``ipv6-lla`` since 24.03.
"""

import re
from dataclasses import replace

from ..source import Source, Span
from .base import UUID, Findings, Format, Kind, Parsed, first_line
from .command import Command
from .ovn_rows import ShownDatapath, ShownNat, ShownPort, mark_values, quoted_items
from .ovsdb_atom import unquoted

_DATAPATH = re.compile(
    rf"(?P<kind>switch|router) (?P<uuid>{UUID}) \((?P<name>.*?)\)(?: \(aka (?P<aka>.*)\))?\s*"
)
_PART = re.compile(r"\s+(?P<what>port|nat) (?P<name>\S+?)(?: \(aka (?P<aka>.*)\))?\s*")
_KEY = re.compile(r"\s+(?P<key>[a-z0-9][a-z0-9()/ -]*): ?(?P<value>(?:.*\S)?)\s*")
_PORT_KEYS = {
    "type", "addresses", "tag", "parent", "router-port", "mac", "networks", "gateway chassis",
    "ipv6-lla",
}  # fmt: skip
_NAT_KEYS = {
    "external ip", "external port(s)", "logical ip", "type", "external mac", "logical port",
}  # fmt: skip


def parse(source: Source) -> Parsed:
    """Datapaths, ports and NAT rules in the order of the capture."""
    found = Findings(source, FORMAT.name)
    datapath = ""
    for offset, line in found.lines():
        span = Span(offset, found.line_end(offset))
        last = found.records[-1] if found.records else None
        if match := _DATAPATH.fullmatch(line):
            datapath = match["uuid"].lower()
            found.mark_groups(match, offset, {"uuid": Kind.UUID})
            found.records.append(
                ShownDatapath(
                    kind=match["kind"],
                    uuid=datapath,
                    name=match["name"],
                    aka=match["aka"],
                    span=span,
                )
            )
        elif datapath and (match := _PART.fullmatch(line)):
            found.mark_groups(match, offset, {"what": Kind.HEAD})
            mark_values(found, offset + match.start("name"), match["name"])
            name, aka = unquoted(match["name"]), match["aka"]
            if match["what"] == "nat":
                found.records.append(ShownNat(uuid=name, datapath=datapath, span=span))
            else:
                found.records.append(ShownPort(name=name, datapath=datapath, aka=aka, span=span))
        elif (match := _KEY.fullmatch(line)) and isinstance(last, ShownPort | ShownNat):
            keys = _PORT_KEYS if isinstance(last, ShownPort) else _NAT_KEYS
            if match["key"] not in keys:
                found.unknown_token(offset + match.start("key"), match["key"])
            found.records[-1] = _with(last, match["key"], match["value"], span.end)
            if match["key"] == "tag":
                found.mark_groups(match, offset, {"value": Kind.VLAN})
            else:
                mark_values(found, offset + match.start("value"), match["value"])
        else:
            found.unknown_line(offset, line)
    return found.parsed()


def _with(record: ShownPort | ShownNat, key: str, value: str, end: int) -> ShownPort | ShownNat:
    span = Span(record.span.start, end)
    if isinstance(record, ShownPort) and key in ("addresses", "networks", "gateway chassis"):
        words = quoted_items(value)
        if key == "addresses":
            return replace(record, addresses=words, span=span)
        if key == "networks":
            return replace(record, networks=words, span=span)
        return replace(record, gateway_chassis=words, span=span)
    return replace(record, properties={**record.properties, key: unquoted(value)}, span=span)


def _prints(command: Command) -> bool:
    return command.program == "ovn-nbctl" and command.arguments[:1] == ("show",)


def _looks_like(source: Source) -> bool:
    first = first_line(source)
    return bool(_DATAPATH.fullmatch(first))


FORMAT = Format(
    name="ovn_nbctl_show",
    title="logical switches and routers (ovn-nbctl show)",
    parse=parse,
    command=_prints,
    detect=_looks_like,
    hint=re.compile(r"nbctl.*show"),
)

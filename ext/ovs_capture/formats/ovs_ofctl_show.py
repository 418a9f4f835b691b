"""``ovs-ofctl show BRIDGE``: what a switch can do, and its ports.

Sample::

    OFPT_FEATURES_REPLY (xid=0x2): dpid:0000ba818ddf1a46
    n_tables:254, n_buffers:0
    capabilities: FLOW_STATS TABLE_STATS PORT_STATS QUEUE_STATS ARP_MATCH_IP
    actions: output enqueue set_vlan_vid set_vlan_pcp strip_vlan mod_dl_src mod_dl_dst
     1(ovn-cmp2-0): addr:aa:55:aa:55:00:13
         config:     0
         state:      0
         speed: 0 Mbps now, 0 Mbps max
     LOCAL(br-int): addr:ba:81:8d:df:1a:46
    OFPT_GET_CONFIG_REPLY (xid=0x4): frags=normal miss_send_len=0

Grammar::

    show     = features *port [ports-reply *port] config
    features = "OFPT_FEATURES_REPLY" ... ": dpid:" HEX / "n_tables:" N ", n_buffers:" N
             / "capabilities: " *WORD / "actions: " *WORD
    ports-reply = "OFPST_PORT_DESC reply (OF1.3) (xid=0x3):"           OpenFlow 1.3 and later
    config   = "OFPT_GET_CONFIG_REPLY (xid=" HEX "): frags=" WORD " miss_send_len=" N

Ports: ``ofp_ports``. Printer: lib/ofp-print.c ofp_print_switch_features(). Only OpenFlow 1.0 lists
actions. With ``-O OpenFlow13`` the ports are a reply of their own.
"""

import re
from dataclasses import dataclass, replace

from ..source import Source, Span
from .base import Findings, Format, Kind, Parsed, Record
from .ofp_ports import read_port_line
from .ofp_reply import asks, begins_with, header


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchFeatures(Record):
    """``OFPT_FEATURES_REPLY``: datapath id (16 hexadecimal digits), and what the switch can do."""

    dpid: str
    version: str | None = None
    n_tables: int | None = None
    capabilities: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchConfig(Record):
    """``OFPT_GET_CONFIG_REPLY``: what is done with fragments."""

    frags: str
    miss_send_len: int | None = None


_FEATURES = header("OFPT_FEATURES_REPLY")
_PORTS = header("OFPST_PORT_DESC")
_CONFIG = header("OFPT_GET_CONFIG_REPLY")
_DPID = re.compile(r" dpid:(?P<dpid>[0-9a-f]{16})\s*")
_TABLES = re.compile(r"n_tables:(?P<n>\d{1,4}), n_buffers:\d+(?:, auxiliary_id:\d+)?\s*")
_WORDS = re.compile(r"(?P<key>capabilities|actions):(?P<words>[ \w]*)")
_FRAGS = re.compile(r" frags=(?P<frags>[\w-]+)(?: miss_send_len=(?P<length>\d{1,9}))?\s*")


def parse(source: Source) -> Parsed:
    """The switch, its ports in the order of the capture, and its configuration."""
    found = Findings(source, FORMAT.name)
    for offset, line in found.lines():
        if not (_read_switch_line(found, offset, line) or read_port_line(found, offset, line)):
            found.unknown_line(offset, line)
    return found.parsed()


def _read_switch_line(found: Findings, offset: int, line: str) -> bool:
    span = Span(offset, found.line_end(offset))
    last = found.records[-1] if found.records else None
    if (match := _FEATURES.fullmatch(line)) and (dpid := _DPID.fullmatch(match["rest"])):
        found.mark(offset + match.start("rest") + dpid.start("dpid"), dpid["dpid"], Kind.COOKIE)
        features = SwitchFeatures(dpid=dpid["dpid"], version=match["version"], span=span)
        found.records.append(features)
        return True
    if (match := _CONFIG.fullmatch(line)) and (frags := _FRAGS.fullmatch(match["rest"])):
        length = int(frags["length"]) if frags["length"] else None
        found.records.append(SwitchConfig(frags=frags["frags"], miss_send_len=length, span=span))
        return True
    if match := _PORTS.fullmatch(line):
        return True
    if not isinstance(last, SwitchFeatures):
        return False
    grown = Span(last.span.start, span.end)
    if match := _TABLES.fullmatch(line):
        found.mark(offset + match.start("n"), match["n"], Kind.COUNTER)
        found.records[-1] = replace(last, n_tables=int(match["n"]), span=grown)
        return True
    if match := _WORDS.fullmatch(line):
        found.mark(offset + match.start("key"), match["key"], Kind.DIM)
        words = tuple(match["words"].split())
        if match["key"] == "actions":
            found.records[-1] = replace(last, actions=words, span=grown)
        else:
            found.records[-1] = replace(last, capabilities=words, span=grown)
        return True
    return False


FORMAT = Format(
    name="ovs_ofctl_show",
    title="an OpenFlow switch and its ports (ovs-ofctl show)",
    parse=parse,
    command=asks("show"),
    detect=begins_with(_FEATURES),
    hint=re.compile(r"ofctl.*show"),
)

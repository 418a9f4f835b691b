"""What an entry is, and what of it is compared: one row for each class of records.

An entry is found again by its *key* (a device by its name in its place, a lease by its MAC); what
else it says are its *fields*. Fields that come and go by themselves are *volatile*. A class without
a row is known by all it says: then an entry is new or gone, never changed.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, NamedTuple

from ...formats import (
    bond_show,
    brctl_show,
    brctl_showmacs,
    bridge_fdb,
    bridge_link,
    ct_zone_list,
    dnsmasq_addn_hosts,
    dnsmasq_host,
    dnsmasq_leases,
    dnsmasq_opts,
    dpctl_dump_flows,
    dpctl_show,
    dpif_show,
    dpif_show_dp_features,
    fdb_show,
    ip_addr,
    ip_link,
    ip_neigh,
    ip_netns,
    ip_route,
    iptables_list,
    list_tunnels,
    ofp_ports,
    openstack_table,
    ovn_nbctl_columns,
    ovn_nbctl_names,
    ovn_nbctl_routes,
    ovn_rows,
    ovn_sbctl_show,
    ovs_ofctl_dump_flows,
    ovs_ofctl_dump_group_stats,
    ovs_ofctl_dump_groups,
    ovs_ofctl_dump_meters,
    ovs_ofctl_dump_ports,
    ovs_ofctl_dump_tables,
    ovs_ofctl_show,
    ovs_vsctl_show,
    ovsdb_list,
    ps,
    ss,
    sys_iflink,
    virsh_domiflist,
    virsh_dumpxml,
    virsh_list,
)
from ...formats.base import Entry
from ...formats.ovsdb_atom import pairs
from ...formats.reading import Capture
from ...logical.flow import LogicalFlow
from ...openflow.values import decimal
from ..model import Network
from ..ofports import port_name
from ..snapshot import place_of
from .model import Value
from .zones import ZONE_KEY

# One value: what it is compared by, and what is shown for it.
Compared = tuple[object, Value]


class Identity(NamedTuple):
    """``what`` and ``key`` find an entry again; ``fields`` are compared."""

    what: str
    key: tuple[str, ...]
    fields: Mapping[str, Compared]


@dataclass(frozen=True)
class Side:
    """One side of a comparison. ``vlans``: a renumbered local VLAN to what it is on both sides.

    ``row_names``: names of OVSDB rows by UUID, because a row made anew has another one. ``other``:
    the model of the other side.
    """

    network: Network
    other: Network
    vlans: Mapping[int, str]
    row_names: Mapping[str, str]

    def vlan(self, number: int) -> str:
        return self.vlans.get(number, str(number))

    def port(self, bridge: str, text: str) -> str:
        """A port by its name; a number where none is known.

        Where one side captured no numbers of a bridge, those of the other count: else every flow
        would differ for want of a capture.
        """
        value = decimal(text)
        if value is None:
            return text
        network = self.network if bridge in self.network.port_numbers else self.other
        return port_name(network, bridge, value).one or text


@dataclass(frozen=True)
class Rule:
    """A row. ``key``: of a record in its capture; ``volatile``: fields that are not compared."""

    what: str
    key: Callable[[Any, Capture, Side], tuple[object, ...]]
    volatile: frozenset[str] = frozenset()
    more: Callable[[Any, Capture, Side], Mapping[str, Compared]] = lambda record, capture, side: {}


def _place(capture: Capture) -> str:
    """Where a command ran, as a word: "" is the host's root namespace."""
    return " ".join(filter(None, place_of(capture)))


def _by(*names: str) -> Callable[[Any, Capture, Side], tuple[object, ...]]:
    return lambda record, capture, side: tuple(getattr(record, name) for name in names)


def _here(*names: str) -> Callable[[Any, Capture, Side], tuple[object, ...]]:
    """In the place of the capture: two namespaces may both have an eth0."""
    return lambda record, capture, side: (
        *(getattr(record, name) for name in names),
        _place(capture),
    )


def _addresses(record: ip_addr.AddressedLink, capture: Capture, side: Side) -> dict[str, Compared]:
    found = tuple(sorted(f"{one.local}/{one.prefixlen}" for one in record.addresses))
    return {"addresses": (found, found)}


def _route_key(record: ip_route.Route, capture: Capture, side: Side) -> tuple[object, ...]:
    return record.dst, record.table, record.type, record.metric, _place(capture)


def _next_hops(record: ip_route.Route, capture: Capture, side: Side) -> dict[str, Compared]:
    hops = tuple(sorted(f"{hop.via or ''} {hop.dev or ''}".strip() for hop in record.nexthops))
    return {"nexthops": (hops, hops)}


def _port(record: ovs_vsctl_show.Port, capture: Capture, side: Side) -> dict[str, Compared]:
    """The tag as the network that it stands for; of the interfaces what ``_flat`` makes."""
    found: dict[str, Compared] = {}
    if record.tag is not None:
        found["tag"] = (side.vlan(record.tag), str(record.tag))
    if record.trunks:
        trunks = tuple(sorted(side.vlan(tag) for tag in record.trunks))
        found["trunks"] = (trunks, tuple(str(tag) for tag in record.trunks))
    for interface in record.interfaces:
        # An interface has its port's name unless the port is a bond.
        prefix = "" if interface.name == record.name else f"{interface.name} "
        if prefix:
            found[f"{prefix}interface"] = (interface.name, interface.name)
        for name, value in _flat(interface, frozenset({"name", "span"})):
            found[f"{prefix}{name}"] = value
    return found


def _described(bridge: Callable[[Capture], str]) -> Callable[[Any, Capture, Side], tuple[str, ...]]:
    return lambda record, capture, side: (bridge(capture), record.name)


def _bridge_word(capture: Capture) -> str:
    return capture.command.words[-1] if capture.command else ""


def _learned(record: fdb_show.SwitchMac, capture: Capture, side: Side) -> tuple[object, ...]:
    return record.mac, side.vlan(record.vlan), record.bridge or _bridge_word(capture)


def _learned_at(record: fdb_show.SwitchMac, capture: Capture, side: Side) -> dict[str, Compared]:
    port = side.port(record.bridge or _bridge_word(capture), record.port)
    return {"port": (port, port)}


def _domain_key(record: Any, capture: Capture, side: Side) -> tuple[object, ...]:
    """A guest by its UUID, where a capture says it: then it is found again on another host."""
    uuid = getattr(record, "uuid", None)
    known = [guest.uuid for guest in side.network.guests if guest.key == record.name]
    return (uuid or next(filter(None, known), None) or record.name,)


def _domain_name(record: Any, capture: Capture, side: Side) -> dict[str, Compared]:
    return {"name": (record.name, record.name)} if record.name else {}


# Tables of Open vSwitch whose rows have a name, which stays when the row is made anew
# (vswitch.ovsschema, "indexes"; Port and Interface names are unique on a host).
_NAMED_TABLES = {"Bridge", "Port", "Interface", "Chassis", "Logical_Switch_Port", "Port_Binding"}


def row_name(record: ovsdb_list.OvsdbRow) -> str | None:
    """The name by which a row is found again, None where only its UUID is sure."""
    if record.table not in _NAMED_TABLES:
        return None
    name = record.columns.get("name") or record.columns.get("logical_port")
    return name.strip('"') if name else None


def _row_key(record: ovsdb_list.OvsdbRow, capture: Capture, side: Side) -> tuple[object, ...]:
    return record.table or "", row_name(record) or record.uuid or str(
        sorted(record.columns.items())
    )


# Columns by which daemons keep count or say what the kernel has just told them
# (ovs-vswitchd.conf.db(5), ovn-nb(5), ovn-sb(5)).
_VOLATILE_COLUMNS = {
    "_uuid", "statistics", "ifindex", "ofport", "link_resets", "cur_cfg", "next_cfg", "nb_cfg",
    "nb_cfg_timestamp", "sb_cfg", "sb_cfg_timestamp", "hv_cfg", "hv_cfg_timestamp", "status",
    "tunnel_key", "rstp_statistics", "mac_in_use", "up_timestamp",
}  # fmt: skip
# What ovn-controller keeps of itself in external_ids (ovn-controller(8)): the numbers of zones,
# which it chooses, how far it has come and since when.
_VOLATILE_KEY = re.compile(rf"{ZONE_KEY}.*|ovn-nb-cfg(?:-ts)?|ovn-startup-ts")
_ROW_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def _columns(record: ovsdb_list.OvsdbRow, capture: Capture, side: Side) -> dict[str, Compared]:
    found: dict[str, Compared] = {}
    for name, text in record.columns.items():
        if name not in _VOLATILE_COLUMNS:
            compared = _ROW_UUID.sub(lambda m: side.row_names.get(m[0], m[0]), text)
            if name == "external_ids" and "{" in text:
                every = pairs(compared)
                stays = {key for key in every if not _VOLATILE_KEY.fullmatch(key)}
                if stays != every.keys():
                    compared = str(sorted((key, every[key]) for key in stays))
            if name == "tag" and (tag := decimal(text)) is not None:
                compared = side.vlan(tag)
            found[name] = (compared, text)
    return found


def _cells_key(record: openstack_table.Row, capture: Capture, side: Side) -> tuple[object, ...]:
    cells = {name.lower(): text for name, text in record.cells.items()}
    named = cells.get("id") or cells.get("name") or str(sorted(cells.items()))
    return record.object or "", named


def _resource_key(
    record: openstack_table.Resource, capture: Capture, side: Side
) -> tuple[object, ...]:
    cells = {name.lower(): text for name, text in record.fields.items()}
    return record.object or "", cells.get("id") or cells.get("name") or ""


# What a service changes whenever anything is done to a resource.
_VOLATILE_CELLS = {
    "cells.updated_at",
    "fields.updated_at",
    "fields.updated",
    "fields.revision_number",
}


def _nat_key(record: Any, capture: Capture, side: Side) -> tuple[object, ...]:
    cells = record.cells if isinstance(record, ovn_nbctl_columns.NatRow) else record.properties
    owner = getattr(record, "router", None) or getattr(record, "datapath", None)
    return owner or "", *(text for _, text in sorted(cells.items()) if text)


def _stage_key(record: LogicalFlow, capture: Capture, side: Side) -> tuple[object, ...]:
    datapath = record.datapath
    named = (datapath.name or datapath.uuid or "") if datapath else ""
    pipeline = datapath.pipeline if datapath else ""
    stage = record.stage or str(record.table)
    return named, pipeline, stage, record.priority, " ".join(record.match.text.split())


def _stage_actions(record: LogicalFlow, capture: Capture, side: Side) -> dict[str, Compared]:
    return {"actions": (" ".join(record.actions.text.split()), record.actions.text)}


def _group_buckets(
    record: ovs_ofctl_dump_groups.Group, capture: Capture, side: Side
) -> dict[str, Compared]:
    buckets = tuple(sorted(bucket.actions.text for bucket in record.buckets))
    return {"buckets": (buckets, buckets)}


_DEVICE = frozenset({
    "ifname", "ifindex", "link", "link_netnsid", "altnames", "addresses", "qdisc", "group",
})  # fmt: skip
_TABLE: Mapping[type, Rule] = {
    ip_link.Link: Rule("device", _here("ifname"), _DEVICE),
    ip_addr.AddressedLink: Rule("device", _here("ifname"), _DEVICE, _addresses),
    bridge_link.BridgePort: Rule(
        "bridge-port", _here("ifname"), frozenset({"ifname", "ifindex", "link"})
    ),
    brctl_show.LinuxBridge: Rule("bridge", _here("name"), frozenset({"name"})),
    bridge_fdb.FdbEntry: Rule(
        "forwarding", _here("mac", "dev", "vlan", "dst"), frozenset({"mac", "dev", "vlan", "dst"})
    ),
    ip_neigh.Neighbour: Rule(
        "neighbour", _here("dst", "dev"), frozenset({"dst", "dev", "state", "flags"})
    ),
    ip_netns.NetworkNamespace: Rule("namespace", _here("name"), frozenset({"name", "id"})),
    ip_route.Route: Rule(
        "route",
        _route_key,
        frozenset({"dst", "table", "type", "metric", "nexthops", "properties"}),
        _next_hops,
    ),
    iptables_list.ListedChain: Rule("chain", _here("name"), frozenset({"name", "references"})),
    ovs_vsctl_show.Bridge: Rule("bridge", _here("name"), frozenset({"name"})),
    ovs_vsctl_show.Port: Rule(
        "port",
        _by("bridge", "name"),
        frozenset({"bridge", "name", "tag", "trunks", "interfaces"}),
        _port,
    ),
    ovs_vsctl_show.OpenvSwitch: Rule("switch", lambda r, c, s: (), frozenset({"uuid"})),
    ofp_ports.PortDescription: Rule(
        "port", _described(_bridge_word), frozenset({"name", "port_no", "details"})
    ),
    ovs_ofctl_dump_groups.Group: Rule(
        "group",
        lambda r, c, s: (_bridge_word(c), r.group_id),
        frozenset({"group_id", "buckets"}),
        _group_buckets,
    ),
    ovs_ofctl_dump_meters.Meter: Rule(
        "meter",
        lambda r, c, s: (_bridge_word(c), r.meter_id),
        frozenset({"meter_id", "bands"}),
    ),
    dpctl_show.DatapathPort: Rule(
        "datapath-port", _by("datapath", "name"), frozenset({"datapath", "name", "number"})
    ),
    dpif_show.SwitchBridge: Rule("bridge", _here("name"), frozenset({"name", "datapath"})),
    dpif_show.SwitchPort: Rule(
        "port",
        _by("bridge", "name"),
        frozenset({"datapath", "bridge", "name", "ofport", "number"}),
    ),
    dpif_show_dp_features.DatapathFeature: Rule(
        "datapath-feature",
        lambda r, c, s: (_bridge_word(c), r.name),
        frozenset({"name"}),
    ),
    fdb_show.SwitchMac: Rule(
        "learned", _learned, frozenset({"mac", "vlan", "bridge", "age", "port"}), _learned_at
    ),
    bond_show.Bond: Rule("bond", _by("name"), frozenset({"name", "active_mac", "properties"})),
    bond_show.BondMember: Rule(
        "bond-member",
        _by("name", "bond"),
        frozenset({"name", "bond", "active", "expires", "hashes"}),
    ),
    list_tunnels.Tunnel: Rule(
        "tunnel",
        _by("name", "type", "remote"),
        frozenset({"name", "type", "remote", "number", "dp_port"}),
    ),
    dnsmasq_leases.Lease: Rule(
        "lease",
        lambda r, c, s: (
            r.mac or r.client_id or r.ip,
            "6" if ":" in r.ip else "4",
            c.source.name.rsplit("/", 1)[-1] if c.command is None else " ".join(c.command.words),
        ),
        frozenset({"mac", "expires", "iaid"}),
    ),
    dnsmasq_leases.LeaseDetail: Rule("lease", _by("detail", "ip", "data")),
    dnsmasq_host.DhcpHost: Rule("reservation", _by("mac", "tags"), frozenset({"mac", "tags"})),
    dnsmasq_addn_hosts.HostsEntry: Rule("hosts-entry", _by("ip"), frozenset({"ip"})),
    dnsmasq_opts.DhcpOption: Rule(
        "dhcp-option", _by("tags", "option", "version"), frozenset({"tags", "option", "version"})
    ),
    virsh_list.Domain: Rule("guest", _domain_key, frozenset({"id", "name"}), _domain_name),
    virsh_dumpxml.DomainDescription: Rule(
        "guest", _domain_key, frozenset({"uuid", "name"}), _domain_name
    ),
    virsh_dumpxml.DomainInterface: Rule("guest-nic", _by("mac"), frozenset({"mac", "number"})),
    virsh_domiflist.ListedInterface: Rule("guest-nic", _by("mac"), frozenset({"mac"})),
    ovsdb_list.OvsdbRow: Rule("row", _row_key, frozenset({"table", "uuid", "columns"}), _columns),
    openstack_table.Row: Rule("resource", _cells_key, frozenset({"object", *_VOLATILE_CELLS})),
    openstack_table.Resource: Rule(
        "resource", _resource_key, frozenset({"object", *_VOLATILE_CELLS})
    ),
    ovn_rows.ShownDatapath: Rule("datapath", _by("name"), frozenset({"name", "uuid"})),
    ovn_rows.ShownPort: Rule(
        "logical-port", _by("datapath", "name"), frozenset({"datapath", "name"})
    ),
    ovn_rows.ShownNat: Rule("nat", _nat_key, frozenset({"uuid", "datapath", "properties"})),
    ovn_nbctl_columns.NatRow: Rule("nat", _nat_key, frozenset({"router", "cells"})),
    ovn_nbctl_columns.LoadBalancerRow: Rule(
        "load-balancer",
        _by("name", "protocol", "vip"),
        frozenset({"uuid", "name", "protocol", "vip"}),
    ),
    ovn_nbctl_names.NamedRow: Rule(
        "named-row",
        lambda r, c, s: (r.table, r.of, r.name or r.uuid),
        frozenset({"uuid", "name", "table", "of"}),
    ),
    ovn_nbctl_routes.StaticRoute: Rule(
        "route",
        lambda r, c, s: (r.prefix, r.table, r.policy, r.router, "OVN"),
        frozenset({"prefix", "table", "policy", "router"}),
    ),
    ovn_sbctl_show.ShownChassis: Rule(
        "chassis", lambda r, c, s: (r.hostname or r.name,), frozenset({"name", "hostname"})
    ),
    ovn_sbctl_show.ShownEncap: Rule(
        "encap", _by("chassis", "type"), frozenset({"chassis", "type"})
    ),
    ovn_sbctl_show.ShownBinding: Rule("binding", _by("logical_port"), frozenset({"logical_port"})),
    LogicalFlow: Rule(
        "logical-flow",
        _stage_key,
        frozenset(LogicalFlow._fields),
        _stage_actions,
    ),
    ps.Process: Rule("process", _here("command"), frozenset({"command", "pid", "columns"})),
    ss.Socket: Rule(
        "socket",
        _here("netid", "state", "local", "local_port", "device", "peer", "peer_port"),
        frozenset(ss.Socket.__dataclass_fields__),
    ),
}
# Counters, caches, headings, numbers that a daemon chose: nothing that anybody set.
_NEVER: tuple[type, ...] = (
    ct_zone_list.CtZone,
    dpctl_dump_flows.DatapathFlow,
    dpctl_show.Datapath,
    dpif_show.Datapath,
    brctl_showmacs.LearnedMac,
    ip_netns.NamespaceId,
    ovs_ofctl_dump_flows.FlowHeader,
    ovs_ofctl_dump_group_stats.GroupStatistics,
    ovs_ofctl_dump_meters.MeterStatistics,
    ovs_ofctl_dump_ports.PortStatistics,
    ovs_ofctl_dump_tables.TableStatistics,
    ovs_ofctl_show.SwitchConfig,
    sys_iflink.InterfaceLink,
)

# What the kernel or a daemon counts, wherever a printer puts it.
_VOLATILE_NAME = re.compile(r"(?:.*[._])?(?:promiscuity|allmulti|\w+_timer|statistics|age|used)")


def identity(record: Entry, capture: Capture, side: Side) -> Identity | None:
    """What an entry is; None for what nobody set. Flows: ``flow_identity``."""
    if isinstance(record, _NEVER):
        return None
    rule = _TABLE.get(type(record))
    if rule is None:
        said = {name: shown for name, (_, shown) in _flat(record, frozenset())}
        place = _place(capture)
        key = (capture.format.name, place, *(f"{n}={v}" for n, v in said.items() if v))
        return Identity("entry", key, {})
    key = tuple(_word(part) for part in rule.key(record, capture, side))
    found = dict(_flat(record, rule.volatile))
    found.update(rule.more(record, capture, side))
    return Identity(rule.what, key, found)


def _word(part: object) -> str:
    return (
        " ".join(map(str, part)) if isinstance(part, tuple) else "" if part is None else str(part)
    )


def _flat(record: object, without: frozenset[str]) -> Iterator[tuple[str, Compared]]:
    """Fields by name, those of a dictionary as ``dictionary.key``; what is not said is left out."""
    if is_dataclass(record):
        pairs = [(item.name, getattr(record, item.name)) for item in fields(record)]
    else:
        pairs = list(getattr(record, "_asdict", dict)().items())
    for name, value in pairs:
        if name in without or name in ("span", "start", "end") or name.endswith("_start"):
            continue
        for full, text in _texts(name, value):
            if full not in without and not _VOLATILE_NAME.fullmatch(full):
                yield full, (text, text)


def _texts(name: str, value: object) -> Iterator[tuple[str, Value]]:
    if value is None or value in ("", (), {}):
        return
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _texts(f"{name}.{key}", inner)
    elif isinstance(value, tuple) and not hasattr(value, "_fields"):
        yield name, tuple(sorted(map(_shown, value)))
    else:
        yield name, _shown(value)


def _shown(value: object) -> str:
    if isinstance(text := getattr(value, "text", None), str):
        return text
    if is_dataclass(value):
        return " ".join(_word(shown) for _, (_, shown) in _flat(value, frozenset()))
    return _word(value)

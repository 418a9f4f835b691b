"""Notes on what ``ovs-ofctl`` prints besides flows: ports, counters, groups, meters, tables."""

import re
from collections.abc import Mapping
from datetime import timedelta

from ...formats.dpif_show import SwitchPort
from ...formats.fdb_show import SwitchMac
from ...formats.list_tunnels import Tunnel
from ...formats.ofp_ports import PortDescription
from ...formats.ofp_reply import switch_of
from ...formats.ovs_ofctl_dump_group_stats import GroupStatistics
from ...formats.ovs_ofctl_dump_groups import Group
from ...formats.ovs_ofctl_dump_meters import Meter, MeterStatistics
from ...formats.ovs_ofctl_dump_ports import PortStatistics
from ...formats.ovs_ofctl_dump_tables import TableStatistics
from ...formats.ovs_ofctl_show import SwitchFeatures
from ...network.model import OvsInterface
from ...network.ofports import port_name
from ...openflow.values import decimal
from .. import refs
from ..message import Message, Param
from ..surroundings import Place
from . import whose
from .devices import device_facts, device_note, what
from .ovs import TUNNEL_WORDS, patch_sentence, tunnel_sentence

_LOCAL = "LOCAL"
# The number of the bridge's own port; openflow.h OFPP_LOCAL in its 16 bits.
_LOCAL_NUMBER = 65534


def switch(record: SwitchFeatures, place: Place) -> Message | None:
    """The lower 48 bits of a datapath id are a MAC; ovs-vswitchd.conf.db(5), datapath_id."""
    if not re.fullmatch(r"[0-9a-f]{16}", record.dpid):
        return None
    digits = record.dpid[4:]
    mac = ":".join(digits[i : i + 2] for i in range(0, 12, 2))
    bridge = _bridge(place)
    if bridge is None:
        return Message("The datapath id holds the MAC %(mac)s.", {"mac": refs.mac(mac)})
    return Message(
        "The datapath id of %(bridge)s holds the MAC %(mac)s.",
        {"bridge": refs.bridge(bridge), "mac": refs.mac(mac)},
    )


def _bridge(place: Place) -> str | None:
    """The bridge that an ``ovs-ofctl`` command asked."""
    command = place.capture.command
    if command is None or command.program != "ovs-ofctl":
        return None
    verbs = command.arguments
    return switch_of(command, verbs[0]) if verbs else None


def port(record: PortDescription, place: Place) -> Message | None:
    """What the port is; a down link is worth a word."""
    bridge = _bridge(place)
    if record.port_no == _LOCAL_NUMBER or record.name == bridge:
        return Message("The bridge's own internal port.")
    facts = device_facts(record.name, place.scope, place.around)
    # An internal port that was moved into a namespace shows no link here, whatever it has there.
    if "LINK_DOWN" in record.details.get("state", "") and facts.kind != "internal":
        return refs.sentences(what(facts), Message("The link is down."))
    return _port_note(record.name, bridge, place)


def switch_port(record: SwitchPort, place: Place) -> Message | None:
    if record.name == record.bridge:
        return Message("The bridge's own internal port.")
    own = OvsInterface(name=record.name, type=record.type, options=record.options)
    return _port_note(record.name, record.bridge, place, own)


def _port_note(
    name: str, bridge: str | None, place: Place, own: OvsInterface | None = None
) -> Message | None:
    """What a port of an OVS bridge is, as ``ovs-vsctl show`` has it, else as its line says."""
    network = place.around.network
    found = network.port(name, bridge).one if network else None
    for interface in found.interfaces if found else (own,) if own else ():
        if interface.type == "patch" and interface.options.get("peer"):
            peer = interface.peer
            return patch_sentence(interface.options["peer"], peer[0] if peer else None)
        if interface.type in TUNNEL_WORDS:
            return tunnel_sentence(interface)
    return device_note(device_facts(found.name if found else name, place.scope, place.around))


def statistics(record: PortStatistics, place: Place) -> Message | None:
    """How many packets came in and went out, by which port."""
    counts = record.rx.get("pkts"), record.tx.get("pkts")
    if not all(count and count.isdecimal() for count in counts):
        return None
    holes: dict[str, Param] = {"rx": counts[0] or "", "tx": counts[1] or ""}
    name = _name_of(record.port, place)
    if name is None:
        return Message("Packets in: %(rx)s, out: %(tx)s.", holes)
    holes["port"] = name
    return Message("%(port)s: packets in: %(rx)s, out: %(tx)s.", holes)


def _name_of(port: str, place: Place, bridge: str | None = None) -> Param | None:
    """A port by number or name: the guest's NIC behind it, else its name."""
    bridge = bridge or _bridge(place)
    if port == _LOCAL:
        return refs.bridge(bridge) if bridge else None
    name = port
    if port.isdecimal() and len(port) < 9:
        known = port_name(place.around.network, bridge, int(port)).one
        if known is None:
            return None
        name = known
    owner = place.around.owner_of_tap(name)
    if owner is None:
        return refs.device(name)
    return Message("%(name)s (%(who)s)", {"name": refs.device(name), "who": refs.guests_nic(owner)})


def group(record: Group, place: Place) -> Message | None:
    """Which of its buckets a packet goes through; ovs-ofctl(8), Group Syntax."""
    count: dict[str, Param] = {"count": len(record.buckets)}
    match record.type:
        case "all":
            return Message("Each bucket of %(count)s gets a copy.", count)
        case "select":
            return Message("One bucket of %(count)s gets the packet.", count)
        case "indirect":
            return Message("Its one bucket gets the packet.")
        case "ff" | "fast_failover":
            return Message("The first live bucket of %(count)s gets the packet.", count)
    return None


def group_counts(record: GroupStatistics, place: Place) -> Message | None:
    packets = record.statistics.get("packet_count")
    since = duration(record.statistics.get("duration"))
    if packets is None or since is None:
        return None
    return Message("Packets: %(packets)s in %(duration)s.", {"packets": packets, "duration": since})


def meter(record: Meter, place: Place) -> Message | None:
    """What happens above which rate; the first band tells."""
    if len(record.bands) != 1:
        return None
    band = record.bands[0]
    rate = band.parameters.get("rate")
    if rate is None or not ({"kbps", "pktps"} & set(record.flags)):
        return None
    holes: dict[str, Param] = {"rate": rate}
    packets = "pktps" in record.flags
    if band.type == "drop":
        return Message(
            "Drops what exceeds a rate of %(rate)s packets/s."
            if packets
            else "Drops what exceeds %(rate)s kbit/s.",
            holes,
        )
    if band.type == "dscp_remark":
        return Message(
            "Lowers the DSCP of what exceeds %(rate)s packets/s."
            if packets
            else "Lowers the DSCP of what exceeds %(rate)s kbit/s.",
            holes,
        )
    return None


def meter_counts(record: MeterStatistics, place: Place) -> Message | None:
    counted = record.statistics
    since = duration(counted.get("duration"))
    packets = counted.get("packet_in_count")
    if packets is None or since is None:
        return None
    holes: dict[str, Param] = {"packets": packets, "duration": since}
    dropped = _of_bands(record.bands)
    if dropped is None:
        return Message("Packets: %(packets)s in %(duration)s.", holes)
    holes["exceeding"] = dropped
    return Message(
        "Packets: %(packets)s in %(duration)s, %(exceeding)s of them above the rate.", holes
    )


def _of_bands(bands: tuple[Mapping[str, str], ...]) -> int | None:
    counts = [decimal(band.get("packet_count", "")) for band in bands]
    known = [count for count in counts if count is not None]
    return sum(known) if known and len(known) == len(counts) else None


def duration(text: str | None) -> Message | None:
    """``2054.355s`` as hours and minutes, in the unit that a reader thinks in."""
    match = re.fullmatch(r"(\d{1,12})(?:\.\d+)?s?", text or "")
    if match is None:
        return None
    whole = timedelta(seconds=int(match[1]))
    hours, rest = divmod(whole.seconds, 3600)
    if whole.days:
        return Message("%(days)s d %(hours)s h", {"days": whole.days, "hours": hours})
    if hours:
        return Message("%(hours)s h %(minutes)s min", {"hours": hours, "minutes": rest // 60})
    if rest >= 60:
        return Message(
            "%(minutes)s min %(seconds)s s",
            {"minutes": rest // 60, "seconds": rest % 60},
        )
    return Message("%(seconds)s s", {"seconds": rest})


def table(record: TableStatistics, place: Place) -> Message | None:
    """How many flows, and how many packets found one."""
    if record.active is None or record.lookup is None or record.matched is None:
        return None
    if record.active == 0 and record.lookup == 0:
        return Message("Without flows; no packet came here.")
    holes: dict[str, Param] = {
        "flows": record.active,
        "lookups": record.lookup,
        "matched": record.matched,
    }
    if record.active == 0:
        return Message("Without flows; lookups: %(lookups)s.", holes)
    return Message("Flows: %(flows)s. Of %(lookups)s lookups, %(matched)s found one.", holes)


def learned(record: SwitchMac, place: Place) -> Message | None:
    """Whose the MAC is, behind which port, and when it was last heard."""
    who = whose.of_mac(record.mac, place.around)
    port = _name_of(record.port, place, record.bridge or _asked_bridge(place))
    holes: dict[str, Param] = {}
    if who is not None:
        holes["who"] = who
    if port is not None:
        holes["port"] = port
    if record.age is None:
        second: Message | None = Message("The entry is static.")
    else:
        second = Message("Last heard %(age)s s ago.", {"age": record.age})
    if who is None and port is None:
        return second
    if who is None:
        return refs.sentences(Message("Behind %(port)s.", holes), second)
    if port is None or _is_itself(record, place):
        return refs.sentences(Message("%(who)s.", holes), second)
    return refs.sentences(Message("%(who)s, behind %(port)s.", holes), second)


def _is_itself(record: SwitchMac, place: Place) -> bool:
    """The port is the very device that the MAC is of, or the tap of its guest."""
    bridge = record.bridge or _asked_bridge(place)
    if record.port == _LOCAL:
        return True
    owner = place.around.owner_of_mac(record.mac)
    name = record.port
    if name.isdecimal() and len(name) < 9:
        name = port_name(place.around.network, bridge, int(name)).one or ""
    network = place.around.network
    moved = [
        device
        for space in (network.namespaces if network else ())
        for device in space.devices
        if device.mac == record.mac
    ]
    return bool(owner and owner.nic.tap == name) or any(d.name == name for d in moved)


def _asked_bridge(place: Place) -> str | None:
    """``ovs-appctl fdb/show BRIDGE``."""
    command = place.capture.command
    words = command.arguments if command else ()
    return words[-1] if len(words) > 1 and "fdb/show" in words[:-1] else None


def tunnel(record: Tunnel, place: Place) -> Message | None:
    """Between which ends, and which host the far one is."""
    word = TUNNEL_WORDS.get(record.type)
    if word is None:
        return None
    holes: dict[str, Param] = {"kind": word}
    if record.remote == "flow":
        return Message("%(kind)s tunnel port.", holes)
    holes["remote"] = refs.address(record.remote)
    if record.local is None or record.local == "flow":
        first = Message("%(kind)s tunnel to %(remote)s.", holes)
    else:
        holes["local"] = refs.address(record.local)
        first = Message("%(kind)s tunnel from %(local)s to %(remote)s.", holes)
    host = whose.host_of_address(record.remote, place.around)
    second = Message("The far end is %(host)s.", {"host": host}) if host else None
    return refs.sentences(first, second)

"""Notes on the flows of a datapath: who sends, who gets it, and how much it was used."""

from ...formats.dpctl_dump_flows import DatapathFlow
from ...openflow.datapath import Part
from .. import refs
from ..message import Message, Param
from ..surroundings import Place
from . import whose


def flow(record: DatapathFlow, place: Place) -> Message | None:
    """From whom to whom; whether the packets are dropped."""
    source = whose.of_mac(_value(record.key, "eth", "src"), place.around)
    target = whose.of_mac(_value(record.key, "eth", "dst"), place.around)
    return refs.sentences(_between(source, target), _fate(record))


def _between(source: Param | None, target: Param | None) -> Message | None:
    if source is not None and target is not None:
        return Message("From %(source)s to %(target)s.", {"source": source, "target": target})
    if source is not None:
        return Message("From %(source)s.", {"source": source})
    return Message("To %(target)s.", {"target": target}) if target is not None else None


def _fate(record: DatapathFlow) -> Message | None:
    packets = record.statistics.get("packets")
    dropped = [part.name for part in record.actions] == ["drop"]
    if packets is None or not packets.isdecimal():
        return Message("Dropped.") if dropped else None
    # The first packet makes the flow, and is not counted: lib/dpif.c, dpif_flow_stats_format.
    if packets == "0":
        return (
            Message("Dropped; no packet after the first.")
            if dropped
            else Message("No packet after the first.")
        )
    holes: dict[str, Param] = {"packets": packets}
    if dropped:
        return Message("Dropped; packets: %(packets)s.", holes)
    used = record.statistics.get("used", "")
    if not used.endswith("s") or not used[:-1].replace(".", "", 1).isdigit():
        return Message("Packets: %(packets)s.", holes)
    holes["age"] = used[:-1]
    return Message("Packets: %(packets)s, the last %(age)s s ago.", holes)


def _value(parts: tuple[Part, ...], name: str, inner: str) -> str | None:
    """``src`` of ``eth(src=...)``, where it is exact."""
    for part in parts:
        if part.name == name:
            for value in part.parts:
                if value.name == inner and value.mask is None:
                    return value.value
    return None

"""The register that carries local VLANs, as the ports' own tags prove it.

Every flow of a port that ``ovs-vsctl show`` tags V loads V into it, and no other register is so.
Where a trunk's frames are classified too, flows of a VLAN tag say otherwise (``explain.names`` then
proves nothing): tags of ports alone are enough here, where only renumbered VLANs matter.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable

from ...openflow.flow import Flow
from ...openflow.values import number
from ..model import Network


def vlan_register(
    network: Network, bridge: str, flows: Iterable[Flow], port: Callable[[str], str]
) -> str | None:
    """``port``: a port as a flow calls it, by its name."""
    seen: dict[str, set[tuple[int, int]]] = defaultdict(set)
    for flow in flows:
        clauses = {clause.field: clause for clause in flow.match.clauses}
        if "in_port" not in clauses or {"dl_vlan", "vlan_tci", "vlan_vid"} & clauses.keys():
            continue
        found = network.port(port(clauses["in_port"].value or ""), bridge).one
        if found is None or found.tag is None:
            continue
        for action in flow.actions.items:
            name, value = action.arguments.get("field", ""), action.arguments.get("value", "")
            loads = action.name in ("load", "set_field") and name.startswith("reg")
            if loads and (loaded := number(value)) is not None:
                seen[name].add((found.tag, loaded))
    carrying = [name for name, pairs in seen.items() if all(tag == it for tag, it in pairs)]
    return carrying[0] if len(carrying) == 1 else None

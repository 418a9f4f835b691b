"""Local VLANs that an agent numbered anew: one sentence in place of fifty changed flows.

Proven by what a network is on the wire: the port that leads there (``vxlan 239`` on br-tun, ``tag
100`` on br-provider) gave it one local VLAN before and gives it another one now; or by the network
that ``ovs-vsctl list Port`` names (``net_uuid``). What is proven twice, differently, is not proven.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from ...formats.ovsdb_list import OvsdbRow
from ...formats.reading import Capture
from ...openflow.values import decimal
from ..model import Evidence, Network
from .model import Renumbered, Snapshot

_TAG = re.compile(r"tag (\d+)")
_NET_UUID = re.compile(r'net_uuid="?([0-9a-f-]{36})')


def renumbered(before: Snapshot, after: Snapshot) -> tuple[Renumbered, ...]:
    """The networks that have another local VLAN, in order of the old one."""
    old, new = _by_network(before), _by_network(after)
    pairs: dict[tuple[int, int], Renumbered] = {}
    for carried, (vlan, proof) in old.items():
        there = new.get(carried)
        if there is not None and there[0] != vlan:
            one = Renumbered(carried[-1], vlan, there[0], (proof, there[1]))
            pairs.setdefault((vlan, there[0]), one)
    outer = _outer(before.network) | _outer(after.network)
    stays = {vlan for carried, (vlan, _) in old.items() if new.get(carried, (None,))[0] == vlan}
    stays |= {vlan for carried, (vlan, _) in new.items() if old.get(carried, (None,))[0] == vlan}
    return tuple(
        one
        for (a, b), one in sorted(pairs.items())
        if sum(x == a for x, _ in pairs) == 1
        and sum(y == b for _, y in pairs) == 1
        # A number that also is a tag on the wire does not say which of the two a flow means.
        and not {a, b} & (outer | stays)
    )


def _by_network(snapshot: Snapshot) -> dict[tuple[str, ...], tuple[int, Evidence]]:
    """The local VLAN of each network, by what proves which network it is; no doubtful ones."""
    found: dict[tuple[str, ...], dict[int, Evidence]] = defaultdict(dict)
    for one in snapshot.network.translations:
        tag = _TAG.fullmatch(one.inner)
        if tag and one.evidence:
            found[one.bridge, one.port, one.outer].setdefault(int(tag[1]), one.evidence[0])
    for network, vlan, evidence in _rows(snapshot.captures):
        found["network", network].setdefault(vlan, evidence)
    return {
        carried: next(iter(vlans.items())) for carried, vlans in found.items() if len(vlans) == 1
    }


def _rows(captures: Sequence[Capture]) -> Iterator[tuple[str, int, Evidence]]:
    for capture in captures:
        for row in capture.parsed.records:
            if isinstance(row, OvsdbRow) and row.table == "Port":
                network = _NET_UUID.search(row.columns.get("other_config", ""))
                tag = decimal(row.columns.get("tag", ""))
                if network and tag is not None:
                    yield network[1], tag, Evidence(capture, row.span)


def _outer(network: Network) -> set[int]:
    tags = (_TAG.fullmatch(one.outer) for one in network.translations)
    return {int(tag[1]) for tag in tags if tag}

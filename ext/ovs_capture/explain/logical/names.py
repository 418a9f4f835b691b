"""What the ports, addresses and stages of logical flows are called.

Lives here: names, each proven by the captures of the host or by the listing's own heads and stages.
A name stands beside the literal value and never in its place.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from ...logical.flow import LogicalFlow
from ...network.model import Network
from ..message import Message, Param, Ref
from ..names import guest_of, guest_of_address, guest_of_mac
from .words import DatapathKind

# ovn-northd names a stage for the datapath that has it (northd/northd.c, PIPELINE_STAGES).
_KINDS: dict[str, DatapathKind] = {"ls": "switch", "lr": "router"}
# A datapath's pipeline: its UUID or name, and ingress or egress.
PipelineKey = tuple[str, str]
# nova-compute names the device of a port tap and the first 11 characters of its UUID, which is the
# name of the logical port (nova/network/model.py, NIC_NAME_LEN).
_PORT = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_TAP = 11


@dataclass(frozen=True)
class LogicalNames:
    """Names for one listing. ``network`` None: no captures but the listing itself.

    ``stages``: of each pipeline its stages by their tables. ``versions``: those of OVN that may
    have made the flows; None when nothing tells. ``titles``: what other captures call a logical
    port or a port group. ``highest``: the highest priority of each table.
    """

    network: Network | None = None
    stages: Mapping[PipelineKey, Mapping[int, str]] = field(default_factory=dict)
    versions: frozenset[str] | None = None
    titles: Mapping[str, str] = field(default_factory=dict)
    highest: Mapping[tuple[PipelineKey, int], int] = field(default_factory=dict)
    _known: dict[str, Ref | None] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(
        cls,
        network: Network | None,
        flows: Iterable[LogicalFlow],
        versions: frozenset[str] | None = None,
        titles: Mapping[str, str] | None = None,
    ) -> "LogicalNames":
        stages: dict[PipelineKey, dict[int, str]] = {}
        highest: dict[tuple[PipelineKey, int], int] = {}
        for flow in flows:
            key = pipeline_key(flow)
            stages.setdefault(key, {}).setdefault(flow.table, flow.stage)
            place = key, flow.table
            highest[place] = max(flow.priority, highest.get(place, 0))
        return cls(network, stages, versions, titles or {}, highest)

    def is_rest(self, flow: LogicalFlow) -> bool:
        """Does the table hold flows that are tried before this one?"""
        return flow.priority < self.highest.get((pipeline_key(flow), flow.table), flow.priority)

    @cached_property
    def taps(self) -> Mapping[str, str]:
        """Devices of guests by what of a port's UUID is in their names."""
        if self.network is None:
            return {}
        devices = (i.name for p in self.network.ports for i in p.interfaces)
        return {name[3:]: name for name in devices if name.startswith("tap")}

    def port(self, port: str) -> Param:
        """``instance00 (39b23721-46f4-...)``, or the port alone."""
        ref = Ref("device", port)
        owner = self.owner(port)
        return ref if owner is None else Message(
            "%(owner)s (%(port)s)", {"owner": owner, "port": ref}
        )  # fmt: skip

    def owner(self, port: str) -> Ref | None:
        """The guest that a logical port belongs to, or what another capture calls it."""
        if port not in self._known:
            self._known[port] = self._owner(port)
        return self._known[port]

    def _owner(self, port: str) -> Ref | None:
        if (title := self.titles.get(port)) is not None:
            return Ref("code", title)
        if self.network is None or not _PORT.fullmatch(port):
            return None
        tap = self.taps.get(port[:_TAP], f"tap{port[:_TAP]}")
        nic = self.network.nic_of_tap(tap).one
        return None if nic is None else guest_of(self.network, nic[0])

    def group(self, group: str) -> Param:
        """A port group; Neutron names that of a security group ``pg_`` and its UUID."""
        ref = Ref("code", group, f"@{group}")
        title = self.titles.get(group)
        return ref if title is None else Message(
            "%(owner)s (%(port)s)", {"owner": title, "port": ref}
        )  # fmt: skip

    def mac(self, mac: str) -> Ref | None:
        return guest_of_mac(self.network, mac)

    def address(self, address: str) -> Ref | None:
        return guest_of_address(self.network, address)

    def stage(self, pipeline: PipelineKey, table: int) -> str | None:
        """The stage that is a table of a pipeline, where the listing shows it."""
        return self.stages.get(pipeline, {}).get(table) or None


def pipeline_key(flow: LogicalFlow) -> PipelineKey:
    """Which pipeline a flow is of; of a listing without heads all flows are of one."""
    head = flow.datapath
    return ("", "") if head is None else (head.uuid or head.name or "", head.pipeline)


def datapath_kind(flow: LogicalFlow) -> DatapathKind | None:
    """Is the flow of a switch or of a router? Its stage tells."""
    return _KINDS.get(flow.stage.partition("_")[0])

"""Dumps for the tests of flows: the first seed's, and small ones written in the test."""

from functools import cache
from pathlib import Path
from typing import NamedTuple

from ovs_capture.explain.names import Names
from ovs_capture.explain.pipeline import Pipeline, recognise
from ovs_capture.formats.ovs_ofctl_dump_flows import bridge_of
from ovs_capture.formats.reading import read
from ovs_capture.network.correlate import correlate
from ovs_capture.network.model import Network
from ovs_capture.openflow.flow import Flow
from ovs_capture.source import Source
from ovs_capture.store import read_host

CAPTURES = Path(__file__).parents[2] / "captures"


class HostDumps(NamedTuple):
    """A host's model, its dumps by bridge with their sources, and what they are recognised as."""

    network: Network
    flows: dict[str, tuple[Flow, ...]]
    sources: dict[str, Source]
    pipeline: Pipeline | None

    def names(self, bridge: str) -> Names:
        return Names.of(self.network, bridge, self.flows[bridge])


def dump(*lines: str) -> tuple[Flow, ...]:
    """Flows written as ovs-ofctl prints them, one a line."""
    text = "$ ovs-ofctl dump-flows br-int\n" + "\n".join(lines) + "\n"
    (capture,) = read(Source("x.txt", text))
    return tuple(record for record in capture.parsed.records if isinstance(record, Flow))


def host_dumps(directory: Path) -> HostDumps:
    """A directory of captures with the others of its scenario."""
    host = read_host(directory, f"{directory.parent.name}/{directory.name}", directory.name)
    others = [
        read_host(path, f"{path.parent.name}/{path.name}", path.name)
        for path in sorted(directory.parent.iterdir())
        if path.is_dir() and path != directory
    ]
    network = correlate(host, others)
    flows: dict[str, tuple[Flow, ...]] = {}
    sources: dict[str, Source] = {}
    for capture in host.captures:
        bridge = bridge_of(capture.command)
        if capture.format.name == "ovs_ofctl_dump_flows" and bridge is not None:
            flows[bridge] = tuple(r for r in capture.parsed.records if isinstance(r, Flow))
            sources[bridge] = capture.source
    return HostDumps(network, flows, sources, recognise(flows, network, host.hints.pipeline))


@cache
def seed() -> HostDumps:
    """The compute node of the first seed: 81 flows on three bridges."""
    return host_dumps(CAPTURES / "flat-instance" / "compute")

"""The flows of one bridge with all that is needed to explain them. Does without Sphinx.

Lives here: which dump is meant by ``HOST:BRIDGE`` or by a capture, and what the other captures of
the host add to it. Pages and the command come through here alike.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from ..explain.names import Names
from ..explain.pipeline import Pipeline, recognise
from ..formats.base import collector_paused
from ..formats.reading import Capture
from ..network.model import Network
from ..network.snapshot import dumped_bridge, flow_dumps
from ..openflow.flow import Flow


@dataclass(frozen=True)
class Dump:
    """Flows in order of the dump, and what explains them. ``bridge`` None: not known."""

    bridge: str | None
    flows: tuple[Flow, ...]
    captures: tuple[Capture, ...]
    names: Names
    pipeline: Pipeline | None

    def capture_of(self, flow: Flow) -> Capture:
        """The capture that holds a flow: most bridges have one dump only."""
        if len(self.captures) == 1:
            return self.captures[0]
        return self._captures[id(flow)]

    @cached_property
    def _captures(self) -> dict[int, Capture]:
        return {id(record): c for c in self.captures for record in c.parsed.records}


@collector_paused()
def dumps_of_host(
    captures: tuple[Capture, ...], network: Network, asked: str | None
) -> dict[str, Dump]:
    """Of each bridge, in order, the dump that shows its state; ``asked``: host.toml's pipeline.

    All at once, because the flows of all bridges together tell the pipeline.
    """
    dumps = flow_dumps(captures, [one.name for one in network.bridges])
    flows = {name: tuple(flow for flow, _ in dump.flows) for name, dump in dumps.items()}
    names = {name: Names.of(network, name, of_it) for name, of_it in flows.items()}
    pipeline = recognise(flows, network, asked, names)
    if pipeline is not None:
        names = {name: pipeline.naming(of_it) for name, of_it in names.items()}
    return {
        name: Dump(name, flows[name], dump.captures, names[name], pipeline)
        for name, dump in dumps.items()
    }


@collector_paused()
def dump_of_capture(
    capture: Capture, captures: tuple[Capture, ...], network: Network | None, asked: str | None
) -> Dump:
    """The flows of one capture, whatever other dumps of the bridge there are.

    ``captures``: all of its host, since one bridge alone may not tell the pipeline.
    """
    known = [one.name for one in network.bridges] if network else []
    bridge = dumped_bridge(capture, known)
    flows = tuple(record for record in capture.parsed.records if isinstance(record, Flow))
    dumps = {
        name: tuple(f for f, _ in dump.flows) for name, dump in flow_dumps(captures, known).items()
    }
    dumps[bridge or ""] = flows
    names = {name: Names.of(network, name or None, of_it) for name, of_it in dumps.items()}
    pipeline = recognise(dumps, network, asked, names)
    known_names = names[bridge or ""]
    if pipeline is not None:
        known_names = pipeline.naming(known_names)
    return Dump(bridge, flows, (capture,), known_names, pipeline)


@dataclass(frozen=True)
class Choice:
    """The capture of a file that is meant, and what was passed over for it.

    ``other_dumps``: does the file hold other dumps of its bridge? ``other_bridges``: whose flows it
    holds too.
    """

    capture: Capture
    bridge: str | None
    other_dumps: bool = False
    other_bridges: tuple[str, ...] = ()


def choose(found: Sequence[Capture], network: Network | None) -> Choice | None:
    """Of a file's captures that with the flows that count: the snapshot rule (CORRELATION).

    Of several bridges the first is told.
    """
    dumps = [c for c in found if any(isinstance(r, Flow) for r in c.parsed.records)]
    if not dumps:
        return None
    known = [one.name for one in network.bridges] if network else []
    bridges = [dumped_bridge(capture, known) for capture in dumps]
    bridge = bridges[0]
    same = [c for c, name in zip(dumps, bridges, strict=True) if name == bridge]
    state = flow_dumps(same, known).get(bridge or "")
    # Partial dumps together are the state: the file's first is told, as no one of them is all.
    chosen = state.captures[0] if state is not None and len(state.captures) == 1 else same[0]
    others = tuple(dict.fromkeys(name for name in bridges if name and name != bridge))
    return Choice(chosen, bridge, len(same) > 1, others)

"""OVN's southbound database with what explains it, for pages and the command. Without Sphinx."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..explain.logical.names import LogicalNames
from ..explain.logical_steps import names_of
from ..formats.reading import Capture
from ..network.model import Network
from ..trace.logical.result import Step
from ..trace.logical.state import State, state_of_captures
from .listings import titles_of


@dataclass(frozen=True)
class Southbound:
    """OVN's southbound database as the captures of a scenario show it, and what explains it."""

    state: State
    names: LogicalNames
    captures: tuple[Capture, ...]
    _by_file: Mapping[str, tuple[Capture, ...]] = field(default_factory=dict)

    def capture_of(self, step: Step) -> Capture | None:
        """The capture that shows the flow of a step."""
        return next(
            (
                capture
                for capture in self._by_file.get(step.file or "", ())
                if any(record is step.flow for record in capture.parsed.records)
            ),
            None,
        )


def southbound_of(network: Network | None) -> Southbound:
    """The database belongs to a service: captures of every host of a scenario count alike."""
    captures = () if network is None else network.captures
    state = state_of_captures(captures)
    names = names_of(state, LogicalNames(network, titles=titles_of(captures)))
    by_file: dict[str, tuple[Capture, ...]] = {}
    for capture in captures:
        name = capture.source.name
        by_file[name] = (*by_file.get(name, ()), capture)
    return Southbound(state, names, captures, by_file)

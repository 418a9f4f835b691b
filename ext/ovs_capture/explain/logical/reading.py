"""The reading of a logical flow: what it literally does, composed of its own match and actions.

A reading says nothing that the flow does not, and leaves nothing of it out.
"""

from ...logical.flow import Actions, LogicalFlow
from ...logical.match import parse_match
from ...source import Span
from ..message import Message, Series
from . import matches
from .names import LogicalNames
from .steps import series, steps
from .telling import Telling


def reading(flow: LogicalFlow, names: LogicalNames) -> Message:
    """What the flow does, one sentence."""
    telling = Telling(names, flow)
    packets = matches.packets(flow.match.expression, telling, rest=names.is_rest(flow))
    told = tuple(steps(flow.actions.items, telling))
    if not any(step.onward for step in told):
        return Message(
            "%(packets)s: %(steps)s; the packet goes no further.",
            {
                "packets": packets.phrase,
                "steps": Series(tuple(step.mid() for step in told), "steps"),
            },
        )
    brief = packets.plain and len(told) == 1
    return Message(
        "%(packets)s: %(steps)s.",
        {"packets": packets.phrase, "steps": series(told)},
        "brief" if brief else "sentence",
    )


def packets_of(match: str, names: LogicalNames) -> Message:
    """The packets that a match of a switch's ACL means, outside of any listing."""
    parsed = parse_match(match)[0]
    flow = LogicalFlow(
        span=Span(0, len(match)),
        datapath=None,
        table=0,
        stage="ls_in_acl",
        priority=0,
        match=parsed,
        match_start=0,
        actions=Actions((), "", ()),
        actions_start=0,
        uuid=None,
    )
    return matches.packets(parsed.expression, Telling(names, flow)).phrase

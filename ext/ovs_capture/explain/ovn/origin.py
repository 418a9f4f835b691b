"""What a flow of br-int was made of, in words."""

from collections.abc import Sequence

from ...logical.flow import LogicalFlow
from ...network.southbound import Row
from ...openflow.flow import Flow
from ..message import Message, Ref
from .joins import Joins


def origin(flows: Sequence[Flow], joins: Joins) -> Message | None:
    """The one logical flow or row that all flows were made of; None when there is not one."""
    known: dict[object, LogicalFlow | Row] = {}
    for flow in flows:
        join = joins.of_flow(flow)
        found: tuple[LogicalFlow | Row, ...] = (*join.logical, *join.rows)
        if not found:
            return None
        for one in found:
            known[one.uuid] = one
        if len(known) > 1:
            return None
    (one,) = known.values()
    if isinstance(one, Row):
        holes = {"table": Ref("code", one.table), "name": Ref("code", one.name or one.uuid)}
        return Message("Made of the row %(name)s of %(table)s.", holes)
    return Message(
        "Made of the logical flow of %(stage)s with priority %(priority)s: %(match)s.",
        {
            "stage": Ref("code", one.stage),
            "priority": one.priority,
            "match": Ref("code", one.match.text),
        },
    )

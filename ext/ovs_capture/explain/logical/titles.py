"""The headings of a listing of logical flows: pipelines, stages, and what hands everything on."""

from dataclasses import replace

from ..message import Message, Param, Ref, Series
from .listing import Part, Passage, Stage

_TOGETHER = {
    ("switch", "ingress"): Message("Logical switches: ingress pipelines of %(count)s"),
    ("switch", "egress"): Message("Logical switches: egress pipelines of %(count)s"),
    ("router", "ingress"): Message("Logical routers: ingress pipelines of %(count)s"),
    ("router", "egress"): Message("Logical routers: egress pipelines of %(count)s"),
}


def part_title(part: Part) -> Message:
    """``neutron-... (private network), ingress``."""
    head = part.datapath
    if part.datapaths > 1:
        told = _TOGETHER.get(part.key, Message("%(count)s datapaths"))
        return replace(told, params={"count": part.datapaths})
    if head is None:
        return Message("Logical flows without the head of their pipeline")
    name: Param = Ref("code", head.name or head.uuid or "-")
    if head.alias:
        name = Message("%(owner)s (%(port)s)", {"owner": head.alias, "port": name})
    if head.pipeline == "ingress":
        return Message("%(datapath)s: ingress pipeline", {"datapath": name})
    return Message("%(datapath)s: egress pipeline", {"datapath": name})


def stage_title(stage: Stage) -> Message:
    """``Table 4: ACLs: prepare (ls_in_pre_acl)``; without role of an unknown stage."""
    params: dict[str, Param] = {"number": str(stage.table), "stage": Ref("code", stage.name or "-")}
    if stage.role is None:
        return Message("Table %(number)s: %(stage)s", params)
    return Message("Table %(number)s: %(role)s (%(stage)s)", {**params, "role": stage.role})


def passage_words(passage: Passage) -> Message:
    """``Tables 9-16 (ls_in_qos_mark, ...) hand everything on.``"""
    first, last = passage.stages[0].table, passage.stages[-1].table
    stages = Series(tuple(Ref("code", stage.name) for stage in passage.stages), "plain")
    return Message(
        "Tables %(first)s-%(last)s hand everything on: %(stages)s.",
        {"first": str(first), "last": str(last), "stages": stages},
    )

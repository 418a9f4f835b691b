"""Words: what the graph of tables says beside names and numbers. All are messages."""

from collections.abc import Callable
from dataclasses import replace

from ...explain.message import Message, Param, Series
from .parts import Link, PortPart, Stop, TablePart, TablePicture

PIPELINE = "pipeline"  # the gettext context of all messages of this room

NEVER_REACHED = Message("Never reached", {}, PIPELINE)
NO_PACKETS = Message("Without packets", {}, PIPELINE)
STAGES = Message("Way through the stages", {}, PIPELINE)
# The legend.
GOES_ON = Message("goes on (resubmit)", {}, PIPELINE)
GOES_ON_GOTO = Message("goes on (goto_table)", {}, PIPELINE)
GOES_ON_BOTH = Message("goes on (resubmit, goto_table)", {}, PIPELINE)
THROUGH_CT = Message("through connection tracking (ct)", {}, PIPELINE)
GOES_ON_NEXT = Message("goes on (next)", {}, PIPELINE)
LEARNS = Message("learns flows (learn)", {}, PIPELINE)
DROP = Message("drop", {}, PIPELINE)
NUMBERS = Message("Numbers and line widths: packets", {}, PIPELINE)
NO_NUMBERS = Message("No packets counted: all ways are drawn", {}, PIPELINE)

Say = Callable[[Message], str]


def number(count: int) -> str:
    return f"{count:,}"


def table_label(table: TablePart) -> str:
    """A table's number as it is shown; one of which only the name is known has none."""
    if table.last is not None:
        return f"{table.number}-{table.last}"
    return str(table.number) if table.number >= 0 else "?"


def role(table: TablePart, say: Say) -> str:
    """What stands beside the number: the role, else the table's own name."""
    return say(table.role) if table.role is not None else table.name or ""


def table_name(table: TablePart, say: Say) -> str:
    return f"{table_label(table)} {role(table, say)}".rstrip()


def port(part: PortPart) -> Message:
    if part.told is not None:
        return part.told
    if len(part.ports) > 1:
        return Message("%(count)s other ports", {"count": number(len(part.ports))}, PIPELINE)
    if not part.ports:
        other = Message("other ports", {}, PIPELINE)
        return other if part.rest else Message("any port", {}, PIPELINE)
    shown = part.ports[0]
    if shown.isascii() and shown.isdecimal():
        return Message("port %(number)s", {"number": shown}, PIPELINE)
    return Message("%(name)s", {"name": shown}, PIPELINE)


def ending(kind: str, group: str | None = None) -> Message:
    """How a way ends, in a word."""
    match kind:
        case "drop":
            return DROP
        case "nothing":
            return Message("no further", {}, PIPELINE)
        case "controller":
            return Message("controller", {}, PIPELINE)
        case "group":
            return Message("group %(group)s", {"group": group or ""}, PIPELINE)
        case _:
            return Message("%(name)s", {"name": kind}, PIPELINE)


def stop(part: Stop) -> Message:
    """``drop 157``."""
    how = ending(part.kind, part.group)
    if part.packets is None:
        return how
    count = number(part.packets)
    return Message("%(end)s %(packets)s", {"end": how, "packets": count}, PIPELINE)


def legend(picture: TablePicture) -> list[tuple[str, Message]]:
    """The line under the graph: what is drawn how, only of what is there. ``""``: no sample."""
    kinds = {link.kind for link in picture.links}
    items: list[tuple[str, Message]] = []
    if {"resubmit", "goto"} <= kinds:
        items.append(("way", GOES_ON_BOTH))
    elif "goto" in kinds:
        items.append(("way", GOES_ON_GOTO))
    elif "resubmit" in kinds:
        items.append(("way", GOES_ON))
    elif "next" in kinds:
        items.append(("way", GOES_ON_NEXT))
    if "ct" in kinds:
        items.append(("ct", THROUGH_CT))
    if "learn" in kinds:
        items.append(("learn", LEARNS))
    if any(one.kind == "drop" for one in picture.stops):
        items.append(("drop", DROP))
    if not picture.logical:
        items.append(("", NUMBERS if picture.counted else NO_NUMBERS))
    return items


def title(picture: TablePicture) -> Message:
    if picture.logical and picture.bridge is not None:
        params: dict[str, Param] = {"datapath": picture.bridge}
        return Message("Way through the stages of %(datapath)s", params, PIPELINE)
    if picture.logical:
        return STAGES
    if picture.bridge is None:
        return Message("Way through the tables", {}, PIPELINE)
    return Message("Way through the tables of %(bridge)s", {"bridge": picture.bridge}, PIPELINE)


def description(picture: TablePicture, say: Say) -> Message:
    """The graph for those who do not see it: how much there is, and where most packets go."""
    tables: Param = Series(tuple(table_name(table, say) for table in picture.drawn), "plain")
    text = Message("Tables on the way: %(tables)s.", {"tables": tables}, PIPELINE)
    if picture.logical:
        text = Message("Stages on the way: %(stages)s.", {"stages": tables}, PIPELINE)
    for reason, told in (
        ("unreachable", Message("Never reached: %(tables)s.", {}, PIPELINE)),
        ("idle", Message("Without packets: %(tables)s.", {}, PIPELINE)),
    ):
        names = tuple(table_label(t) for t in picture.aside if t.aside == reason)
        if names:
            told = replace(told, params={"tables": Series(names, "plain")})
            text = Message("%(first)s %(then)s", {"first": text, "then": told}, PIPELINE)
    return text


def about_table(table: TablePart, say: Say) -> Message:
    """A table's tooltip."""
    name: Param = table_name(table, say)
    if table.packets is None:
        return Message(
            "Table %(name)s: flows %(flows)s",
            {"name": name, "flows": number(table.flows)},
            PIPELINE,
        )
    return Message(
        "Table %(name)s: flows %(flows)s, packets %(packets)s",
        {"name": name, "flows": number(table.flows), "packets": number(table.packets)},
        PIPELINE,
    )


def kind_shown(kind: str) -> str:
    """A link's kind in the words of ovs-actions(7) and ovs-fields(7)."""
    return {"goto": "goto_table", "in": "in_port", "out": "output"}.get(kind, kind)


def about_link(link: Link, source: str, target: str) -> Message:
    """A line's tooltip."""
    params: dict[str, Param] = {
        "source": source,
        "target": target,
        "kind": kind_shown(link.kind),
        "flows": number(link.flows),
    }
    if link.packets is None:
        return Message("%(source)s → %(target)s (%(kind)s): flows %(flows)s", params, PIPELINE)
    return Message(
        "%(source)s → %(target)s (%(kind)s): flows %(flows)s, packets %(packets)s",
        {**params, "packets": number(link.packets)},
        PIPELINE,
    )

"""Explained logical flows as JSON, plain text and Markdown: what ``ovs-capture flows`` prints."""

from collections.abc import Iterator
from typing import Any

from ..explain.logical.listing import Part, Passage, Stage, all_stages, parts
from ..explain.logical.purpose import purpose
from ..explain.logical.reading import reading
from ..explain.logical.titles import part_title, passage_words, stage_title
from ..explain.logical.versions import told
from ..explain.message import Message, Param
from ..logical.flow import LogicalFlow
from ..subjects.listings import Listing
from ..translation import Translator
from .flows_text import escaped


def lflows_as_json(
    listing: Listing, translator: Translator, *, table: int | None = None
) -> dict[str, Any]:
    """``{"flows": [...]}`` in order of the listing."""
    return {
        "flows": [
            _as_json(flow, listing, translator)
            for flow in listing.flows
            if table in (None, flow.table)
        ]
    }


def _as_json(flow: LogicalFlow, listing: Listing, translator: Translator) -> dict[str, Any]:
    source = listing.capture.source
    why = purpose(flow, listing.names)
    head = flow.datapath
    return {
        "file": source.name,
        "line": source.place(flow.span.start)[0],
        "datapath": None if head is None else head.name or head.uuid,
        "pipeline": None if head is None else head.pipeline,
        "stage": flow.stage or None,
        "table": flow.table,
        "priority": flow.priority,
        "match": [{"field": None, "text": flow.match.text}],
        "actions": action_texts(flow),
        "reading": translator.text(reading(flow, listing.names)),
        "purpose": None if why is None else translator.text(why.message),
        "purpose_source": None if why is None else why.source,
    }


def action_texts(flow: LogicalFlow) -> list[str]:
    """The actions of the top level as they are printed, without the ``;`` behind each."""
    texts: list[str] = []
    depth = start = 0
    text = flow.actions.text
    quoted = False
    for place, character in enumerate(text):
        if character == '"' and text[place - 1 : place] != "\\":
            quoted = not quoted
        elif quoted:
            continue
        elif character in "({":
            depth += 1
        elif character in ")}":
            depth -= 1
        elif character == ";" and not depth:
            texts.append(text[start:place].strip())
            start = place + 1
    texts.append(text[start:].strip())
    return [one for one in texts if one]


def lflows_as_text(listing: Listing, translator: Translator, *, table: int | None = None) -> str:
    """One paragraph a stage, one to three lines a flow. ``table``: the only one that is told."""
    say = translator.text
    lines = [say(told(listing.names.versions))]
    for stage in _stages(listing, table):
        if isinstance(stage, Part):
            lines += ["", say(part_title(stage))]
            continue
        if isinstance(stage, Passage):
            lines += ["", say(passage_words(stage))]
            continue
        lines += ["", say(stage_title(stage))]
        if stage.lead is not None:
            lines.append(say(stage.lead))
        for row in stage.rows:
            for flow in row.flows:
                lines.append(f"{flow.priority:>7}  {say(reading(flow, listing.names))}")
                why = purpose(flow, listing.names)
                if why is not None:
                    holes: dict[str, Param] = {"purpose": why.message}
                    lines.append(f"{'':9}{say(Message('Purpose: %(purpose)s', holes))}")
    return "\n".join(lines) + "\n"


def lflows_as_markdown(
    listing: Listing, translator: Translator, *, table: int | None = None
) -> str:
    """A heading a pipeline, a heading and a table a stage."""
    say = translator.text
    blocks = [escaped(say(told(listing.names.versions)))]
    columns = [say(Message(name)) for name in ("Priority", "Flow", "Purpose")]
    for stage in _stages(listing, table):
        if isinstance(stage, Part):
            blocks.append(f"## {escaped(say(part_title(stage)))}")
            continue
        if isinstance(stage, Passage):
            blocks.append(escaped(say(passage_words(stage))))
            continue
        blocks.append(f"### {escaped(say(stage_title(stage)))}")
        if stage.lead is not None:
            blocks.append(escaped(say(stage.lead)))
        rows = [columns, ["---:", "---", "---"]]
        for row in stage.rows:
            for flow in row.flows:
                why = purpose(flow, listing.names)
                rows.append(
                    [
                        str(flow.priority),
                        escaped(say(reading(flow, listing.names))),
                        "" if why is None else escaped(say(why.message)),
                    ]
                )
        blocks.append("\n".join(f"| {' | '.join(cells)} |" for cells in rows))
    return "\n\n".join(blocks) + "\n"


def _stages(listing: Listing, table: int | None) -> Iterator[Part | Stage | Passage]:
    """Each pipeline, then its stages; of one table only these."""
    for part in parts(listing.flows, listing.names):
        if table is None:
            yield part
            yield from part.stages
            continue
        stages = [s for one in part.stages for s in all_stages(one) if s.table == table]
        if stages:
            yield part
            yield from stages

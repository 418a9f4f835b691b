"""A trace for builders without HTML: paragraphs and an enumerated list; the picture comes last."""

from dataclasses import replace

from docutils import nodes
from sphinx.builders import Builder

from ...translation import Translator
from .. import wording
from ..pictures.logical import (
    LogicalView,
    static_logical,
)
from ..pictures.physical import static_picture
from ..pictures.table_graph import static_graph
from ..view import plain
from .view import (
    RunRow,
    StepRow,
    TraceView,
)


def plain_trace(view: TraceView) -> list[nodes.Node]:
    """The packet, the verdict, what was assumed, then the steps in their order."""
    say = Translator(view.language).text
    packet = nodes.paragraph("", f"{view.where}: ")
    packet += nodes.literal("", plain(view.packet))
    verdict = nodes.paragraph("", "", nodes.strong("", plain(view.verdict)))
    if view.claim:
        told = wording.AS_EXPECTED
        if not view.holds:
            told = wording.saying(wording.NOT_AS_EXPECTED, claim=view.claim)
        verdict += nodes.Text(f" ({say(told)})")
    found: list[nodes.Node] = [nodes.paragraph("", view.caption)] if view.caption else []
    found += [packet, verdict, nodes.paragraph("", plain(view.extent))]
    if view.assumed:
        items = (nodes.list_item("", nodes.paragraph("", plain(one))) for one in view.assumed)
        found += [nodes.paragraph("", say(wording.ASSUMED)), nodes.bullet_list("", *items)]
    rows = (
        step for row in view.steps for step in (row.steps if isinstance(row, RunRow) else (row,))
    )
    steps = [_step(step, say(wording.PURPOSE)) for step in rows]
    steps += [nodes.list_item("", nodes.paragraph("", plain(end.words))) for end in view.ends]
    if steps:
        found.append(nodes.enumerated_list("", *steps, enumtype="arabic", prefix="", suffix="."))
    return found


def _step(step: StepRow, purpose: str) -> nodes.list_item:
    item = nodes.list_item()
    if step.group:
        item += nodes.paragraph("", plain(step.group))
    head = nodes.paragraph("", "", nodes.strong("", plain(step.table)))
    head += nodes.Text(f" {step.role}" if step.role else "")
    item += head
    item += nodes.paragraph("", plain(step.reading))
    if step.purpose:
        told = nodes.paragraph("", "", nodes.strong("", purpose))
        told += nodes.Text(f" {plain(step.purpose)}")
        item += told
    item += [nodes.paragraph("", plain(one)) for one in step.remarks]
    if step.chips:
        words = (
            f"{plain(chip.name)} {chip.before} → {chip.after}"
            + (f" ({plain(chip.meaning)})" if chip.meaning else "")
            for chip in step.chips
        )
        item += nodes.paragraph("", "; ".join(words))
    if step.copies:
        rows = (
            nodes.list_item("", nodes.paragraph("", f"{plain(one.port)}: {plain(one.fate)}"))
            for one in step.copies
        )
        item += nodes.bullet_list("", *rows)
    if step.plain_raw:
        item += nodes.literal_block(step.plain_raw, step.plain_raw, language="none")
    return item


def static_way(view: TraceView, builder: Builder, docname: str) -> list[nodes.Node]:
    """The picture with the way, and the graphs, as images."""
    found: list[nodes.Node] = []
    if isinstance(view.picture, LogicalView):
        found.append(static_logical(view.picture, builder, docname))
    elif view.picture is not None:
        found.append(static_picture(view.picture, builder, docname))
    for graph in view.graphs:
        captioned = replace(graph, caption=graph.title)
        found.append(static_graph(captioned, builder, docname))
    return found

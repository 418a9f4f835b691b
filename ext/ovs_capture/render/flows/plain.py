"""A flows page for builders without HTML: paragraphs and plain docutils tables."""

from collections.abc import Iterable, Sequence

from docutils import nodes

from ...translation import Translator
from .. import wording
from ..view import (
    GroupRow,
    PipelineView,
    TableView,
    Totals,
    plain,
)


def plain_totals(view: Totals) -> list[nodes.Node]:
    """``flows: 76, tables: 17`` as a list."""
    items = (nodes.list_item("", nodes.paragraph("", f"{n} {label}")) for n, label in view.items)
    return [nodes.bullet_list("", *items), *(nodes.paragraph("", note) for note in view.notes)]


def plain_pipeline(view: PipelineView) -> list[nodes.Node]:
    """What was recognised, then a row a piece of evidence."""
    head = " - ".join(filter(None, (view.title, view.detail, view.version)))
    found: list[nodes.Node] = [nodes.paragraph("", head)]
    if view.rows:
        say = Translator(view.language).text
        rows = [(nodes.literal("", row.found), nodes.Text(plain(row.meaning))) for row in view.rows]
        columns = (say(wording.FOUND), say(wording.MEANING))
        found.append(table_of_rows(columns, (40, 60), [[[a], [b]] for a, b in rows]))
    return found


def plain_table(view: TableView) -> list[nodes.Node]:
    """Lead, meta line, and one row a flow, the idle ones in their place."""
    say = Translator(view.language).text
    meta = "; ".join(f"{name} {plain(pieces)}".strip() for name, pieces in view.meta)
    found: list[nodes.Node] = []
    if view.lead:
        found.append(nodes.paragraph("", plain(view.lead)))
    found.append(nodes.paragraph("", "; ".join(filter(None, (view.constant, meta)))))
    rows: list[list[list[nodes.Node]]] = []
    for flow in view.flows:
        told: list[nodes.Node] = [nodes.paragraph("", plain(flow.reading))]
        if isinstance(flow, GroupRow):
            told += _differing(flow)
        if flow.purpose:
            label = nodes.strong("", say(wording.PURPOSE))
            told.append(nodes.paragraph("", "", label, nodes.Text(f" {plain(flow.purpose)}")))
        onward: list[nodes.Node] = [
            nodes.paragraph("", line) for line in plain(flow.next).split("\n")
        ]
        rows.append([[nodes.Text(flow.priority)], told, onward, [nodes.Text(flow.packets)]])
    columns = [say(w) for w in (wording.PRIORITY, wording.FLOW, wording.NEXT, wording.PACKETS)]
    widths: tuple[int, ...] = (10, 60, 18, 12)
    if not any(flow.packets for flow in view.flows):
        # Logical flows count no packets.
        columns, widths, rows = columns[:3], (10, 62, 28), [row[:3] for row in rows]
    found.append(table_of_rows(columns, widths, rows))
    if view.left_out:
        found.append(nodes.paragraph("", view.left_out))
    return found


def _differing(row: GroupRow) -> list[nodes.Node]:
    """How many flows, and each of few; 60 000 lines are no use on paper."""
    found: list[nodes.Node] = [nodes.paragraph("", row.words)]
    if row.cells:
        items = (
            "; ".join(f"{head} {plain(cell)}" for head, cell in zip(row.heads, cells, strict=True))
            for cells in row.cells
        )
        listed = (nodes.list_item("", nodes.paragraph("", item)) for item in items)
        found.append(nodes.bullet_list("", *listed))
    return found


def table_of_rows(
    columns: Sequence[str], widths: Sequence[int], rows: Iterable[Sequence[Sequence[nodes.Node]]]
) -> nodes.table:
    """A docutils table; each cell is inline nodes or paragraphs."""
    group = nodes.tgroup("", cols=len(columns))
    group += [nodes.colspec("", colwidth=width) for width in widths]
    group += nodes.thead("", _row([[nodes.Text(name)] for name in columns]))
    group += nodes.tbody("", *(_row(row) for row in rows))
    return nodes.table("", group, classes=["longtable", "colwidths-given"])


def _row(cells: Iterable[Sequence[nodes.Node]]) -> nodes.row:
    return nodes.row("", *(nodes.entry("", *_block(cell)) for cell in cells))


def _block(cell: Sequence[nodes.Node]) -> Sequence[nodes.Node]:
    """A cell holds paragraphs."""
    if all(isinstance(node, nodes.paragraph | nodes.bullet_list) for node in cell):
        return cell
    return [nodes.paragraph("", "", *cell)]

"""A flows page as HTML: totals, the recognised pipeline, and the list of each table."""

from ...translation import Translator
from .. import wording
from ..capture.html import (
    Say,
    tips_html,
)
from ..markup import (
    captured,
    element,
    pre,
    text,
)
from ..tokens import (
    Page,
    capture_text,
    prose,
    unlinked,
)
from ..view import (
    ClueRow,
    FilterView,
    FlowRow,
    GroupRow,
    IdleRun,
    PipelineView,
    TableView,
    Totals,
    plain,
)

FlowsView = Totals | PipelineView | FilterView | TableView


def flows_html(view: FlowsView, page: Page, anchor: str | None, classes: str = "") -> str:
    """Any part of a flows page."""
    say = Translator(view.language).text
    number = None
    kind = "ovs-flows"
    match view:
        case FilterView():
            return _filter(view, anchor, say)
        case Totals():
            body = _totals(view)
        case PipelineView():
            body = _pipeline(view, page, say)
        case TableView():
            body = _table(view, page, say)
            number = view.number
            if not _counted(view):
                kind += " ovs-uncounted"
    return element(
        "div",
        body,
        class_=" ".join(filter(None, (kind, classes))),
        id=anchor,
        lang=view.language,
        data_ovs_table=number,
    )


def _filter(view: FilterView, anchor: str | None, say: Say) -> str:
    """An empty place with the words that the script needs: without it there is no filter."""
    every, matched, idle = view.counts
    return element(
        "div",
        class_="ovs-filter",
        id=anchor,
        lang=view.language,
        hidden=True,
        data_ovs_label=say(wording.FILTER),
        data_ovs_clear=say(wording.FILTER_CLEAR),
        data_ovs_all=f"{say(wording.FILTER_ALL)}|{every}",
        data_ovs_matched=f"{say(wording.FILTER_MATCHED)}|{matched}" if view.counted else None,
        data_ovs_idle=f"{say(wording.FILTER_IDLE)}|{idle}" if view.counted else None,
        data_ovs_shown=say(wording.saying(wording.FILTER_SHOWN, shown="{shown}", count="{count}")),
        data_ovs_none=say(wording.FILTER_NONE),
    )


def _totals(view: Totals) -> str:
    items = "".join(
        element("div", element("dt", text(label)), element("dd", text(number)))
        for number, label in view.items
    )
    notes = "".join(element("p", text(note), class_="ovs-remark") for note in view.notes)
    return element("dl", items, class_="ovs-totals") + notes


def _pipeline(view: PipelineView, page: Page, say: Say) -> str:
    head = element(
        "p",
        element("strong", text(view.title)),
        element("span", text(view.detail), class_="ovs-detail") if view.detail else "",
        element("span", text(view.version), class_="ovs-version") if view.version else "",
        class_="ovs-pipeline-head",
    )
    if not view.rows:
        return element("div", head, class_="ovs-pipeline")
    ticks = "".join(
        element("span", text(label), class_="ovs-tick", style=f"--ovs-at: {_percent(place)}")
        for label, place in view.axis
    )
    columns = element(
        "tr",
        element("th", text(say(wording.FOUND)), scope="col"),
        element("th", text(say(wording.MEANING)), scope="col"),
        element("th", element("span", ticks, class_="ovs-axis"), scope="col") if view.axis else "",
    )
    rows = "".join(_clue(row, view, page) for row in view.rows)
    table = element("table", element("thead", columns), element("tbody", rows), class_="ovs-clues")
    return element("div", head, table, class_="ovs-pipeline")


def _clue(row: ClueRow, view: PipelineView, page: Page) -> str:
    bars = ""
    if view.band is not None:
        bars += element("span", class_="ovs-band", style=_range(view.band))
    if row.span is not None:
        bars += element("span", class_="ovs-range", style=_range(row.span))
    return element(
        "tr",
        element("td", element("code", text(row.found), class_="ovs-found")),
        element("td", prose(row.meaning, page)),
        element("td", element("span", bars, class_="ovs-axis")) if view.axis else "",
        class_=None if row.fits else "ovs-misfit",
    )


def _range(span: tuple[float, float]) -> str:
    return f"--ovs-at: {_percent(span[0])}; --ovs-long: {_percent(span[1] - span[0])}"


def _percent(share: float) -> str:
    return f"{share * 100:.1f}%"


def _table(view: TableView, page: Page, say: Say) -> str:
    meta = "".join(
        element(
            "span",
            element("span", text(name), class_="ovs-label") if name else "",
            " " if name else "",
            prose(pieces, page),
        )
        for name, pieces in view.meta
    )
    constant = element("span", text(view.constant), class_="ovs-constant") if view.constant else ""
    heads = [wording.PRIORITY, wording.FLOW, wording.NEXT]
    if _counted(view):
        heads.append(wording.PACKETS)
    columns = "".join(element("span", text(say(name))) for name in heads)
    return "".join(
        (
            element("p", prose(view.lead, page), class_="ovs-lead") if view.lead else "",
            element("p", constant, meta, class_="ovs-meta"),
            element("div", columns, class_="ovs-columns", aria_hidden="true"),
            element("ol", *(_row(row, view, page, say) for row in view.rows), class_="ovs-list"),
            element("p", text(view.left_out), class_="ovs-remark") if view.left_out else "",
            *tips_html(page.unsaid(view.tips), page, say),
        )
    )


def _counted(view: TableView) -> bool:
    """Do the flows tell how many packets they matched? Logical flows do not."""
    return any(flow.packets for flow in view.flows)


def _row(row: FlowRow | GroupRow | IdleRun, view: TableView, page: Page, say: Say) -> str:
    if isinstance(row, FlowRow):
        return _flow(row, page, say)
    if isinstance(row, GroupRow):
        return _group(row, view, page, say)
    summary = element(
        "summary",
        element("span", text(row.priority), class_="ovs-priority"),
        element("span", unlinked(row.reading), class_="ovs-short"),
        element("span", text(row.words), class_="ovs-idle-count"),
    )
    flows = element("ol", *(_row(one, view, page, say) for one in row.rows), class_="ovs-list")
    return element("li", element("details", summary, flows), class_="ovs-idle")


def _flow(row: FlowRow, page: Page, say: Say) -> str:
    raw = element(
        "details",
        element("summary", text(say(wording.RAW_TEXT))),
        pre(capture_text(row.raw, page, row.anchor), translate="no"),
        class_="ovs-raw",
    )
    return _told(row, raw, page, say)


def _group(row: GroupRow, view: TableView, page: Page, say: Say) -> str:
    """The row of a group, with what differs in a fold under its purpose."""
    raw = ""
    if row.raw:
        raw = element(
            "details",
            element("summary", text(say(wording.RAW_TEXT))),
            pre(capture_text(row.raw, page, row.anchor), translate="no"),
            class_="ovs-raw",
        )
    fold = element(
        "details",
        element("summary", text(row.words)),
        _differing(row, view, page, say),
        class_="ovs-same-shape",
        data_ovs_count=row.count,
    )
    return _told(row, fold + raw, page, say)


def _differing(row: GroupRow, view: TableView, page: Page, say: Say) -> str:
    scroll: dict[str, str | int | bool | None] = {
        "class_": "ovs-scroll",
        "role": "group",
        "tabindex": 0,
        "aria_label": row.words,
    }
    if row.cells:
        heads = (element("th", text(head), scope="col") for head in row.heads)
        lines = (
            element("tr", *(element("td", prose(cell, page, row.anchor)) for cell in line))
            for line in row.cells
        )
        table = element(
            "table",
            element("thead", element("tr", *heads)),
            element("tbody", *lines),
            class_="ovs-differing",
        )
        return element("div", table, **scroll)
    heads_line, _, lines_text = row.lines.partition("\n")
    link = page.raw(view.raw[0]) if view.raw else None
    href = element("a", text(view.raw[1]), href=link) if view.raw and link else ""
    return element(
        "div",
        element(
            "pre",
            element("span", captured(heads_line), class_="ovs-heads"),
            "\n",
            element("span", captured(lines_text), class_="ovs-lines"),
            translate="no",
        ),
        **scroll,
    ) + (element("p", href, class_="ovs-remark") if href else "")


def _told(row: FlowRow | GroupRow, more: str, page: Page, say: Say) -> str:
    """What a flow and a group have alike; ``more``: their folds."""
    purpose = element(
        "p",
        element("span", text(say(wording.PURPOSE)), class_="ovs-label"),
        " ",
        prose(row.purpose, page, row.anchor),
        class_="ovs-purpose",
    )
    share = ""
    if row.share is not None:
        fill = element("span", style=f"--ovs-long: {_percent(row.share)}")
        share = element("span", fill, class_="ovs-bar")
    packets = element(
        "p",
        element("span", text(say(wording.PACKETS)), " ", class_="ovs-unseen"),
        element("span", text(row.packets), class_="ovs-number"),
        share,
        element("span", text(row.bytes), class_="ovs-bytes"),
        class_="ovs-packets",
    )
    ways = plain(row.next).count("\n") + 1
    priority = element("span", text(say(wording.PRIORITY)), " ", class_="ovs-unseen")
    return element(
        "li",
        element("span", priority, text(row.priority), class_="ovs-priority"),
        element("p", prose(row.reading, page, row.anchor), class_="ovs-reading"),
        purpose if row.purpose else "",
        element("p", prose(row.next, page, row.anchor), class_="ovs-next"),
        packets if row.packets else "",
        more,
        class_="ovs-flow ovs-group" if isinstance(row, GroupRow) else "ovs-flow",
        id=row.anchor,
        style=f"--ovs-ways: {ways}" if ways > 1 else None,
        data_ovs_idle=row.packets == "0",
    )

"""A trace as HTML (VISUAL section 5): head, verdict, assumptions, then steps beside the picture."""

from dataclasses import replace

from ...translation import Translator
from .. import wording
from ..capture.html import Say, tips_html
from ..markup import captured, element, pre, text
from ..pictures.figure import LEAST_SCALE
from ..pictures.logical import LogicalView, logical_svg
from ..pictures.physical import picture_svg
from ..pictures.table_graph import GraphView, graph_html
from ..tokens import Page, capture_text, prose, unlinked
from ..view import Pieces
from .view import Chip, CopyRow, EndRow, RunRow, StepRow, TraceView


def trace_html(view: TraceView, page: Page, anchor: str | None, classes: str = "") -> str:
    """The whole figure. ``anchor``: its id; ``classes``: the author's."""
    say = Translator(view.language).text
    return element(
        "figure",
        element("figcaption", text(view.caption), class_="ovs-caption") if view.caption else "",
        element("div", _head(view, page, say), _verdict(view, page, say), class_="ovs-trace-head"),
        element(
            "div", _steps(view, page, say), _picture(view, page, anchor), class_="ovs-trace-body"
        ),
        *(
            _graph(graph, page, f"{anchor or 'ovs'}-graph-{n}", say)
            for n, graph in enumerate(view.graphs, 1)
        ),
        *tips_html(page.unsaid(view.tips), page, say),
        class_=" ".join(filter(None, ("ovs-flows ovs-trace", classes))),
        id=anchor,
        lang=view.language,
    )


def _head(view: TraceView, page: Page, say: Say) -> str:
    return element(
        "p",
        element("span", text(view.where), class_="ovs-where"),
        element("code", _packet(view.packet, page), class_="ovs-packet", translate="no"),
        element(
            "span",
            class_="ovs-tools",
            data_ovs_copy=view.command,
            data_ovs_label=view.tool,
            data_ovs_title=say(wording.saying(wording.COPY_TRACE, tool=view.tool)),
            data_ovs_copied=say(wording.COPIED),
        ),
        class_="ovs-head",
    )


def _packet(pieces: Pieces, page: Page) -> str:
    """A packet, which may break after its commas."""
    return "".join(
        captured(piece).replace(",", ",<wbr />")
        if isinstance(piece, str)
        else capture_text((piece,), page, "")
        for piece in pieces
    )


def _verdict(view: TraceView, page: Page, say: Say) -> str:
    badge = ""
    if view.claim:
        told = wording.AS_EXPECTED
        if not view.holds:
            told = wording.saying(wording.NOT_AS_EXPECTED, claim=view.claim)
        css = "ovs-claim" if view.holds else "ovs-claim ovs-broken"
        badge = element("span", text(say(told)), class_=css)
    parts = [
        element("p", element("strong", prose(view.verdict, page)), badge, class_="ovs-verdict"),
        element("p", prose(view.extent, page), class_="ovs-extent"),
    ]
    if view.assumed:
        items = "".join(element("li", prose(one, page)) for one in view.assumed)
        label = element("span", text(say(wording.ASSUMED)), class_="ovs-label")
        parts.append(element("div", label, element("ul", items), class_="ovs-assumed"))
    return "".join(parts)


def _steps(view: TraceView, page: Page, say: Say) -> str:
    rows = "".join(
        _run(row, page, say) if isinstance(row, RunRow) else _step(row, page, say)
        for row in view.steps
    )
    ends = "".join(_end(end, page) for end in view.ends)
    steps = element("ol", rows, ends, class_="ovs-steps", aria_label=say(wording.STEPS_OF))
    final = element(
        "details",
        element("summary", text(say(wording.FINAL))),
        pre(_packet(view.final, page), translate="no"),
        class_="ovs-raw",
    )
    return element("div", steps, final if view.final else "", class_="ovs-way-of-packet")


def _run(run: RunRow, page: Page, say: Say) -> str:
    """Steps in which nothing applies, folded; each of them is inside."""
    first, last = run.steps[0], run.steps[-1]
    group = element("p", prose(first.group, page, first.anchor), class_="ovs-entered")
    inside = "".join(_step(replace(step, group=()), page, say) for step in run.steps)
    return element(
        "li",
        group if first.group else "",
        element(
            "span",
            f"{first.number}\N{EN DASH}{last.number}" if last is not first else str(first.number),
            class_="ovs-disc-of ovs-disc-run",
            aria_hidden="true",
        ),
        element(
            "details",
            element("summary", unlinked(run.words)),
            element("ol", inside, class_="ovs-steps", start=first.number),
            class_="ovs-run",
        ),
        class_="ovs-step",
    )


def _step(step: StepRow, page: Page, say: Say) -> str:
    raw = ""
    if step.raw:
        raw = element(
            "details",
            element("summary", text(say(wording.RAW_TEXT))),
            pre(capture_text(step.raw, page, step.anchor), translate="no"),
            element("p", text(step.place), class_="ovs-remark") if step.place else "",
            class_="ovs-raw",
        )
    priority = f"{say(wording.PRIORITY)} {step.priority}" if step.priority else ""
    purpose = element(
        "p",
        element("span", text(say(wording.PURPOSE)), class_="ovs-label"),
        " ",
        prose(step.purpose, page, step.anchor),
        class_="ovs-purpose",
    )
    group = element("p", prose(step.group, page, step.anchor), class_="ovs-entered")
    return element(
        "li",
        group if step.group else "",
        element("span", str(step.number), class_="ovs-disc-of", aria_hidden="true"),
        element(
            "p",
            element("strong", prose(step.table, page, step.anchor)),
            element("span", text(step.role), class_="ovs-role") if step.role else "",
            element("span", text(priority), class_="ovs-step-priority") if priority else "",
            class_="ovs-step-head",
        ),
        element("p", prose(step.reading, page, step.anchor), class_="ovs-reading"),
        purpose if step.purpose else "",
        "".join(
            element("p", prose(one, page, step.anchor), class_="ovs-remark") for one in step.remarks
        ),
        element("p", *(_chip(chip, page) for chip in step.chips), class_="ovs-chips")
        if step.chips
        else "",
        element("ul", *(_copy(copy, page) for copy in step.copies), class_="ovs-copies")
        if step.copies
        else "",
        raw,
        class_="ovs-step ovs-tracked" if step.tracked else "ovs-step",
        id=step.anchor,
    )


def _chip(chip: Chip, page: Page) -> str:
    return element(
        "span",
        prose(chip.name, page),
        f" {captured(chip.before)} → ",
        element("b", captured(chip.after)),
        element("span", " ", prose(chip.meaning, page), class_="ovs-means") if chip.meaning else "",
        class_="ovs-chip ovs-guessed" if chip.assumed else "ovs-chip",
    )


def _copy(copy: CopyRow, page: Page) -> str:
    return element(
        "li",
        element("span", prose(copy.port, page), class_="ovs-copy-port"),
        " ",
        element("span", prose(copy.fate, page)),
        class_=None if copy.taken else "ovs-lost",
    )


def _end(end: EndRow, page: Page) -> str:
    return element(
        "li",
        element("span", str(end.number), class_="ovs-disc-of ovs-end", aria_hidden="true"),
        element("p", prose(end.words, page), class_="ovs-reading"),
        class_="ovs-step ovs-last",
    )


def _graph(graph: GraphView, page: Page, anchor: str, say: Say) -> str:
    return element(
        "details",
        element("summary", text(graph.title)),
        graph_html(graph, page, anchor),
        class_="ovs-fold ovs-way-graph",
    )


def _picture(view: TraceView, page: Page, anchor: str | None) -> str:
    if view.picture is None:
        return ""
    assert view.picture.layout is not None
    natural = view.picture.layout.width
    style = f"--ovs-natural: {natural}px; --ovs-least: {round(natural * LEAST_SCALE)}px"
    if view.picture.width:
        style += f"; --ovs-width: {view.picture.width}"
    if isinstance(view.picture, LogicalView):
        svg = logical_svg(view.picture, page, anchor)
    else:
        svg = picture_svg(view.picture, page, anchor)
    return element(
        "div",
        svg,
        class_="ovs-scroll ovs-trace-picture",
        role="group",
        tabindex=0,
        aria_label=view.picture.title,
        style=style,
    )

"""An annotated capture as HTML (VISUAL section 5).

The joined text content of all ``pre`` elements is the capture's output, byte for byte; prompt,
notes and counts stand outside of them.
"""

from collections.abc import Callable, Iterator

from ...explain.message import Param
from ...translation import Translator
from .. import wording
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
    CaptureView,
    Cut,
    Entry,
    Ghosts,
    RecordTable,
    Tip,
)

Say = Callable[[Param], str]


def capture_html(view: CaptureView, page: Page, anchor: str | None, classes: str = "") -> str:
    """The whole figure. ``anchor``: its id; ``classes``: the author's."""
    say = Translator(view.language).text
    if view.view == "table":
        body = "".join(_table(table, page) for table in view.tables)
    else:
        body = element("div", "".join(_rows(view, page)), class_="ovs-rows")
    label = say(wording.saying(wording.OUTPUT_OF, command=view.command or view.path))
    if not (view.command or view.path):
        label = say(wording.PASTED)
    noted = view.view == "annotated" and any(entry.note for entry in view.entries)
    marks = ("ovs-capture", "" if noted else "ovs-plain", "ovs-in-place" if view.in_place else "")
    return element(
        "figure",
        _head(view, noted, say),
        element("div", body, class_="ovs-scroll", role="group", tabindex=0, aria_label=label),
        _foot(view),
        *tips_html(page.unsaid(view.tips), page, say),
        class_=" ".join(filter(None, (*marks, classes))),
        id=anchor,
        lang=view.language,
        style=f"--ovs-cols: {view.columns}",
    )


def _head(view: CaptureView, noted: bool, say: Say) -> str:
    switch = element(
        "label",
        element("input", type="checkbox", class_="ovs-switch", checked=True),
        element("span", text(say(wording.NOTES)), class_="ovs-label"),
        class_="ovs-tool ovs-toggle",
    )
    tools = element(
        "span",
        switch if noted else "",
        class_="ovs-tools",
        data_ovs_command=say(wording.COMMAND),
        data_ovs_output=say(wording.OUTPUT),
        data_ovs_copy_command=say(wording.COPY_COMMAND),
        data_ovs_copy_output=say(wording.COPY_OUTPUT),
        data_ovs_copied=say(wording.COPIED),
    )
    command = element(
        "code", captured(view.command), class_="ovs-cmd", data_ovs_prompt=view.prompt or "$"
    )
    return element(
        "figcaption",
        element("p", text(view.caption), class_="ovs-caption") if view.caption else "",
        element("span", text(view.where), class_="ovs-where") if view.where else "",
        command if view.command and not view.in_place else "",
        tools,
        class_="ovs-head",
    )


def _rows(view: CaptureView, page: Page) -> Iterator[str]:
    """The entries in their order, and what is gone where it stood."""
    gone = {ghosts.at: ghosts for ghosts in view.ghosts}
    for at in range(len(view.rows) + 1):
        if at in gone:
            yield _ghosts(gone[at], page)
        if at < len(view.rows):
            yield _row(view.rows[at], page)


def _row(row: Entry | Cut, page: Page) -> str:
    if isinstance(row, Entry):
        return _entry(row, page)
    return element(
        "details",
        element("summary", unlinked(row.summary)),
        *(_entry(entry, page) for entry in row.entries),
        class_="ovs-cut",
    )


def _ghosts(ghosts: Ghosts, page: Page) -> str:
    """No ``pre``: what is gone is no part of the output, and is not copied with it."""
    return element(
        "details",
        element("summary", text(ghosts.summary)),
        *(
            element("div", capture_text(entry, page, ""), class_="ovs-ghost", translate="no")
            for entry in ghosts.entries
        ),
        class_="ovs-cut ovs-ghosts",
    )


def _entry(entry: Entry, page: Page) -> str:
    marks = (
        "ovs-entry",
        "ovs-unit" if entry.unit else "",
        "ovs-marked" if entry.marked else "",
        f"ovs-since ovs-since-{entry.since}" if entry.since else "",
    )
    note = prose(entry.note, page, entry.anchor)
    return element(
        "div",
        pre(capture_text(entry.pieces, page, entry.anchor), class_="ovs-text", translate="no"),
        element("p", note, class_="ovs-note"),
        class_=" ".join(filter(None, marks)),
        id=entry.anchor or None,
    )


def _table(table: RecordTable, page: Page) -> str:
    head = "".join(
        element("th", element("span", text(name)), scope="col") for name in table.columns
    )
    rows = "".join(
        element("tr", *(element("td", capture_text(cell, page, "")) for cell in row))
        for row in table.rows
    )
    return element(
        "table",
        element("thead", element("tr", head)),
        element("tbody", rows),
        class_="ovs-table",
    )


def _foot(view: CaptureView) -> str:
    path = element("span", text(view.path), class_="ovs-path") if view.path else ""
    counts = element("span", text(view.counts), class_="ovs-counts") if view.counts else ""
    return element("div", path, counts, class_="ovs-foot") if path or counts else ""


def tips_html(tips: list[Tip], page: Page, say: Say) -> list[str]:
    """Tooltips as templates, which hold no text of the page until the script shows one."""
    return [
        element("template", _tip(tip, page, say), class_="ovs-tip-of", data_ovs_tip=tip.entity)
        for tip in tips
    ]


def _tip(tip: Tip, page: Page, say: Say) -> str:
    facts = "".join(
        element("div", element("dt", text(fact.name)), element("dd", prose(fact.value, page)))
        for fact in tip.facts
    )
    return "".join(
        (
            element(
                "p",
                prose((tip.name._replace(entity=None),), page),
                element("span", text(tip.kind), class_="ovs-kind"),
                class_="ovs-tip-name",
            ),
            element("p", prose(tip.sentence, page)) if tip.sentence else "",
            element("dl", facts) if facts else "",
            element(
                "p",
                prose(tip.evidence, page),
                " " if tip.evidence else "",
                element(
                    "span",
                    class_="ovs-mentions",
                    data_ovs_words=say(wording.saying(wording.MENTIONS, count="#")),
                ),
                class_="ovs-tip-foot",
            ),
        )
    )

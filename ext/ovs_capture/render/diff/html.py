"""What changed, as HTML: a summary, then hosts, then folds of changes with their captured text.

A sign and a word tell each kind of change, so that colour is never alone.
"""

from typing import NamedTuple

from ...translation import Translator
from .. import wording
from ..capture.html import tips_html
from ..markup import (
    element,
    pre,
    text,
)
from ..tokens import (
    Page,
    capture_text,
    prose,
)
from ..view import (
    DiffEntry,
    DiffHost,
    DiffSection,
    DiffView,
)

# A section of more entries begins folded.
MOST_OPEN = 12


class Titles(NamedTuple):
    """What stands on folds."""

    raw: str
    each: str


def diff_html(view: DiffView, page: Page, anchor: str | None, classes: str = "") -> str:
    """The whole figure."""
    say = Translator(view.language).text
    titles = Titles(say(wording.RAW_TEXT), say(wording.EACH_FLOW))
    return element(
        "figure",
        element("figcaption", text(view.caption), class_="ovs-caption") if view.caption else "",
        element("p", prose(view.summary, page), class_="ovs-diff-summary"),
        *(_host(host, page, titles, named=len(view.hosts) > 1) for host in view.hosts),
        *tips_html(page.unsaid(view.tips), page, say),
        class_=" ".join(filter(None, ("ovs-diff", classes))),
        id=anchor,
        lang=view.language,
    )


def _host(host: DiffHost, page: Page, titles: Titles, *, named: bool) -> str:
    return element(
        "div",
        element("p", text(host.title), class_="ovs-diff-host") if named else "",
        *(element("p", prose(words, page), class_="ovs-diff-lead") for words in host.lead),
        *(_section(section, page, titles) for section in host.sections),
        *(element("p", prose(words, page), class_="ovs-diff-note") for words in host.notes),
        class_="ovs-diff-of",
    )


def _section(section: DiffSection, page: Page, titles: Titles) -> str:
    head = element(
        "summary",
        element("span", text(section.title), class_="ovs-diff-title"),
        " ",
        element("span", text(section.counts), class_="ovs-diff-counts"),
    )
    entries = "".join(_entry(entry, page, titles) for entry in section.entries)
    return element(
        "details",
        head,
        element("ul", entries, class_="ovs-diff-list"),
        open=len(section.entries) <= MOST_OPEN,
        class_="ovs-diff-section",
    )


def _entry(entry: DiffEntry, page: Page, titles: Titles) -> str:
    raw = "".join(
        element(
            "div",
            element(
                "p",
                text(title),
                " ",
                element("span", text(path), class_="ovs-path"),
                class_="ovs-diff-side",
            ),
            pre(capture_text(pieces, page, ""), class_="ovs-diff-text", translate="no", tabindex=0),
        )
        for title, path, pieces in entry.raw
    )
    return element(
        "li",
        element(
            "span",
            element("span", text(entry.sign), aria_hidden="true", class_="ovs-diff-sign"),
            element("span", text(entry.word), class_="ovs-diff-word"),
            class_="ovs-diff-kind",
        ),
        element(
            "div",
            element("p", prose(entry.headline, page), class_="ovs-diff-head"),
            *(
                element("p", prose(words, page), class_="ovs-diff-detail")
                for words in entry.details
            ),
            element("details", element("summary", text(titles.raw)), raw, class_="ovs-diff-raw")
            if raw
            else "",
            _members(entry, page, titles) if entry.members else "",
        ),
        class_=f"ovs-diff-entry ovs-diff-{entry.kind}",
    )


def _members(entry: DiffEntry, page: Page, titles: Titles) -> str:
    return element(
        "details",
        element("summary", text(titles.each)),
        element(
            "ul",
            "".join(_entry(one, page, titles) for one in entry.members),
            class_="ovs-diff-list",
        ),
        class_="ovs-diff-members",
    )

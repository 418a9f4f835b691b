"""A built page in a real browser."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page, Request


@contextmanager
def opened(browser: "Browser", page: Path, **options: Any) -> Iterator["Page"]:
    """The page in a tab of its own, which may neither complain nor ask another host."""
    context = browser.new_context(**options)
    tab = context.new_page()
    faults = watched(tab)
    tab.goto(page.as_uri())
    try:
        yield tab
    finally:
        context.close()
    assert faults == []


def watched(tab: "Page") -> list[str]:
    """What will go wrong in a tab: errors of scripts, of the console, requests to other hosts."""
    faults: list[str] = []

    def said(message: "ConsoleMessage") -> None:
        if message.type in ("error", "warning"):
            faults.append(message.text)

    def asked(request: "Request") -> None:
        if not request.url.startswith(("file:", "data:")):
            faults.append(request.url)

    tab.on("pageerror", lambda error: faults.append(str(error)))
    tab.on("console", said)
    tab.on("request", asked)
    return faults

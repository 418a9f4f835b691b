"""``ovs-capture``: a capture, annotated."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives

from ...diagnostic import Code
from ...formats.command import read_command
from ...formats.reading import Capture, read, read_output
from ...redaction.masking import (
    masked_text,
    secrets_of,
)
from ...source import Source
from .. import report
from ..capture.annotate import (
    Choice,
    Since,
    annotate,
)
from ..capture.meaning import (
    capture_key,
    meaning_of,
)
from ..capture.selection import (
    Chooses,
    Term,
    find,
    line_ranges,
    terms_of,
)
from ..capture.where import where_of
from ..library.captures import (
    Place,
    Unusable,
)
from ..links.domain import (
    FOLDED,
    NAMED,
    TOLD,
    Mention,
)
from ..view import CaptureView, Cut, Token
from . import OvsDirective

VIEWS = ("annotated", "table", "raw")


class CaptureDirective(OvsDirective):
    """One figure for each capture of a file, or of the text in the directive."""

    has_content = True
    optional_arguments = 1
    option_spec: ClassVar[dict[str, Callable[[str], Any]]] = {
        "command": directives.unchanged_required,
        "host": directives.unchanged_required,
        "lines": directives.unchanged_required,
        "only": directives.unchanged_required,
        "highlight": directives.unchanged_required,
        "since": directives.unchanged_required,
        "view": directives.unchanged_required,
        "lang": directives.unchanged_required,
        "caption": directives.unchanged_required,
        "name": directives.unchanged,
        "class": directives.class_option,
    }

    def run(self) -> list[nodes.Node]:
        try:
            captures, place = self._read()
        except Unusable as problem:
            return self.refuse(problem)
        for capture in captures:
            report.keep(self.env, capture.parsed.diagnostics)
        self._say_what_is_masked(captures)
        choice = self._choice(captures)
        if place is None:
            self.library.paste(self.env.docname, captures)
            return self.later(
                lambda page: [
                    node
                    for capture in captures
                    for node in self._figures((capture,), page.of(capture), choice)
                ]
            )
        return self._figures(captures, place, choice)

    def _read(self) -> tuple[tuple[Capture, ...], Place | None]:
        """The captures and their host; None: pasted, and of the page's own host."""
        pasted = bool("".join(self.content).strip())
        if self.target:
            if pasted:
                self.warn(Code.TARGET, reason="a path and a pasted capture; the path is shown")
            return self.library.captures(self.env, self.target, joined=False)
        if not pasted:
            raise Unusable(Code.TARGET, reason="neither a path nor a pasted capture")
        captures = self._pasted()
        if key := self.options.get("host"):
            return captures, self.library.place(self.env, key, joined=False)
        return captures, None

    def _pasted(self) -> tuple[Capture, ...]:
        name = str(self.env.doc2path(self.env.docname, base=False))
        # Blank lines around it are the page's: a fence and an indented block differ in them.
        whole = "\n".join(self.content)
        text = whole.strip("\n") + "\n"
        above = len(whole) - len(whole.lstrip("\n"))
        source = Source(name, text, first_line=self.first_line + above)
        hide = self.library.settings.redact
        command = self.options.get("command")
        if command is None:
            found = read(source, hide=hide)
        else:
            known = read_command(masked_text(command) if hide else command)
            found = (read_output(source, known, hide=hide),)
        if command is not None or any(secrets_of(capture) for capture in found):
            # The command's option stands above the content, at most so many lines.
            last = source.line_numbers(source.span)[1]
            first = self.first_line - len(self.options) - 2
            self.domain.note_secrets(self.env.docname, (max(first, 1), last))
        return found

    def _say_what_is_masked(self, captures: Sequence[Capture]) -> None:
        settings = self.library.settings
        if settings.redact:
            found = filter(None, (secrets_of(capture) for capture in captures))
            report.keep_masked(self.env, found, as_warning=settings.warn_of_secrets)

    def _choice(self, captures: Sequence[Capture]) -> Choice:
        lines = None
        if (value := self.options.get("lines")) is not None:
            try:
                lines = line_ranges(value)
            except ValueError as error:
                self.warn_option("lines", str(error))
            else:
                if not any(_has_lines(capture, lines) for capture in captures):
                    self.warn(Code.OPTION_NO_MATCH, option="lines", value=value)
                    lines = None
        return Choice(lines, self._chooses("only", captures), self._chooses("highlight", captures))

    def _chooses(self, option: str, captures: Sequence[Capture]) -> Chooses | None:
        """The entries that an option means; a term that finds none is warned of."""
        found: list[Term] = []
        for term in terms_of(self.options.get(option, "")):
            try:
                terms = [find(term, capture.source, capture.marks) for capture in captures]
            except re.error as error:
                self.warn_option(option, f"{term!r} is not a regular expression: {error}")
                continue
            if not any(one.offsets for one in terms):
                self.warn(Code.OPTION_NO_MATCH, option=option, value=term)
            found += [one for one in terms if one.offsets]
        return (lambda span: any(term.chooses(span) for term in found)) if found else None

    def _figures(
        self, captures: Sequence[Capture], place: Place, choice: Choice
    ) -> list[nodes.Node]:
        report.keep(self.env, self.library.diagnostics(place))
        since = self._since(captures, place)
        shown = [c for c in captures if choice.lines is None or _has_lines(c, choice.lines)]
        return [self._figure(capture, place, choice, since.get(id(capture))) for capture in shown]

    def _since(self, captures: Sequence[Capture], place: Place) -> Mapping[int, Since]:
        """What changed since the capture (or all captures of the host) of ``:since:``."""
        path = self.options.get("since")
        if path is None or place.network is None:
            return {}
        from ..diff.page import since_of  # few captures need what compares two (``later``)

        self.library.join(self.env, place)
        try:
            if self.library.is_host(path):
                earlier = self.library.place(self.env, path)
                old = earlier.host.captures if earlier.host else ()
                self.library.show_captures(self.env, old)
            else:
                old, earlier = self.library.captures(self.env, path)
        except Unusable as problem:
            self.warn(problem.code, **problem.args_of_code)
            return {}
        report.keep(self.env, (d for capture in old for d in capture.parsed.diagnostics))
        return since_of(path, (old, earlier), (tuple(captures), place))

    @cached_property
    def view(self) -> str:
        view: str = self.options.get("view", VIEWS[0])
        if view in VIEWS:
            return view
        self.warn_option("view", f"{view!r} is none of {', '.join(VIEWS)}")
        return VIEWS[0]

    def _figure(
        self, capture: Capture, place: Place, choice: Choice, since: Since | None
    ) -> nodes.Node:
        path = self.target and self.library.key_of(self.library.path_of(self.target))
        words = (path or "pasted", *((str(capture.line),) if capture.line > 1 and path else ()))
        anchor = self.anchor(*words)
        shown = annotate(
            capture,
            meaning_of(capture, place, self.language),
            language=self.language,
            where=where_of(capture, place, self.language),
            path=path,
            anchor=anchor,
            view=self.view,
            choice=choice,
            redact=self.library.settings.redact,
            caption=self.author("caption"),
            since=since,
        )
        here = Mention(capture_key(capture.source.name), anchor, TOLD)
        self.note_mentions([here, *mentions(shown)])
        self.note_known(shown.tips, place, captured_in(shown))
        self.note_host(place, anchor, NAMED)
        return self.node(shown, anchor, plain_capture(shown))


def _has_lines(capture: Capture, lines: Sequence[range]) -> bool:
    first, last = capture.source.line_numbers(capture.source.span)
    return any(numbers.start <= last and first < numbers.stop for numbers in lines)


def mentions(view: CaptureView) -> Iterator[Mention]:
    """Every entity of every entry; a table and a raw text have no entries to link to."""
    for row in view.rows if view.view == "annotated" else ():
        folded = FOLDED if isinstance(row, Cut) else 0
        for entry in row.entries if isinstance(row, Cut) else (row,):
            for entity in entry.entities:
                rank = TOLD if entity == entry.subject else NAMED
                yield Mention(entity, entry.anchor, rank + folded)


def captured_in(view: CaptureView) -> dict[str, set[str]]:
    """Every entity that the output names, in all spellings."""
    found: dict[str, set[str]] = {}
    for piece in (piece for entry in view.entries for piece in entry.pieces):
        if isinstance(piece, Token) and piece.entity:
            found.setdefault(piece.entity, set()).add(piece.text)
    return found


def plain_capture(view: CaptureView) -> list[nodes.Node]:
    """The capture as any builder can show it: where, then command and output as they were."""
    head = f"{view.prompt} {view.command}\n" if view.command else ""
    words = " - ".join(filter(None, (view.caption, view.where)))
    text = nodes.literal_block(head + view.text, head + view.text, language="none")
    text["xml:space"] = "preserve"
    changes = [nodes.list_item("", nodes.paragraph("", words)) for words in view.since]
    told = [nodes.bullet_list("", *changes)] if changes else []
    return [*([nodes.paragraph("", words)] if words else []), text, *told]

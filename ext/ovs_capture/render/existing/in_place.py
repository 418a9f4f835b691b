"""``ovs_capture_auto``: the captures of an existing page, annotated where they stand.

Lives here: the way between the document and ``blocks``, which decides. A block of output keeps its
place in the document and takes a view along; only the HTML family shows the view in its stead. So
names, captions, numbers, translation and every other builder see the page as it was. Where a secret
is masked, the block's own text is.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform

from ...formats.reading import Capture, read
from ...network.page_hosts import Placed
from ...printable import shown
from ...redaction.masking import masked_text, secrets_of
from ...source import Source, Span, decode
from ...translation import Translator
from .. import report
from ..capture.annotate import annotate, columns_of
from ..capture.meaning import capture_key, meaning_of
from ..capture.where import where_of
from ..directives import known_of
from ..directives.capture import captured_in, mentions
from ..library.captures import Library, PageHosts, library
from ..links.domain import TOLD, Mention, domain_of
from ..nodes import ovs_view
from ..view import CaptureView, Cut, Entry, Tip, Token
from .blocks import Block, Found, Part, find

# What may stand between a command and its output.
_PROSE = (nodes.paragraph, nodes.comment, nodes.target, nodes.substitution_definition)
# What a block may say that a view keeps, or that has no effect.
_KEPT = frozenset(
    {
        *("ids", "names", "classes", "dupnames", "backrefs"),
        *("language", "force", "linenos", "highlight_args", "xml:space"),
    }
)


@dataclass(frozen=True)
class Spot:
    """A literal block in the document; ``block`` None: with options that only it can show."""

    node: nodes.literal_block
    block: Block | None
    headings: tuple[str, ...]


# The class by which an author says that a block is to stay as it is.
UNTOUCHED = "ovs-untouched"
# The attribute under which a block keeps its anchor and its view.
_VIEW = "ovs_view"


class Annotate(SphinxTransform):
    """Gives blocks of output their views, once a page is read to its end."""

    default_priority = 90  # before WholePage: a picture of the page needs all its captures

    def apply(self, **kwargs: Any) -> None:
        if library(self.env).settings.annotates(self.env.docname):
            _Page(self.document, self.env).annotate()


class ShowViews(SphinxPostTransform):
    """For the HTML family views instead of blocks; the other builders never see a view."""

    default_priority = 4  # before PlainForm

    def run(self, **kwargs: Any) -> None:
        is_html = library(self.env).builder.format == "html"
        for node in list(self.document.findall(nodes.literal_block)):
            if _VIEW not in node:
                continue
            anchor, view = node.attributes.pop(_VIEW)
            if is_html:
                ids = [anchor, *node["ids"]]
                made = ovs_view("", view=view, ids=ids, classes=list(node["classes"]))
                made.source, made.line = node.source, node.line
                node.replace_self(made)
                node["ids"] = []
                made.append(node)


class _Page:
    """One page while its blocks are looked at."""

    def __init__(self, document: nodes.document, env: BuildEnvironment) -> None:
        self.document, self.env = document, env
        self.docname = env.docname
        self.library: Library = library(env)
        self.domain = domain_of(env)
        self.name = str(env.doc2path(self.docname, base=False))
        self.language = Translator(env.config.language or "en").language
        self._files: dict[str, list[str]] = {}
        self._tips: dict[str, dict[str, Tip]] = {}
        self._number = 0

    def annotate(self) -> None:
        spots = list(self._spots())
        readable = [spot for spot in spots if spot.block is not None]
        found = list(
            zip(readable, find([s.block for s in readable if s.block is not None]), strict=True)
        )
        if not any(what.explained for _, what in found):
            self._mask(found)
            return
        self.library.find(
            self.docname,
            [Placed(capture, spot.headings) for spot, what in found for capture in what.captures],
        )
        hosts = self.library.page(self.docname, self._title)
        for spot, what in found:
            if what.explained:
                self._attach(spot, what, hosts)
        self._mask(found)

    @cached_property
    def _title(self) -> str:
        return next((one.astext() for one in self.document.findall(nodes.title)), "")

    def _spots(self) -> Iterator[Spot]:
        """All literal blocks of the page in order, with what stands around them."""
        before: nodes.Element | None = None
        for node in self.document.findall(nodes.literal_block):
            unit = _unit(node)
            if unit is None or isinstance(unit.parent, ovs_view):
                continue
            block = self._block(node, before, unit) if _is_plain(node) else None
            yield Spot(node, block, _headings(node))
            before = unit if block else None

    def _block(
        self, node: nodes.literal_block, before: nodes.Element | None, unit: nodes.Element
    ) -> Block | None:
        text = node.astext()
        if not text.strip() or shown(text) != text or "\r" in text:
            return None  # what no page shows as it is stays as the theme shows it
        # Highlighting ends a block with a newline, and so does a capture.
        text = text if text.endswith("\n") else text + "\n"
        name, line = self._place(node)
        source = Source(name, text, first_line=line)
        language = str(node.get("language", "")).lower()
        return Block(source, language, before is not None and _follows(unit, before))

    def _place(self, node: nodes.literal_block) -> tuple[str, int]:
        """The file that a block stands in and the line of its text, as messages name them."""
        where: str | None = node.source
        line: int | None = node.line
        above: nodes.Node | None = node.parent
        while above is not None and (where is None or line is None):
            where, line, above = where or above.source, line or above.line, above.parent
        file = str(where or self.env.doc2path(self.docname)).partition(":<")[0]
        page = str(self.env.doc2path(self.docname))
        name = self.name if Path(file) == Path(page) else file
        return name, self._line_of_text(file, node.astext(), line or 1)

    def _line_of_text(self, file: str, text: str, line: int) -> int:
        """Parsers tell the line of a fence, of a directive or of the text: it is looked up."""
        if file not in self._files:
            try:
                self._files[file] = decode(Path(file).read_bytes()).split("\n")
            except OSError:
                self._files[file] = []
        lines = self._files[file]
        # The parsers of reStructuredText and of lists take tabs for blanks.
        wanted = ["".join(one.split()) for one in text.rstrip().split("\n")]
        skipped: int = next(i for i, one in enumerate(wanted) if one)
        probe = wanted[skipped : skipped + 2]
        # A directive stands at most a few options above its text.
        order: list[int] = [
            *range(line - 1, line + 12),
            *range(line - 2, max(-1, line - len(wanted) - 4), -1),
        ]
        for index in order:
            found = ["".join(one.split()) for one in lines[max(0, index) : index + len(probe)]]
            # In a quote a mark stands before the text.
            if len(found) == len(probe) and all(map(str.endswith, found, probe)):
                return index + 1 - skipped
        return line

    def _attach(self, spot: Spot, what: Found, hosts: PageHosts) -> None:
        assert spot.block is not None
        node = spot.node
        anchor = self._anchor()
        settings = self.library.settings
        views: list[CaptureView | None] = []
        for part in what.parts:
            if part.capture is not None:
                # Where the author cut, what is left over is no fault of the page.
                if not part.capture.parsed.elided:
                    report.keep(self.env, part.capture.parsed.diagnostics)
                views.append(self._view(part.capture, hosts, anchor))
            else:
                views.append(None)
        view = _joined(spot.block.source, what.parts, views, redact=settings.redact)
        here = Mention(capture_key(spot.block.source.name), anchor, TOLD)
        self.domain.note_mentions(self.docname, [here, *mentions(view)])
        node[_VIEW] = (anchor, view)

    def _view(self, capture: Capture, hosts: PageHosts, anchor: str) -> CaptureView:
        place = hosts.of(capture)
        tips = self._tips.setdefault(place.key, {})
        view = annotate(
            capture,
            meaning_of(capture, place, self.language, tips),
            language=self.language,
            where=where_of(capture, place, self.language),
            anchor=anchor,
            redact=self.library.settings.redact,
        )
        self.domain.note_known(self.docname, known_of(view.tips, place, captured_in(view)))
        return view

    def _anchor(self) -> str:
        base = nodes.make_id(f"ovs-{self.docname}-block")
        self._number += 1
        while f"{base}-{self._number}" in self.document.ids:
            self._number += 1
        return f"{base}-{self._number}"

    def _mask(self, found: Sequence[tuple[Spot, Found]]) -> None:
        """Hide the secrets of commands and of their output, also where we explain neither."""
        settings = self.library.settings
        if not settings.redact:
            return
        for spot, what in found:
            if what.command is None and not what.parts:
                continue
            text = spot.node.astext()
            hidden = masked_text(text)
            if hidden == text or spot.block is None:
                continue
            spot.node.rawsource = hidden
            spot.node.children = []
            spot.node.append(nodes.Text(hidden))
            source = spot.block.source
            if source.name == self.name:
                self.domain.note_secrets(self.docname, source.line_numbers(source.span))
            whole = _whole(source)
            secrets = filter(None, [secrets_of(whole)])
            report.keep_masked(self.env, secrets, as_warning=settings.warn_of_secrets)


def _whole(source: Source) -> Capture:
    return read(source, format_name="raw")[0]


def _unit(node: nodes.literal_block) -> nodes.Element | None:
    """The block, or the container of its caption; None where it is no block of the page's own."""
    parent = node.parent
    if isinstance(parent, nodes.container) and parent.get("literal_block"):
        return parent
    return node if isinstance(parent, nodes.Element) else None


def _is_plain(node: nodes.literal_block) -> bool:
    """Has a block nothing that only the theme's own form of it can show?"""
    only_text = len(node.children) == 1 and isinstance(node.children[0], nodes.Text)
    options = set(node.attributes) <= _KEPT and not node.get("linenos")
    wanted = UNTOUCHED not in node["classes"]
    return only_text and options and wanted and not node.get("highlight_args")


def _follows(unit: nodes.Element, before: nodes.Element) -> bool:
    """Does nothing but prose stand between two blocks of one part of the page?"""
    if unit.parent is not before.parent:
        return False
    siblings = unit.parent.children
    between = siblings[siblings.index(before) + 1 : siblings.index(unit)]
    return all(isinstance(one, _PROSE) for one in between)


def _headings(node: nodes.Node) -> tuple[str, ...]:
    titles: list[str] = []
    above = node.parent
    while above is not None:
        if isinstance(above, nodes.section) and isinstance(above.children[0], nodes.title):
            titles.append(above.children[0].astext())
        above = above.parent
    return tuple(reversed(titles))


def _joined(
    source: Source, parts: Sequence[Part], views: Sequence[CaptureView | None], *, redact: bool
) -> CaptureView:
    """One view of a whole block: what stands around the outputs is shown as it is."""
    rows: list[Entry | Cut] = []
    tips: dict[str, Tip] = {}
    for part, view in zip(parts, views, strict=True):
        typed = part.command.text if part.command else ""
        rows += _typed_rows(source, Span(part.span.start, part.output.start), typed, redact=redact)
        if view is None:
            rows += _plain_rows(source, part.output, redact=redact)
        else:
            rows += view.rows
            tips.update((tip.entity, tip) for tip in view.tips)
        # A prompt that waits for the next command.
        rows += _typed_rows(source, Span(part.output.end, part.span.end), "", redact=redact)
    first = next(view for view in views if view is not None)
    several = len(parts) > 1
    return replace(
        first,
        command="" if several else first.command,
        rows=tuple(rows),
        counts="" if several else first.counts,
        columns=columns_of(source),
        text="",
        tips=tuple(tips.values()),
        in_place=True,
    )


def _typed_rows(source: Source, span: Span, command: str, *, redact: bool) -> Iterator[Entry]:
    """Lines that nobody printed: a prompt and its command."""
    typed = masked_text(command) if redact else command
    for entry in _plain_rows(source, span, "head", redact=redact):
        yield replace(entry, typed=typed)


def _plain_rows(source: Source, span: Span, kind: str = "code", *, redact: bool) -> Iterator[Entry]:
    """Lines that nothing is said about: what was typed, or output that we do not know."""
    text = source.slice(span)
    if text:
        line = source.place(span.start)[0]
        said = masked_text(text) if redact else text
        yield Entry(anchor="", pieces=(Token(said, kind),), line=line)


def setup(app: Sphinx) -> None:
    app.add_transform(Annotate)
    app.add_post_transform(ShowViews)

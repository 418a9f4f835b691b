"""Which blocks of an existing page are captures. Without Sphinx.

Lives here: the pairing of a command with its output, by rules that rather find nothing than too
much. A block is a capture when

- it begins with a prompt and holds output (a transcript, of one command or several), or
- it follows a block that holds one command, with nothing but prose between, or
- its first line is a command that we know, and all that follows is known as its output, or
- no command stands before it and its content is unmistakable: one format alone knows it, and
  knows every word of it;

and when the reader of the format made records of it. Everything else is left as it is: output of
several commands at once, scripts, formats that we do not know.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ...diagnostic import Code
from ...formats.command import (
    Command,
    read_command,
)
from ...formats.reading import (
    Capture,
    has_format,
    read_output,
)
from ...formats.transcript import (
    Piece,
    split,
)
from ...source import (
    Source,
    Span,
)

# Languages of blocks that a person gives to commands, by pygments' names and aliases.
SHELLS = frozenset(
    {
        *("sh", "bash", "zsh", "ksh", "shell", "console", "terminal"),
        *("shell-session", "bash-session", "sh-session"),
    }
)
# Languages that say nothing of what a block holds, or what commands print.
PLAIN = frozenset({"", "none", "text", "default", "output", "txt", "plaintext", "xml", "json"})
READABLE = SHELLS | PLAIN

# What prints nothing of its own and stands before the command that matters.
_SILENT = re.compile(r"\s*(?:#|(?:\.|source|export|cd|set|unset|su|exit)(?:\s|$)|sudo (?:-i|su)\b)")
# A line by which an author says that something was cut is no line that a reader fails at.
_BAD = frozenset({Code.UNKNOWN_LINE, Code.UNKNOWN_TOKEN, Code.BAD_VALUE, Code.TRUNCATED})
# Of a command's output at least this part of the lines must be known.
_KNOWN_PART = 0.75


@dataclass(frozen=True, slots=True)
class Block:
    """A literal block of a page.

    ``language``: as the author gave it; ``follows``: between it and the block before stands nothing
    but prose, in the same part of the page. ``source``: its whole text, named by the page.
    """

    source: Source
    language: str
    follows: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """One command and its output in a block. ``capture`` None: nothing that we can explain.

    ``span``: its lines, from the prompt where the block has one; ``output``: those of them that
    were printed.
    """

    span: Span
    output: Span
    capture: Capture | None


@dataclass(frozen=True, slots=True)
class Found:
    """What a block is: ``command`` where it holds a command alone, ``parts`` where it has output.

    ``explained``: at least one part is a capture that we know.
    """

    command: Command | None = None
    parts: tuple[Part, ...] = ()

    @property
    def captures(self) -> tuple[Capture, ...]:
        return tuple(part.capture for part in self.parts if part.capture is not None)

    @property
    def explained(self) -> bool:
        return bool(self.captures)


NOTHING = Found()


def find(blocks: Sequence[Block]) -> tuple[Found, ...]:
    """What each block of a page is, in order."""
    found: list[Found] = []
    for index, block in enumerate(blocks):
        before = found[-1] if found and block.follows else NOTHING
        # What commands printed that we could not tell is of nobody knows which command.
        doubtful = block.follows and index > 0 and _holds_commands(blocks[index - 1], before)
        found.append(_what(block, before.command, by_content=not doubtful))
    return tuple(found)


def _holds_commands(block: Block, what: Found) -> bool:
    return block.language in SHELLS and not what.parts


def _what(block: Block, command: Command | None, *, by_content: bool) -> Found:
    if block.language not in READABLE or not block.source.window.strip():
        return NOTHING
    pieces = _transcript(block.source)
    if pieces:
        return _of_transcript(block.source, pieces)
    alone = _lone_command(block)
    if alone is not None and (command is None or has_format(alone)):
        return Found(command=alone)
    if command is not None:
        capture = read_output(block.source, command)
        # A block of commands that is no single command may follow a command; it is no output.
        if block.language in SHELLS and not _is_sure(capture):
            return NOTHING
        return _one_output(block.source, capture if _is_sure(capture) else None)
    if (bare := _without_prompt(block.source)) is not None:
        return Found(parts=(Part(block.source.span, bare.source.span, bare),))
    if block.language in SHELLS or not by_content:
        return NOTHING
    capture = read_output(block.source, None)
    if capture.recognised == "content" and _is_whole(capture):
        return _one_output(block.source, capture)
    return NOTHING


def _one_output(source: Source, capture: Capture | None) -> Found:
    return Found(parts=(Part(source.span, source.span, capture),))


def _transcript(source: Source) -> tuple[Piece, ...]:
    """The pieces of a text that begins with a prompt and a command; none where it does not."""
    start = source.start
    while source.text.startswith("\n", start):
        start += 1
    pieces = split(source.part(Span(start, source.end)), has_format)
    first = pieces[0] if pieces else None
    if first is None or first.command is None or not first.command.words:
        return ()
    # A comment of a script looks like a prompt of root.
    if first.prompt == "#" and not has_format(first.command):
        return ()
    return tuple(piece for piece in pieces if piece.command is not None)


def _of_transcript(source: Source, pieces: Sequence[Piece]) -> Found:
    if not any(piece.source.window.strip() for piece in pieces):
        commands = [piece.command for piece in pieces if piece.command is not None]
        spoken = [command for command in commands if not _SILENT.match(command.text)]
        # Its place is in another block than its output: it has none.
        return Found(command=read_command(spoken[0].text)) if len(spoken) == 1 else NOTHING
    starts = [
        _line_start(source, piece.command.span.start)
        for piece in pieces
        if piece.command is not None
    ]
    ends = [*starts[1:], source.end]
    starts[0] = source.start
    return Found(
        parts=tuple(
            Part(Span(start, end), piece.source.span, _read(piece))
            for piece, start, end in zip(pieces, starts, ends, strict=True)
        )
    )


def _read(piece: Piece) -> Capture | None:
    if not piece.source.window.strip():
        return None
    capture = replace(read_output(piece.source, piece.command), prompt=piece.prompt)
    return capture if _is_sure(capture) else None


def _line_start(source: Source, offset: int) -> int:
    return max(source.start, source.text.rfind("\n", source.start, offset) + 1)


def _lone_command(block: Block) -> Command | None:
    """The one command that a block without prompts holds, else None.

    Where its language is no shell's, only a command whose output we know is taken for one.
    """
    lines = block.source.window.strip("\n").split("\n")
    while lines and (not lines[0].strip() or _SILENT.match(lines[0])):
        lines.pop(0)
    if not lines or (block.language not in SHELLS and len(lines) > _LONGEST_COMMAND):
        return None
    text = "$ " + "\n".join(lines).rstrip() + "\n"
    pieces = split(Source("", text), has_format)
    if len(pieces) != 1 or pieces[0].command is None or pieces[0].source.window.strip():
        return None
    # Its place is in another block than its output: it has none.
    command = read_command(pieces[0].command.text)
    if block.language in SHELLS:
        return command if command.words else None
    return command if has_format(command) else None


# Lines of a command in a block that is not called a shell's.
_LONGEST_COMMAND = 12


def _without_prompt(source: Source) -> Capture | None:
    """A command and its output in one block without any prompt, where there is no doubt."""
    start = source.text.find("\n", source.start) + 1
    end = start - 1
    line = source.text[source.start : max(end, source.start)]
    if not line.strip() or not source.text[start : source.end].strip():
        return None
    command = read_command(line, Span(source.start, end))
    if not has_format(command):
        return None
    capture = read_output(source.part(Span(start, source.end)), command)
    return capture if _is_sure(capture) and _is_whole(capture) else None


def _is_sure(capture: Capture) -> bool:
    """Is the format certain, and most of the text known to it?"""
    if capture.format.name == "raw" or not capture.parsed.records:
        return False
    lines = sum(1 for _, line in capture.source.lines() if line.strip())
    unknown = sum(1 for _ in _bad(capture, frozenset({Code.UNKNOWN_LINE})))
    return lines - unknown >= lines * _KNOWN_PART


def _is_whole(capture: Capture) -> bool:
    """Is every word of the text known?"""
    return bool(capture.parsed.records) and not any(_bad(capture, _BAD))


def _bad(capture: Capture, codes: frozenset[Code]) -> Iterator[Code]:
    return (d.code for d in capture.parsed.diagnostics if d.code in codes)

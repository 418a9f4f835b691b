"""Captures on disk: scenarios, hosts, hints. The input end of the project.

Lives here: everything that opens a file of the capture root. Does not live here: what a capture
means. Form of the files: ``captures/<scenario>/<host>/<name>.txt[.gz]``, ``host.toml``,
``scenario.toml``. A directory is a host when captures lie directly in it, a scenario when only
directories do.
"""

import gzip
import io
import re
import tomllib
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_interface, ip_network
from pathlib import Path
from typing import Any

from .diagnostic import Code, Diagnostic
from .formats.reading import Capture, read, without
from .formats.secrets import secret_spans
from .progress import Along, alone
from .source import Source, Span, decode

SUFFIXES = (".txt", ".txt.gz")


@dataclass(frozen=True, slots=True)
class Title:
    """A title that may differ by language; that of "" is for every other language."""

    by_language: Mapping[str, str]

    def in_language(self, language: str) -> str:
        titles = self.by_language
        order = (language, "", "en", *titles)
        return next((titles[key] for key in order if titles.get(key)), "")


@dataclass(frozen=True, slots=True)
class InterfaceHint:
    """``[interface.NAME]`` of host.toml: what no capture can show. ``line`` of its header."""

    address: str | None
    rail: str | None
    line: int


@dataclass(frozen=True, slots=True)
class Hints:
    """host.toml. ``source`` is None when the host has no such file."""

    source: Source | None = None
    title: Title | None = None
    pipeline: str | None = None
    interfaces: Mapping[str, InterfaceHint] = field(default_factory=dict)
    alias: Mapping[str, str] = field(default_factory=dict)
    diagnostics: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True)
class Host:
    """A directory of captures: one host at one time (a snapshot). ``key``: ``scenario/host``."""

    key: str
    path: Path
    captures: tuple[Capture, ...]
    hints: Hints
    diagnostics: tuple[Diagnostic, ...] = ()
    files: tuple[Path, ...] = ()

    @property
    def name(self) -> str:
        return self.key.rsplit("/", 1)[-1]

    def title(self, language: str) -> str:
        """host.toml's title, else the directory's name: a title is never in a capture."""
        return self.hints.title.in_language(language) if self.hints.title else self.name


@dataclass(frozen=True, slots=True)
class Accept:
    """``[[accept]]`` of scenario.toml: a contradiction that the author knows."""

    code: str
    what: str
    why: Title | None
    line: int


@dataclass(frozen=True)
class Scenario:
    """A directory of hosts. ``hosts`` in the order of scenario.toml, else in natural order."""

    key: str
    path: Path
    hosts: tuple[Host, ...]
    title: Title | None = None
    notes: str | None = None
    accepts: tuple[Accept, ...] = ()
    source: Source | None = None
    diagnostics: tuple[Diagnostic, ...] = ()

    def host(self, name: str) -> Host | None:
        return next((host for host in self.hosts if host.name == name), None)


@dataclass(frozen=True)
class Target:
    """What a directive or the command names: the hosts to show, and the scenario they stand in.

    ``scenario`` None: the path is no directory of captures, which ``diagnostics`` says.
    """

    hosts: tuple[Host, ...]
    scenario: Scenario | None = None
    diagnostics: tuple[Diagnostic, ...] = ()

    def siblings(self, host: Host) -> tuple[Host, ...]:
        """The other directories of the scenario: what may be joined across is joined from them."""
        return tuple(other for other in self.everyone if other.key != host.key)

    @property
    def everyone(self) -> tuple[Host, ...]:
        """All hosts of the scenario; those of the target as the target reads them."""
        own = {host.key: host for host in self.hosts}
        hosts = self.scenario.hosts if self.scenario else self.hosts
        return tuple(own.get(host.key, host) for host in hosts)


def natural(text: str) -> tuple[tuple[int, int, str], ...]:
    """Sort key that puts ``eth2`` before ``eth10``."""
    return tuple(
        (1, 0, part) if index % 2 == 0 else (0, len(digits := part.lstrip("0")), digits)
        for index, part in enumerate(re.split(r"([0-9]+)", text))
        if part
    )


def read_text(path: Path) -> str:
    """A capture file's text. Raises OSError, also for a damaged .gz."""
    if path.name.endswith(".gz"):
        try:
            return decode(_unpacked(path.read_bytes()))
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise OSError(f"damaged gzip file: {error}") from error
    return decode(path.read_bytes())


# deflate packs a thousand times; dumps of flows, which repeat themselves, not a hundred times.
_MOST_UNPACKED = 200
_ALWAYS_UNPACKED = 1 << 26


def _unpacked(data: bytes) -> bytes:
    """Raises OSError for a file that was made to fill the memory."""
    most = max(_ALWAYS_UNPACKED, _MOST_UNPACKED * len(data))
    with gzip.GzipFile(fileobj=io.BytesIO(data)) as packed:
        found = packed.read(most + 1)
    if len(found) > most:
        raise OSError(f"it unpacks to more than {_MOST_UNPACKED} times its size")
    return found


def capture_files(directory: Path) -> list[Path]:
    """Capture files that lie directly in a directory, in natural order of their names."""
    return sorted(
        filter(_is_capture, directory.iterdir()),
        key=lambda p: natural(p.name),
    )


def _is_capture(path: Path) -> bool:
    return path.name.endswith(SUFFIXES) and path.is_file()


def is_host(directory: Path) -> bool:
    # A scenario may have hundreds of hosts, and each asks: only what is named so is looked at.
    return directory.is_dir() and any(map(_is_capture, directory.iterdir()))


def is_scenario(directory: Path) -> bool:
    return (
        directory.is_dir()
        and not is_host(directory)
        and any(is_host(child) for child in directory.iterdir() if child.is_dir())
    )


def read_file(
    path: Path, shown: str, *, hide: bool = False
) -> tuple[tuple[Capture, ...], tuple[Diagnostic, ...]]:
    """All captures of a file. ``shown``: the name that messages and pages give it.

    ``hide``: secrets are asterisks before anything is read.
    """
    source, problems = _open(path, shown)
    return (() if problems else read(source, hide=hide)), problems


def _open(path: Path, shown: str, *, hide: bool = False) -> tuple[Source, tuple[Diagnostic, ...]]:
    """A file's text; empty, with a diagnostic, when the system does not give it."""
    try:
        source = Source(shown, read_text(path))
        return (without(source, secret_spans(source)) if hide else source), ()
    except OSError as error:
        source = Source(shown, "")
        reason = error.strerror or str(error)
        args = {"path": shown, "reason": reason}
        return source, (Diagnostic(Code.NOT_READABLE, source, Span(0, 0), args),)


def read_host(path: Path, key: str, shown: str, *, hide: bool = False) -> Host:
    """A host's captures and hints. ``shown``: what replaces ``path`` in the names of its files.

    ``hide``: secrets are asterisks before anything is read.
    """
    captures: list[Capture] = []
    problems: list[Diagnostic] = []
    files = capture_files(path)
    for file in files:
        found, bad = read_file(file, f"{shown}/{file.name}", hide=hide)
        captures += found
        problems += bad
    hints_file = path / "host.toml"
    hints = Hints()
    if hints_file.is_file():
        files.append(hints_file)
        source, bad = _open(hints_file, f"{shown}/host.toml", hide=hide)
        problems += bad
        hints = read_hints(source)
    return Host(key, path, tuple(captures), hints, (*problems, *hints.diagnostics), tuple(files))


def read_scenario(
    path: Path, key: str, shown: str, *, hide: bool = False, along: Along[Host] = alone
) -> Scenario:
    """A scenario and its hosts.

    ``hide``: secrets are asterisks before anything is read. ``along``: sees the hosts as they are
    read, one by one.
    """
    names = sorted((p.name for p in path.iterdir() if is_host(p)), key=natural)
    unreadable: tuple[Diagnostic, ...] = ()
    toml = _Toml(Source(f"{shown}/scenario.toml", ""))
    file = path / "scenario.toml"
    if file.is_file():
        source, unreadable = _open(file, f"{shown}/scenario.toml", hide=hide)
        toml = _Toml(source)
    toml.only_keys((), ("title", "hosts", "notes", "accept"))
    order = toml.texts("hosts")
    for index, name in enumerate(order):
        if name not in names:
            toml.bad(("hosts",), f"there is no host {name!r} in {shown}", name)
        elif name in order[:index]:
            toml.bad(("hosts",), f"host {name!r} stands twice in hosts", name)
    names.sort(key=lambda name: order.index(name) if name in order else len(order))
    read = (read_host(path / name, f"{key}/{name}", f"{shown}/{name}", hide=hide) for name in names)
    hosts = tuple(along(read, len(names)))
    title, notes, accepts = toml.title(), toml.text(("notes",)), toml.accepts()
    return Scenario(
        key,
        path,
        hosts,
        title=title,
        notes=notes,
        accepts=accepts,
        source=toml.source if file.is_file() else None,
        diagnostics=(*unreadable, *toml.sorted_problems()),
    )


def load_target(path: Path, *, hide: bool = False, along: Along[Host] = alone) -> Target:
    """A scenario's hosts, or one host of it; files are named as ``path`` is.

    ``hide``: secrets are asterisks before anything is read. ``along``: sees the hosts as they are
    read, one by one.

    A host directory brings its scenario (the directory around it) with it, if that is one.
    """
    try:
        if is_host(path):
            return _load_host(path, hide, along)
        if is_scenario(path):
            name = path.resolve().name
            scenario = read_scenario(path, name, _shown(path), hide=hide, along=along)
            return Target(scenario.hosts, scenario, scenario.diagnostics)
    except OSError as error:
        reason = error.strerror or str(error)
        return _no_target(Code.NOT_READABLE, path, {"path": str(path), "reason": reason})
    return _no_target(Code.NOT_FOUND, path, {"path": str(path)})


def load_host(path: Path, along: Along[Host] = alone) -> tuple[Host, tuple[Host, ...]]:
    """A host and its siblings. Raises FileNotFoundError where ``path`` is no host directory."""
    target = load_target(path, along=along)
    if len(target.hosts) != 1 or target.hosts[0].path != path:
        raise FileNotFoundError(f"no captures directly in {path}")
    return target.hosts[0], target.siblings(target.hosts[0])


def host_key(path: Path) -> str:
    """The key that the host directory ``path`` has as a target; reads no capture."""
    around, name = _around(path), path.resolve().name
    if is_scenario(around) and is_host(around / name):
        return f"{around.resolve().name}/{name}"
    return f"{path.resolve().parent.name}/{name}"


def _around(path: Path) -> Path:
    """The directory around it: "." and ".." have no name of their own."""
    return path.parent if path.name not in ("", "..") else path / ".."


def _load_host(path: Path, hide: bool, along: Along[Host]) -> Target:
    around = _around(path)
    if is_scenario(around):
        name = around.resolve().name
        scenario = read_scenario(around, name, _shown(around), hide=hide, along=along)
        if host := scenario.host(path.resolve().name):
            # Its own files are named as the user named the directory.
            if f"{_shown(around)}/{host.name}" != _shown(path):
                host = read_host(path, host.key, _shown(path), hide=hide)
            return Target((host,), scenario, scenario.diagnostics)
    return Target((read_host(path, host_key(path), _shown(path), hide=hide),))


def _shown(path: Path) -> str:
    return path.as_posix()


def _no_target(code: Code, path: Path, args: Mapping[str, object]) -> Target:
    return Target((), None, (Diagnostic(code, Source(_shown(path), ""), Span(0, 0), args),))


def read_hints(source: Source) -> Hints:
    """host.toml; every key that we do not know is a diagnostic at its place."""
    toml = _Toml(source)
    toml.only_keys((), ("title", "pipeline", "interface", "alias"))
    pipeline = toml.text(("pipeline",))
    if pipeline is not None and pipeline not in ("neutron-ovs", "ovn", "none"):
        toml.bad(("pipeline",), "pipeline is neutron-ovs, ovn or none")
        pipeline = None
    interfaces = {}
    for name in toml.table(("interface",)):
        where = ("interface", name)
        toml.table(where)
        toml.only_keys(where, ("address", "rail"))
        interfaces[name] = InterfaceHint(
            toml.text((*where, "address"), ip_interface),
            toml.text((*where, "rail"), ip_network),
            toml.line(where),
        )
    aliases = {name: toml.text(("alias", name)) for name in toml.table(("alias",))}
    alias = {name: text for name, text in aliases.items() if text is not None}
    title = toml.title()
    return Hints(source, title, pipeline, interfaces, alias, toml.sorted_problems())


_Where = tuple[str, ...]
_KEY = r"(?:[A-Za-z0-9_-]+|\"(?:[^\"\\\n]|\\.)*\"|'[^'\n]*')"
_DOTTED = rf"{_KEY}(?:[ \t]*\.[ \t]*{_KEY})*"
_HEADER = re.compile(rf"[ \t]*(?P<array>\[)?\[[ \t]*(?P<name>{_DOTTED})[ \t]*\]\]?")
_PAIR = re.compile(rf"[ \t]*(?P<name>{_DOTTED})[ \t]*=")
# tomllib calls itself for each bracket, and needs the square of the parts of a key. No hint needs
# more than three.
_DEEPEST = 32
_LONG_NUMBER = re.compile(r"(?<![\w\"'])[+-]?\d[\d_]{4000,}")
_NESTING = re.compile(
    r"""
    \"\"\"(?:[^\\\"]|\\.|\"(?!\"\"))*(?:\"\"\")?
  | \'\'\'.*?(?:\'\'\'|\Z)
  | "(?:[^"\\\n]|\\[^\n])*"?
  | '[^'\n]*'?
  | \#[^\n]*
  | (?P<sign>[\[\]{}.,=\n])
    """,
    re.VERBOSE | re.DOTALL,
)


def _too_deep(text: str) -> Span | None:
    """The bracket, or the point of a key, that is one too many."""
    depth = points = 0
    for match in _NESTING.finditer(text):
        sign = match["sign"]
        if sign is None:
            continue
        points = points + 1 if sign == "." else 0
        if sign in "[{":
            depth += 1
        elif sign in "]}":
            depth -= 1
        if depth > _DEEPEST or points > _DEEPEST:
            return Span(*match.span())
    return None


def _bad_hint(source: Source, span: Span, reason: str) -> Diagnostic:
    return Diagnostic(Code.BAD_HINT, source, span, {"reason": reason})


class _Toml:
    """A TOML file whose every value still knows its place, which tomllib forgets.

    ``problems`` are collected while values are asked for: a value of a wrong type is one problem
    and then absent.
    """

    def __init__(self, source: Source) -> None:
        self.source = source
        self.problems: list[Diagnostic] = []
        self.values: dict[str, Any] = {}
        # A byte order mark is an editor's; as a blank it disturbs nobody and no offset moves.
        text = re.sub("^\ufeff", " ", source.text)
        self.places: dict[_Where, Span] = {}
        if (deep := _too_deep(text)) is not None:
            self.problems.append(_bad_hint(source, deep, "nested too deep"))
            return
        try:
            self.values = tomllib.loads(text)
        except ValueError as error:  # of a number of too many digits it is no TOMLDecodeError
            self._malformed(error)
        # The first mention of a table is where a reader looks for it.
        self.places = dict(reversed(list(_places(text))))

    def _malformed(self, error: ValueError) -> None:
        offset = 0 if (long := _LONG_NUMBER.search(self.source.text)) is None else long.start()
        if isinstance(error, tomllib.TOMLDecodeError):
            offset = len(self.source.text)
        if where := re.search(r"line (\d+), column (\d+)", str(error)):
            lines = self.source.text.split("\n")[: int(where[1]) - 1]
            offset = min(offset, sum(len(line) + 1 for line in lines) + int(where[2]) - 1)
        self.problems.append(_bad_hint(self.source, Span(offset, offset), str(error)))

    def bad(self, where: _Where, reason: str, text: str = "") -> None:
        """A problem at a key, or at ``text`` behind it."""
        span = self.places.get(where, Span(0, 0))
        if text and (at := self.source.text.find(text, span.end)) >= 0:
            span = Span(at, at + len(text))
        self.problems.append(_bad_hint(self.source, span, reason))

    def sorted_problems(self) -> tuple[Diagnostic, ...]:
        return tuple(sorted(self.problems, key=lambda problem: problem.span))

    def line(self, where: _Where) -> int:
        return self.source.place(self.places.get(where, Span(0, 0)).start)[0]

    def get(self, where: _Where) -> Any:
        value: Any = self.values
        for key in where:
            if isinstance(value, list) and key.isdecimal():
                value = value[int(key)]
            else:
                value = value.get(key) if isinstance(value, dict) else None
        return value

    def only_keys(self, where: _Where, known: tuple[str, ...]) -> None:
        value = self.get(where)
        for key in value if isinstance(value, dict) else ():
            if key not in known:
                reason = f"unknown key {key!r}; known are {', '.join(known)}"
                self.bad((*where, key), reason)

    def table(self, where: _Where) -> Mapping[str, Any]:
        value = self.get(where)
        if value is not None and not isinstance(value, dict):
            self.bad(where, f"{'.'.join(where)} must be a table")
        return value if isinstance(value, dict) else {}

    def text(self, where: _Where, kind: Callable[[str], object] = str) -> str | None:
        """A text; one that ``kind`` does not take is a problem and None."""
        value = self.get(where)
        if value is None:
            return None
        try:
            if isinstance(value, str):
                kind(value)
                return value
            self.bad(where, f"{'.'.join(where)} must be text")
        except ValueError:
            self.bad(where, f"{value!r} is not a valid {where[-1]}")
        return None

    def texts(self, key: str) -> list[str]:
        """A list of texts."""
        value = self.get((key,))
        if value is None:
            return []
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return value
        self.bad((key,), f"{key} must be a list of texts")
        return []

    def title(self, where: _Where = ("title",)) -> Title | None:
        """A text for all languages, or a table of texts by language."""
        value = self.get(where)
        if value is None:
            return None
        if isinstance(value, str):
            return Title({"": value})
        if isinstance(value, dict) and value and all(isinstance(v, str) for v in value.values()):
            return Title(value)
        self.bad(where, f"{where[-1]} is text, or a table of texts by language")
        return None

    def accepts(self) -> tuple[Accept, ...]:
        value = self.get(("accept",))
        if value is not None and not (
            isinstance(value, list) and all(isinstance(item, dict) for item in value)
        ):
            self.bad(("accept",), "accept is written as [[accept]]")
            return ()
        found = []
        for index in range(len(value or ())):
            where = ("accept", str(index))
            self.only_keys(where, ("code", "what", "why"))
            code, what = (self.text((*where, key)) for key in ("code", "what"))
            if code is None or what is None:
                self.bad(where, "an [[accept]] needs code and what")
            elif code not in {known.value for known in Code}:
                self.bad((*where, "code"), f"there is no warning {code!r}", code)
            else:
                found.append(Accept(code, what, self.title((*where, "why")), self.line(where)))
        return tuple(found)


def _places(text: str) -> Iterator[tuple[_Where, Span]]:
    """Where each key of a TOML text stands: ``("interface", "eth0")``, ``("accept", "1", "code")``.

    A scan by lines: what a multi-line string holds could be taken for keys, which at worst moves
    the place of a message.
    """
    table: _Where = ()
    arrays: dict[_Where, int] = {}
    offset = 0
    for line in text.split("\n"):
        if header := _HEADER.match(line):
            table = _path(header["name"])
            if header["array"]:
                arrays[table] = arrays.get(table, -1) + 1
                yield table, Span(*(offset + at for at in header.span("name")))
                table = (*table, str(arrays[table]))
            for depth in range(1, len(table) + 1):
                yield table[:depth], Span(*(offset + at for at in header.span("name")))
        elif pair := _PAIR.match(line):
            key = _path(pair["name"])
            yield (*table, *key), Span(*(offset + at for at in pair.span("name")))
            for inner in _inner_keys(line[pair.end() :]):
                start = offset + pair.end() + inner.start("name")
                name = _path(inner["name"])
                yield (*table, *key, *name), Span(start, start + len(inner["name"]))
        offset += len(line) + 1


def _inner_keys(value: str) -> Iterator[re.Match[str]]:
    """Keys of an inline table."""
    if value.lstrip().startswith("{"):
        yield from re.finditer(rf"[{{,][ \t]*(?P<name>{_DOTTED})[ \t]*(?==)", value)


def _path(dotted: str) -> _Where:
    return tuple(key[1:-1] if key[0] in "\"'" else key for key in re.findall(_KEY, dotted))

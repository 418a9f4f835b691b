"""``virsh dumpxml DOMAIN``: a domain, or fragments of it cut out by sed or grep.

Sample::

    <interface type='ethernet'>
      <mac address='fa:16:3e:55:2a:5d'/>
      <target dev='tap635485ff-6c'/>
      <mtu size='1500'/>
    </interface>

Grammar: XML without its document: any number of elements, text between them only where an element
of libvirt holds text. A tokenizer and not an XML parser reads it, since a fragment has several
roots and the place of every attribute is needed; no entity but XML's own five and numbers is
resolved, no document type is read. Printer: libvirt src/conf/domain_conf.c virDomainNetDefFormat;
Nova's metadata: nova/virt/libvirt/config.py LibvirtConfigGuestMetaNovaInstance. Nova 24 made ports
of OVS ``type='ethernet'`` (``bridge`` before); nova:ports since Nova 23.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from ..source import Source, Span
from .base import ELISION, MAC, UUID, Findings, Format, Kind, Parsed, Record, as_number, is_address
from .command import Command


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainInterface(Record):
    """One ``<interface>``; the n-th, from 0, is the guest's ethN when nothing says better."""

    number: int
    type: str | None = None
    mac: str | None = None
    target: str | None = None
    model: str | None = None
    source: dict[str, str]
    mtu: int | None = None
    interface_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainDescription(Record):
    """The head of a ``<domain>``, with Nova's name of the server where its metadata says it.

    Its span reaches to the last of these. A capture of fragments has none.
    """

    name: str | None = None
    uuid: str | None = None
    server_name: str | None = None


_NAME = r"[A-Za-z_][\w:.-]*"
_ATTRIBUTE = re.compile(
    rf"\s+(?P<key>{_NAME})\s*=\s*(?:'(?P<single>[^'<]*)'|\"(?P<double>[^\"<]*)\")"
)
_TOKEN = re.compile(
    rf"""(?P<skipped><!--.*?-->|<\?.*?\?>|<!DOCTYPE[^\[<>]*(?:\[.{{0,4000}}?\]\s*)?>)
       | <!\[CDATA\[(?P<data>.*?)\]\]>
       | </(?P<close>{_NAME})\s*>
       | <(?P<open>{_NAME})
          (?P<attributes>(?:\s+{_NAME}\s*=\s*(?:'[^'<]*'|"[^"<]*"))*)\s*(?P<empty>/?)>
       | (?P<text>[^<]+)""",
    re.VERBOSE | re.DOTALL,
)
_CLOSED_BY = {"<!--": "-->", "<?": "?>", "<![CDATA[": "]]>"}
# What a value of an attribute has as one blank (XML 1.0, 2.11 and 3.3.3).
_BLANK = re.compile(r"\r\n|[\r\n\t]")
_REFERENCE = re.compile(r"&(?:amp|lt|gt|apos|quot|#\d+|#x[0-9a-fA-F]+);")


@dataclass
class _Element:
    """An element that is open. ``values``: what a record takes from it and the elements in it."""

    name: str
    start: int
    attributes: dict[str, str]
    values: dict[str, str] = field(default_factory=dict)
    source: dict[str, str] = field(default_factory=dict)
    end: int = 0


# Which open elements end where another begins: no domain or interface holds what is named here.
_NEVER_HOLDS = {"domain": ("domain", "interface"), "interface": ("interface",)}


class _Reader:
    """The tokens of one capture, told as open and closed elements."""

    def __init__(self, source: Source) -> None:
        self.found = Findings(source, FORMAT.name)
        self.source = source
        self.open: list[_Element] = []
        # Where elements of each name stand in ``open``: a hostile file is nested ever deeper, and
        # no step may look at all of it.
        self.depths: dict[str, list[int]] = {}
        self.records: list[DomainInterface | DomainDescription] = []  # with exact spans
        self.interfaces = 0
        self.cut = False
        self.last = source.start  # where the last markup ended
        # Looked for once: what nothing closes would be looked for from each line again.
        self.closed = {
            opened: source.text.rfind(closed, source.start, source.end)
            for opened, closed in _CLOSED_BY.items()
        }
        self.said = source.start + len(source.window.rstrip())

    def read(self) -> Parsed:
        position = self.source.start
        while position < self.source.end:
            token = (
                None
                if self._is_unclosed(position)
                else _TOKEN.match(self.source.text, position, self.source.end)
            )
            position = self._take(token) if token else self._skip(position)
        for element in reversed(self.open):
            self._unfinished(element)
            self._finish(element, self.last)
        self.found.records += self._whole_lines()
        return self.found.parsed()

    def _is_unclosed(self, position: int) -> bool:
        text = self.source.text
        return any(
            last < position and text.startswith(opened, position)
            for opened, last in self.closed.items()
        )

    def _take(self, token: re.Match[str]) -> int:
        if token["text"] is not None:
            self._text(token.start(), token["text"])
        elif token["data"] is not None:
            self._data(token.start("data"), token["data"])
        elif token["open"]:
            self._start(token)
            if token["empty"]:
                self._end(token["open"], token.start(), token.end())
        elif token["close"]:
            self._mark_end(token)
            self._end(token["close"], token.start(), token.end())
        if token["text"] is None:
            self.last = token.end()
        return token.end()

    def _skip(self, position: int) -> int:
        """``<`` that begins nothing: where a capture was cut, or a broken line (left out)."""
        end = self.found.line_end(position)
        if end < self.said:
            line = self.source.text[position:end].removesuffix("\r")
            self.found.unknown_line(position, line)
            return end
        self.found.truncated(Span(position, end), "a tag")
        self.cut = True
        self.last = end
        return self.source.end

    def _text(self, start: int, text: str) -> None:
        if self.open and "\n" not in text:
            self._data(start, text)
            return
        for match in re.finditer(r"[^\n]+", text):
            line = match[0].removesuffix("\r")
            if not line.strip():
                continue
            if ELISION.fullmatch(line):
                self.found.elided = True
            elif not self._inside("domain"):
                self.found.unknown_line(start + match.start(), line)

    def _data(self, start: int, text: str) -> None:
        """Text of an element: three of them name the guest."""
        if len(self.open) < 2 or self.open[0].name != "domain" or not text.strip():
            return
        domain, parent, name = self.open[0], self.open[-2].name, self.open[-1].name
        kind = {
            ("domain", "name"): Kind.GUEST,
            ("domain", "uuid"): Kind.UUID,
            ("nova:instance", "nova:name"): Kind.GUEST,
        }.get((parent, name))
        if kind is not None:
            value = _resolved(text.strip().replace("\r\n", "\n"))
            domain.values[name] = value
            if "\n" not in text.strip():
                start += len(text) - len(text.lstrip())
                self.found.mark(start, text.strip(), kind, value)

    def _mark_end(self, token: re.Match[str]) -> None:
        """Mark a closing tag; what a line break parts in two is no single mark."""
        if "\n" not in token[0]:
            self.found.mark(token.start(), token[0], Kind.DIM)
        else:
            self.found.mark(token.start(), f"</{token['close']}", Kind.DIM)
            self.found.mark(token.end() - 1, ">", Kind.DIM)

    def _start(self, token: re.Match[str]) -> None:
        name = token["open"]
        if outer := self._inside(*_NEVER_HOLDS.get(name, ())):
            # Its closing tag was cut out.
            self._unfinished(outer)
            self._close(self.depths[outer.name][0], self.last)
        if name == "domain":
            self.interfaces = 0
        element = _Element(name, token.start(), {})
        places: dict[str, tuple[int, str]] = {}
        self.found.mark(token.start(), f"<{name}", Kind.DIM)
        for match in _ATTRIBUTE.finditer(token["attributes"]):
            group = "single" if match["single"] is not None else "double"
            element.attributes[match["key"]] = _resolved(_BLANK.sub(" ", match[group]))
            places[match["key"]] = token.start("attributes") + match.start(group), match[group]
        self.found.mark(token.end() - len(token["empty"]) - 1, f"{token['empty']}>", Kind.DIM)
        parent = self.open[-1].name if self.open else ""
        self.depths.setdefault(name, []).append(len(self.open))
        self.open.append(element)
        self._attributes(element, places, parent)

    def _attributes(
        self, element: _Element, places: dict[str, tuple[int, str]], parent: str
    ) -> None:
        """What the records take from attributes, and the marks of those that name something."""
        interface = self._inside("interface")
        if interface and parent == "interface":
            if element.name == "source":
                interface.source |= element.attributes
            for name, key in (
                ("mac", "address"),
                ("target", "dev"),
                ("model", "type"),
                ("mtu", "size"),
            ):
                if element.name == name and key in element.attributes:
                    interface.values[name] = element.attributes[key]
        elif interface and (parent, element.name) == ("virtualport", "parameters"):
            interface.values["interfaceid"] = element.attributes.get("interfaceid", "")
        for key, (start, text) in places.items():
            kind = self._kind(element, key, text, inside=bool(interface))
            if kind is not None and "\n" not in text:
                self.found.mark(start, text, kind, element.attributes[key])

    def _kind(self, element: _Element, key: str, text: str, *, inside: bool) -> Kind | None:
        if re.fullmatch(MAC, text):
            return Kind.MAC
        if re.fullmatch(UUID, text):
            return Kind.UUID
        if element.name.startswith("nova:") and is_address(text):
            return Kind.ADDRESS
        if not inside:
            return None
        if element.name == "source" and key == "bridge":
            return Kind.BRIDGE
        return Kind.DEVICE if element.name in ("target", "source") and key == "dev" else None

    def _end(self, name: str, start: int, end: int) -> None:
        depths = self.depths.get(name)
        if not depths:
            self.found.unknown_token(start, self.source.text[start:end])
            return
        depth = depths[-1]
        for element in self.open[depth + 1 :]:
            self._unfinished(element)
        self._close(depth, end)

    def _close(self, depth: int, end: int) -> None:
        while len(self.open) > depth:
            element = self.open.pop()
            self.depths[element.name].pop()
            self._finish(element, end)

    def _finish(self, element: _Element, end: int) -> None:
        if element.name == "interface":
            self.records.append(self._interface(element, end))
        elif element.name == "domain":
            self.records.append(self._domain(element))
        in_head = len(self.open) == 1 and not self.interfaces
        if in_head and element.name in ("name", "uuid", "metadata"):
            self.open[0].end = end

    def _interface(self, element: _Element, end: int) -> DomainInterface:
        number, self.interfaces = self.interfaces, self.interfaces + 1
        values = element.values
        return DomainInterface(
            number=number,
            type=element.attributes.get("type"),
            mac=values["mac"].lower() if "mac" in values else None,
            target=values.get("target"),
            model=values.get("model"),
            source=element.source,
            mtu=as_number(values.get("mtu")),
            interface_id=values.get("interfaceid") or None,
            span=Span(element.start, end),
        )

    def _domain(self, element: _Element) -> DomainDescription:
        values = element.values
        return DomainDescription(
            name=values.get("name"),
            uuid=values.get("uuid"),
            server_name=values.get("nova:name"),
            span=Span(element.start, element.end or element.start + 1),
        )

    def _whole_lines(self) -> Iterator[DomainInterface | DomainDescription]:
        """The records in order, each of whole lines unless it shares one (XML on one line)."""
        text, first = self.source.text, self.source.start
        records = sorted(self.records, key=lambda record: record.span)
        before = begun = asked = first
        for record, following in zip(records, [*records[1:], None], strict=False):
            start, end = record.span.start, record.span.end
            while end > start and text[end - 1].isspace():
                end -= 1
            # From the record before on: XML on one line is not searched again for each.
            begun = max(text.rfind("\n", asked, start) + 1, begun)
            begin, asked = begun, start
            stop = self.found.line_end(max(end, start + 1))
            if begin < before or (following and following.span.start < stop):
                begin, stop = start, max(end, start + 1)
            before = stop
            yield replace(record, span=Span(begin, stop))

    def _inside(self, *names: str) -> _Element | None:
        """The outermost open element of one of these names."""
        outermost = (depths[0] for name in names if (depths := self.depths.get(name)))
        depth = min(outermost, default=None)
        return None if depth is None else self.open[depth]

    def _unfinished(self, element: _Element) -> None:
        """One diagnostic for a cut that no elision tells, at the element that it leaves open."""
        if not self.cut and not self.found.elided:
            end = min(self.found.line_end(element.start), self.source.end)
            self.found.truncated(Span(element.start, end), f"<{element.name}>")
            self.cut = True


def _resolved(text: str) -> str:
    """Text with XML's own references resolved; an entity that a document defines stays as it is."""
    return _REFERENCE.sub(lambda reference: html.unescape(reference[0]), text)


def parse(source: Source) -> Parsed:
    """The head of the domain and its interfaces, in the order of the text."""
    return _Reader(source).read()


def _prints(command: Command) -> bool:
    return command.program == "virsh" and command.arguments[:1] == ("dumpxml",)


_LOOKS = re.compile(
    r"\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--.*?-->\s*)?<(?:domain\s|interface type=)", re.DOTALL
)


def _looks_like(source: Source) -> bool:
    return bool(_LOOKS.match(source.window))


FORMAT = Format(
    name="virsh_dumpxml",
    title="a libvirt domain (virsh dumpxml)",
    parse=parse,
    command=_prints,
    detect=_looks_like,
    hint=re.compile(r"dumpxml"),
)

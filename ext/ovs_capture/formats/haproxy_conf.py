"""haproxy's configuration: of the metadata agents, and of an Octavia amphora.

Commands: ``cat /var/lib/neutron/ovn-metadata-proxy/NETWORK.conf``,
``cat /var/lib/neutron/ns-metadata-proxy/ROUTER.conf``, ``cat .../haproxy.cfg``::

    listen listener
        bind 169.254.169.254:80
        server metadata /var/lib/neutron/metadata_proxy
        http-request add-header X-OVN-Network-ID bdf0edc2-bae8-4cc7-85b2-2cc4e82ab10f

Grammar::

    section = SECTION [NAME] [WORD*] setting*        global, defaults, listen, frontend, backend ...
    setting = KEYWORD [REST]
    comment = "#" REST

Printers: neutron/agent/metadata/driver_base.py, neutron/agent/ovn/metadata/driver.py,
octavia/common/jinja/haproxy. What follows a keyword is kept as written (haproxy(1) has hundreds).
"""

import re
from dataclasses import dataclass, replace

from ..source import Source, Span
from .base import IPV4, UUID, Findings, Format, Kind, Parsed, Record, is_address
from .command import Command, shown_file


@dataclass(frozen=True, slots=True, kw_only=True)
class HaproxySection(Record):
    """A section. ``settings``: ``(keyword, rest)`` in the order of the file."""

    section: str
    name: str | None = None
    settings: tuple[tuple[str, str], ...] = ()

    def values(self, keyword: str) -> tuple[str, ...]:
        return tuple(rest for word, rest in self.settings if word == keyword)


_SECTIONS = (
    "global|defaults|listen|frontend|backend|peers|userlist|resolvers|mailers|program|http-errors"
    "|ring|cache|log-forward|log-profile|fcgi-app|crt-store|traces|acme"
)
_SECTION = re.compile(rf"\s*(?P<section>{_SECTIONS})(?:\s+(?P<name>\S+))?(?:\s+\S.*)?\s*")
_SETTING = re.compile(r"\s*(?P<keyword>[a-z][\w.-]*)(?:\s+(?P<rest>\S(?:.*\S)?))?\s*")
_TOKEN = re.compile(rf"(?P<uuid>(?<![\w-]){UUID}(?![\w-]))|(?P<address>(?<![\w.]){IPV4}(?![\w.]))")


def parse(source: Source) -> Parsed:
    """Sections in the order of the file."""
    found = Findings(source, FORMAT.name)
    for offset, line in found.lines():
        end = found.line_end(offset)
        last = found.records[-1] if found.records else None
        if line.lstrip().startswith("#"):
            continue
        # `cache` and `program` are settings too where a section is open and the line is indented.
        match = _SECTION.fullmatch(line)
        if match and (last is None or not line[0].isspace() or match["section"] == "global"):
            found.mark_groups(match, offset, {"section": Kind.HEAD})
            section = HaproxySection(
                section=match["section"], name=match["name"], span=Span(offset, end)
            )
            found.records.append(section)
        elif isinstance(last, HaproxySection) and (match := _SETTING.fullmatch(line)):
            setting = (match["keyword"], match["rest"] or "")
            found.records[-1] = replace(
                last, settings=(*last.settings, setting), span=Span(last.span.start, end)
            )
        else:
            found.unknown_line(offset, line)
            continue
        for token in _TOKEN.finditer(line):
            if token["uuid"]:
                found.mark(offset + token.start(), token[0], Kind.UUID)
            elif is_address(token[0]):
                found.mark(offset + token.start(), token[0], Kind.ADDRESS)
    return found.parsed()


_PATH = re.compile(r"-metadata-proxy/[^/]+\.conf$|haproxy[^/]*\.(?:cfg|conf)$")


def _prints(command: Command) -> bool:
    return bool(_PATH.search(shown_file(command) or ""))


_LOOKS = re.compile(r"^(?:listen|frontend|backend) \S+\s*$", re.MULTILINE)


def _looks_like(source: Source) -> bool:
    lines = (line for _, line in Findings(source, FORMAT.name).lines())
    first = next((line for line in lines if not line.lstrip().startswith("#")), "")
    return bool(_SECTION.fullmatch(first)) and bool(_LOOKS.search(source.window))


FORMAT = Format(
    name="haproxy_conf",
    title="configuration of haproxy (metadata agent, load balancer)",
    parse=parse,
    command=_prints,
    detect=_looks_like,
    hint=re.compile(r"haproxy|metadata-proxy"),
)

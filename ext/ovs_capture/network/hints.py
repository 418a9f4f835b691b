"""host.toml as evidence: facts that no capture shows, and hints that captures contradict."""

from ..diagnostic import Code, Diagnostic
from ..formats import raw
from ..formats.base import Parsed
from ..formats.reading import Capture, Reading
from ..openflow.values import decimal
from ..source import Source
from ..store import Hints
from .model import DeviceAddress, Hinted


def hinted(hints: Hints, name: str, line: int) -> Hinted:
    """The line of host.toml that speaks of ``name``, as evidence."""
    source = hints.source or Source("host.toml", "")
    capture = Capture(source, None, None, raw.FORMAT, "none", Reading(Parsed))
    return Hinted(capture, source.line(line))


def hinted_address(hints: Hints, name: str) -> DeviceAddress | None:
    """The address that host.toml gives an interface."""
    hint = hints.interfaces.get(name)
    if hint is None or hint.address is None:
        return None
    ip, _, length = hint.address.partition("/")
    evidence = (hinted(hints, name, hint.line),)
    return DeviceAddress(ip, decimal(length), evidence)


def unused(hints: Hints, name: str, line: int) -> Diagnostic:
    where = hinted(hints, name, line)
    args = {"name": name, "what": name}
    return Diagnostic(Code.HINT_UNUSED, where.capture.source, where.span, args)

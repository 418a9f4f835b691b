"""What ``FILE`` and ``HOST:BRIDGE`` name: a host, the flows of a bridge, logical flows."""

from pathlib import Path

from .. import store
from ..network.correlate import correlate
from ..network.model import Network
from ..subjects.dumps import (
    Dump,
    choose,
    dump_of_capture,
    dumps_of_host,
)
from ..subjects.listings import (
    Listing,
    listing_of,
)
from .captures import read_file
from .streams import Failure, report, say
from .waiting import READING, Hosts


def load_host(directory: Path) -> tuple[store.Host, Network]:
    target = store.load_target(directory, hide=True, along=Hosts().along(READING))
    host = target.hosts[0]
    return host, correlate(host, target.siblings(host))


def flows_in(target: str) -> Dump | Listing:
    """The flows of a file, or of a bridge: the last colon parts host and bridge.

    A listing: the file's flows are logical ones.
    """
    path = Path(target)
    directory, colon, bridge = target.rpartition(":")
    if colon and not path.exists() and store.is_host(Path(directory)):
        host, network = load_host(Path(directory))
        dumps = dumps_of_host(host.captures, network, host.hints.pipeline)
        if bridge not in dumps:
            known = ", ".join(dumps) or "none"
            raise Failure(f"no flows of {bridge!r} in {directory}; there are those of: {known}")
        return dumps[bridge]
    captures, problems = read_file(path)
    if problems:
        report(problems)
        raise Failure(f"cannot read {target}")
    around, network_of_host, asked = captures, None, None
    if store.is_host(path.parent):
        host, network_of_host = load_host(path.parent)
        around, asked = host.captures, host.hints.pipeline
    if (listing := listing_of(captures, around, network_of_host)) is not None:
        return listing
    choice = choose(captures, network_of_host)
    if choice is None:
        raise Failure(f"{target} holds no flows")
    if choice.other_dumps or choice.other_bridges:
        line = choice.capture.source.place(choice.capture.source.start)[0] - 1
        of_bridge = f" of {choice.bridge}" if choice.bridge else ""
        say(f"{target}: several dumps; this is the one{of_bridge} at line {max(line, 1)}")
    return dump_of_capture(choice.capture, around, network_of_host, asked)

"""What ``FILE`` and ``HOST:BRIDGE`` name: a host, the flows of a bridge, logical flows."""

from pathlib import Path

from .. import store
from ..network.correlate import correlate
from ..network.model import Network
from ..render.dumps import Dump, choose, dump_of_capture, dumps_of_host
from ..render.listings import Listing, listing_of
from .captures import read_file
from .streams import Failure, report, say


def load_host(directory: Path) -> tuple[store.Host, Network]:
    target = store.load_target(directory, hide=True)
    host = target.hosts[0]
    return host, correlate(host, target.siblings(host))


def listing_in(target: str) -> Listing | None:
    """The logical flows of a file; None when the target is something else, or cannot be read."""
    path = Path(target)
    if not path.is_file():
        return None
    captures, _ = read_file(path)
    home = load_host(path.parent) if store.is_host(path.parent) else None
    if home is None:
        return listing_of(captures, captures, None)
    return listing_of(captures, home[0].captures, home[1])


def dump_in(target: str) -> Dump:
    """The flows of a file, or of a bridge: the last colon parts host and bridge."""
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
    home = load_host(path.parent) if store.is_host(path.parent) else None
    choice = choose(captures, home[1] if home else None)
    if choice is None:
        raise Failure(f"{target} holds no flows")
    if choice.other_dumps or choice.other_bridges:
        line = choice.capture.source.place(choice.capture.source.start)[0] - 1
        of_bridge = f" of {choice.bridge}" if choice.bridge else ""
        say(f"{target}: several dumps; this is the one{of_bridge} at line {max(line, 1)}")
    if home is None:
        return dump_of_capture(choice.capture, captures, None, None)
    host, network = home
    return dump_of_capture(choice.capture, host.captures, network, host.hints.pipeline)

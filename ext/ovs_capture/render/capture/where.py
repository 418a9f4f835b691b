"""Where a capture was taken, for its head: the host, and the namespace or guest in it."""

from ...explain.message import Param
from ...explain.surroundings import Surroundings
from ...formats.reading import Capture
from ...translation import Translator
from .. import wording
from ..library.captures import Place


def where_of(capture: Capture, place: Place, language: str) -> str:
    """``Compute Node``; ``Controller Node, qdhcp-53f92676``; ``Client, instance00``.

    A namespace has the name that host.toml gives it; the command beside it has the whole one.
    """
    host = place.title(language)
    inside = _inside(capture, place)
    if not inside:
        return host
    if not host:
        return inside
    params: dict[str, Param] = {"host": host, "inside": inside}
    return Translator(language).text(wording.saying(wording.WHERE_INSIDE, **params))


def _inside(capture: Capture, place: Place) -> str:
    if capture.command is None:
        return ""
    around = Surroundings.of(place.network, place.others, place.key)
    guest = around.guest_in(around.scope_of(capture))
    known = guest.guest.title if guest else (capture.command.ssh or "")
    namespace = capture.command.namespace or ""
    spaces = around.network.namespaces if around.network and not guest else ()
    titles = [space.title for space in spaces if space.name == namespace]
    return ", ".join(filter(None, (known, titles[0] if titles else namespace)))

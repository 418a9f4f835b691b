"""How every relation says that several fit: none is chosen, and the page says so."""

from collections.abc import Collection

from ..diagnostic import Code, Diagnostic
from .model import Evidence


def ambiguous(name: str, candidates: Collection[str], where: Evidence) -> Diagnostic:
    """``name`` could join any of ``candidates``, as ``where`` shows."""
    args = {
        "name": name,
        "what": name,
        "count": len(candidates),
        "candidates": ", ".join(candidates),
    }
    return Diagnostic(Code.PEER_AMBIGUOUS, where.capture.source, where.span, args)

"""Diagnostics become Sphinx warnings: ``file:line``, type ``ovs_capture``, the code as subtype.

What is wrong in a page's directive is warned of at once, at the directive. What is wrong in a
capture is kept with the pages that show it and warned of once a build, after all pages are read,
so that the same warnings come in the same order whatever ``-j`` is.
"""

from collections.abc import Iterable

from sphinx.environment import BuildEnvironment
from sphinx.util import logging

from ..diagnostic import WORDING, Code, Diagnostic
from ..printable import one_line
from .links.domain import Warned, domain_of

logger = logging.getLogger(__name__)


def warn(code: Code, location: str | None, **args: object) -> str:
    """Warn of what a page says; the message is returned, to be shown in its place."""
    message = one_line(WORDING[code].text % args)
    logger.warning(message, type="ovs_capture", subtype=code.value, location=location)
    return message


def keep(env: BuildEnvironment, diagnostics: Iterable[Diagnostic]) -> None:
    """Remember what is wrong in a capture that this page shows."""
    domain = domain_of(env)
    page = str(env.doc2path(env.docname, base=False))
    domain.note_warned(env.docname, (_warned(one, page, env) for one in diagnostics))


def _warned(diagnostic: Diagnostic, page: str, env: BuildEnvironment) -> Warned:
    line, column = diagnostic.place
    name = diagnostic.source.name
    # A pasted capture is named by its page; Sphinx names pages by their whole path.
    where = str(env.doc2path(env.docname)) if name == page else name
    return Warned(
        f"{one_line(where)}:{line}:{column}",
        one_line(diagnostic.message),
        diagnostic.code.value,
    )


def warn_of_captures(env: BuildEnvironment, docnames: Iterable[str]) -> None:
    """Warn of everything kept for the pages that this build read."""
    kept = domain_of(env).data["warned"]
    found = {warned for docname in docnames for warned in kept.get(docname, ())}
    for warned in sorted(found, key=_by_place):
        logger.warning(
            warned.message,
            type="ovs_capture",
            subtype=warned.subtype,
            location=warned.location,
        )


def _by_place(warned: Warned) -> tuple[str, int, int, str, str]:
    name, line, column = warned.location.rsplit(":", 2)
    return name, int(line), int(column), warned.subtype, warned.message


def keep_masked(
    env: BuildEnvironment, diagnostics: Iterable[Diagnostic], *, as_warning: bool
) -> None:
    """Say that pages show asterisks; a warning only where conf.py asks for one."""
    if as_warning:
        keep(env, diagnostics)
        return
    for diagnostic in diagnostics:
        logger.info("%s", one_line(str(diagnostic)))

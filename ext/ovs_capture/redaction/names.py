"""Names of hosts, guests, projects and users: which there are, and where in a text one stands.

A name that is also a word of the tools themselves (``admin``, ``default``, ``router``) stays:
replaced wherever it stands, it would take the sense from what it says elsewhere.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from os.path import commonprefix

from ..formats.base import Kind
from ..formats.openstack_table import Resource, Row
from ..formats.reading import Capture

# What a host does; the projects and users that every OpenStack has; what printers say themselves.
ROLES = frozenset(
    """
    compute controller network client host node storage
    admin service services default public private internal external provider shared
    neutron nova glance cinder keystone placement octavia heat swift horizon barbican designate
    router server bridge switch port system ovs ovn root none null true false
    """.split()  # noqa: SIM905 (as a list it would be 40 lines)
)
# Objects of OpenStack whose names are somebody's, and fields that name one in the others.
_OBJECTS = frozenset({"server", "project", "tenant", "user"})
_FIELDS = frozenset({"project", "project name", "tenant", "tenant name", "user", "user name"})
# nova/virt/libvirt/config.py, LibvirtConfigGuestMetaNovaOwner.
_OWNER = re.compile(r"<nova:(?:user|project)\b[^>\n]*>([^<\n]+)</")
# How deep groups of a regular expression stand in each other.
_DEEPEST = 20
_ID = re.compile(r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}")


def names_in(capture: Capture) -> Iterator[str]:
    """The names of hosts, guests, projects and users that a capture tells."""
    for mark in capture.marks:
        if mark.kind in (Kind.GUEST, Kind.HOST):
            yield from proper(mark.value)
    for record in capture.parsed.records:
        if isinstance(record, Row | Resource):
            cells = record.cells if isinstance(record, Row) else record.fields
            for heading, text in cells.items():
                field = heading.lower().replace("_", " ")
                if field in _FIELDS or (field == "name" and record.object in _OBJECTS):
                    yield from proper(text)
    if capture.format.name == "virsh_dumpxml":
        for owner in _OWNER.findall(capture.source.window):
            yield from proper(owner)


def proper(name: str) -> Iterator[str]:
    """The name, if it is one that only its owner has."""
    if (
        len(name) > 2
        and name.lower() not in ROLES
        and any(char.isalpha() for char in name)
        and not _ID.fullmatch(name)
        and "\n" not in name
    ):
        yield name


def any_of(names: Iterable[str]) -> str:
    """A regular expression for any of some names, the longest first, that asks each letter once."""
    return _any_of(sorted(set(names)), 0)


def _any_of(names: list[str], depth: int) -> str:
    """``names``: sorted, so that those with one beginning stand together."""
    begin = commonprefix(names)  # noqa: RUF071 (of names, letter by letter, not of paths)
    rest = [name[len(begin) :] for name in names]
    if len(rest) == 1:
        return re.escape(begin)
    if depth > _DEEPEST:
        longest = sorted(rest, key=len, reverse=True)
        return f"{re.escape(begin)}(?:{'|'.join(map(re.escape, longest))})"
    longer = [name for name in rest if name]
    branches = [_any_of(list(group), depth + 1) for _, group in groupby(longer, lambda one: one[0])]
    optional = "?" if len(longer) < len(rest) else ""
    return f"{re.escape(begin)}(?:{'|'.join(branches)}){optional}"

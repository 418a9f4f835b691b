"""Two targets: which hosts are the same host, and which guests moved from one to another.

Hosts are paired by their names; one host on each side is a pair whatever they are called. A guest
that is gone here and new there, by its UUID (else by its libvirt name), was moved.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from .compare import compare_host
from .model import Change, HostChanges, Snapshot


def compare_scenarios(
    before: Mapping[str, Snapshot], after: Mapping[str, Snapshot]
) -> tuple[HostChanges, ...]:
    """``before``, ``after``: snapshots by name of the host, in order."""
    if len(before) == len(after) == 1:
        (name,) = after
        return (compare_host(name, next(iter(before.values())), after[name]),)
    names = dict.fromkeys((*before, *after))
    found = [compare_host(name, before.get(name), after.get(name)) for name in names]
    return _with_moves(found)


def _with_moves(hosts: Sequence[HostChanges]) -> tuple[HostChanges, ...]:
    guests = [(host.name, one) for host in hosts for one in host.changes if one.what == "guest"]
    moved: dict[int, Change] = {}
    left_out: set[int] = set()
    for source, gone in guests:
        if gone.kind != "gone":
            continue
        there = [(name, one) for name, one in guests if one.kind == "new" and one.key == gone.key]
        if len(there) == 1 and there[0][0] != source:
            name, new = there[0]
            moved[id(new)] = Change(
                "moved", "guest", gone.key, gone.before, new.after, (), (source, name)
            )
            left_out.add(id(gone))
    return tuple(
        replace(
            host,
            changes=tuple(
                moved.get(id(one), one) for one in host.changes if id(one) not in left_out
            ),
        )
        for host in hosts
    )

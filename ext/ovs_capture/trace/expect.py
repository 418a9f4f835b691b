"""What a page claims of a trace, and whether it is so.

The forms of ``:expect:`` (DESIGN section 3)::

    output PORT[, PORT...]         exactly these
    output PORT[, PORT...], ...    at least these
    drop                           no copy leaves
    drop in table N [of BRIDGE]    and the last look-up is there
    drop in STAGE [of DATAPATH]    the same in OVN's logical flows
    controller                     to the controller, and nowhere else

A port is written as the verdict names it: ``NAME``, ``NAME vlan N`` or ``NAME tun N``. The name of
a guest may stand for its port, where it has one only.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from ..network.model import Network
from .logical.result import Verdict as LogicalVerdict
from .result import Verdict

_OUTPUT = re.compile(r"output\s+(?P<ports>\S.*)", re.DOTALL)
_DROP = re.compile(
    r"drop(?:\s+in\s+(?:table\s+(?P<table>\d{1,9})|(?P<stage>l[sr]_\w+))(?:\s+of\s+(?P<bridge>\S+))?)?"
)
_PLACE = re.compile(r"(?P<name>\S(?:.*?\S)??)(?P<how>\s+(?:vlan|tun)\s+\d+)?", re.DOTALL)
_REST = "..."

# From a port's name as an author writes it to the names of the ports that it may mean.
Resolve = Callable[[str], tuple[str, ...]]


class Malformed(ValueError):
    """The claim has none of the forms, or a name in it stands for several ports."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """A claim. ``ports``: as the verdict names them. ``more``: others may be there too.

    ``table``, ``bridge``: where a drop is to happen, of logical flows the stage and the datapath;
    None: anywhere.
    """

    kind: str
    ports: frozenset[str] = frozenset()
    more: bool = False
    table: int | str | None = None
    bridge: str | None = None

    def holds(self, verdict: Verdict | LogicalVerdict) -> bool:
        if self.kind != verdict.kind:
            return False
        if self.kind == "output":
            found = frozenset(verdict.ports)
            return self.ports <= found if self.more else self.ports == found
        if self.table is None:
            return True
        if verdict.dropped_in is None:
            return False
        bridge, table = verdict.dropped_in
        return table == self.table and self.bridge in (None, bridge)


def expectation(claim: str, resolve: Resolve = lambda name: (name,)) -> Expectation:
    """The claim that a text makes; raises Malformed, with a reason for the author."""
    text = " ".join(claim.split())
    if text == "controller":
        return Expectation("controller")
    if (drop := _DROP.fullmatch(text)) is not None:
        table = int(drop["table"]) if drop["table"] else drop["stage"]
        return Expectation("drop", table=table, bridge=drop["bridge"])
    output = _OUTPUT.fullmatch(text)
    if output is None:
        raise Malformed(
            f"{text!r} is none of: output PORT[, PORT...], output PORT, ..., drop, "
            "drop in table N [of BRIDGE], drop in STAGE [of DATAPATH], controller"
        )
    words = [word.strip() for word in output["ports"].split(",")]
    more = words[-1] == _REST
    named = words[:-1] if more else words
    if not named or not all(named) or _REST in named:
        raise Malformed(f"{text!r} names no port where one is meant")
    return Expectation("output", frozenset(_place(word, resolve) for word in named), more)


def _place(word: str, resolve: Resolve) -> str:
    place = _PLACE.fullmatch(word)
    assert place is not None, "a word that is not empty has a first character"
    found = resolve(place["name"])
    if len(found) > 1:
        raise Malformed(f"{place['name']!r} may be any of the ports {', '.join(found)}")
    return "".join((found[0] if found else place["name"], place["how"] or ""))


def ports_of_name(network: Network | None, name: str) -> tuple[str, ...]:
    """The ports that a name in a claim may mean: a port's own name, else those of a guest."""
    if network is None or network.port(name).items:
        return (name,)
    taps = dict.fromkeys(
        nic.tap
        for guest in network.guests
        if name in (guest.title, guest.key, guest.subtitle)
        for nic in guest.nics
        if nic.tap is not None
    )
    return tuple(taps) or (name,)

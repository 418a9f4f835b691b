"""One table of a pipeline: which flow a packet takes, without looking at all of them.

Every flow stands in a bucket by the value of one field that its match compares for equality, the
field that tells most flows of the table apart; what compares none is always looked at.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from heapq import merge
from typing import NamedTuple

from ...logical.flow import Action, And, Comparison, Expression, LogicalFlow, Symbol
from ...logical.match import parse_match
from ...logical.symbols import find_symbol
from .expressions import Names, Test, always, compiled, every, holds, port_name, unknown
from .fields import STRINGS, Packet, Piece, place_of


class Found(NamedTuple):
    """``flow`` None: none matches. ``unknown``: flows before it of which that cannot be told.

    ``always``: the flow matches whatever the packet is.
    """

    flow: LogicalFlow | None
    unknown: tuple[LogicalFlow, ...]
    rivals: tuple[LogicalFlow, ...]
    always: bool


class Table:
    """The flows of one table, by priority; equal priorities in the order of the listing."""

    def __init__(self, flows: Sequence[LogicalFlow]) -> None:
        self.flows = sorted(flows, key=lambda flow: -flow.priority)
        self._tests: dict[int, Test] = {}

    @property
    def stage(self) -> str:
        return next((flow.stage for flow in self.flows if flow.stage), "")

    @cached_property
    def _index(self) -> tuple[list[tuple[Piece, dict[object, list[int]]]], list[int]]:
        keys = [dict(_equalities(flow.match.expression)) for flow in self.flows]
        seen: Counter[Piece] = Counter()
        for piece, _ in {(p, v) for key in keys for p, values in key.items() for v in values}:
            seen[piece] += 1
        buckets: dict[Piece, dict[object, list[int]]] = {}
        rest = []
        for rank, key in enumerate(keys):
            if not key:
                rest.append(rank)
                continue
            best = max(key, key=lambda piece: (seen[piece], piece))
            for value in set(key[best]):
                buckets.setdefault(best, {}).setdefault(value, []).append(rank)
        return list(buckets.items()), rest

    def _candidates(self, packet: Packet) -> Iterator[int]:
        index, rest = self._index
        lists = [rest] if rest else []
        for (key, shift, width), bucket in index:
            value = packet[key]
            if isinstance(value, int):
                value = value >> shift & (1 << width) - 1
            if ranks := bucket.get(value):
                lists.append(ranks)
        return iter(lists[0]) if len(lists) == 1 else merge(*lists)

    def find(self, packet: Packet, names: Names) -> Found:
        """The flow of the highest priority that matches. What cannot be told does not match."""
        best: LogicalFlow | None = None
        unknown, rivals = [], []
        matched: Test | None = None
        for rank in self._candidates(packet):
            flow = self.flows[rank]
            if best is not None and flow.priority < best.priority:
                break
            test = self._tests.get(rank)
            if test is None:
                test = self._tests[rank] = _test(flow, names)
            holds = test(packet)
            if holds is None and best is None:
                unknown.append(flow)
            elif holds and best is None:
                best, matched = flow, test
            elif holds:
                rivals.append(flow)
        return Found(best, tuple(unknown), tuple(rivals), matched is always)


# What an action needs of the packet is part of the flow's match (lib/actions.c add_prerequisite()).
_NEEDS: Mapping[str, str] = {
    "ip.ttl--": "ip",
    **dict.fromkeys(
        ("ct_next", "ct_commit", "ct_commit_nat", "ct_dnat", "ct_snat", "ct_dnat_in_czone",
         "ct_snat_in_czone", "ct_lb", "ct_lb_mark", "ct_lb_mark_local", "select"),
        "ip",
    ),
    **dict.fromkeys(("arp", "icmp4", "icmp4_error"), "ip4"),
    **dict.fromkeys(("nd_ns", "icmp6", "icmp6_error", "put_nd_ra_opts"), "ip6"),
    **dict.fromkeys(("nd_na", "nd_na_router"), "nd_ns"),
    "tcp_reset": "tcp",
    "sctp_abort": "sctp",
    "dns_lookup": "udp",
    "igmp": "igmp",
}  # fmt: skip


def _test(flow: LogicalFlow, names: Names) -> Test:
    """Match and prerequisites of a flow. Nobody knows what a match means that is not one."""
    if parse_match(flow.match.text)[1]:
        return unknown
    test = compiled(flow.match.expression, names)
    needs = {need for action in flow.actions.items for need in _needs(action) if need}
    if not needs:
        return test
    return every([test, *(holds(need) for need in sorted(needs))])


def _needs(action: Action) -> Iterator[str]:
    if action.name in _NEEDS:
        yield _NEEDS[action.name]
    elif action.form in ("assign", "exchange", "call"):
        values = [value for argument in action.arguments for value in argument.values]
        for symbol in (action.target, *values):
            if isinstance(symbol, Symbol) and (found := find_symbol(symbol.name)):
                yield found.prerequisite


def _equalities(expression: Expression) -> Iterator[tuple[Piece, tuple[object, ...]]]:
    """Bits that must have one of some values for the expression to hold."""
    for one in expression.operands if isinstance(expression, And) else (expression,):
        if isinstance(one, And):
            yield from _equalities(one)
        if not isinstance(one, Comparison) or one.relop != "==":
            continue
        kinds = {constant.kind for constant in one.constants}
        if not kinds.isdisjoint({"address_set", "port_group", "template"}):
            continue
        if any(constant.mask is not None for constant in one.constants):
            continue
        values = tuple(constant.value for constant in one.constants)
        if one.symbol.name in STRINGS:
            yield Piece(one.symbol.name, 0, 0), tuple(port_name(str(v)) for v in values)
            continue
        place = place_of(one.symbol)
        if place is not None and len(place.pieces) == 1:
            width = place.width
            if all(isinstance(v, int) and v >> width == 0 for v in values):
                yield place.pieces[0], values

"""Whose is a flow of OVN's br-int: the logical flow or the row that it was made of.

Lives here: the join by cookie (the first 32 bits of the row's UUID), and what stands in for it
where the cookie is 0. A cookie alone is not enough: in a stage only a logical flow of this stage
counts, in a physical table only a row that ovn-controller makes such flows of, so that 32 bits that
two rows share join nothing wrong.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from ...logical.flow import LogicalFlow
from ...logical.stages import Kind, Layout, stages
from ...network.southbound import Row, Southbound
from ...openflow.flow import Action, Flow
from ...openflow.values import number
from .keys import metadata_of
from .shapes import names_at

How = Literal["cookie", "conjunction", "fixed", "unknown"]

_KINDS: tuple[Kind, ...] = ("ls", "lr")
# Of which rows the flows of physical tables are; controller/physical.c, lflow.c. Other tables may
# have flows of any row: a version that is newer than this list joins them by cookie alone.
_ROWS: Mapping[str, frozenset[str]] = {
    "PHY_TO_LOG": frozenset({"Port_Binding", "Chassis", "Encap"}),
    "MAC_BINDING": frozenset({"MAC_Binding", "Static_MAC_Binding", "Port_Binding"}),
    "MAC_LOOKUP": frozenset({"MAC_Binding", "Static_MAC_Binding", "Port_Binding"}),
    "CHK_LB_HAIRPIN": frozenset({"Load_Balancer"}),
    "CHK_LB_HAIRPIN_REPLY": frozenset({"Load_Balancer"}),
    "CT_SNAT_FOR_VIP": frozenset({"Load_Balancer"}),
    "CT_SNAT_HAIRPIN": frozenset({"Load_Balancer"}),
    "GET_FDB": frozenset({"FDB"}),
    "LOOKUP_FDB": frozenset({"FDB"}),
    "CHK_IN_PORT_SEC": frozenset({"Port_Binding"}),
    "CHK_IN_PORT_SEC_ND": frozenset({"Port_Binding"}),
    "CHK_OUT_PORT_SEC": frozenset({"Port_Binding"}),
    "REMOTE_OUTPUT": frozenset({"Port_Binding", "Multicast_Group", "Chassis"}),
    "LOCAL_OUTPUT": frozenset({"Port_Binding", "Multicast_Group"}),
    "CHECK_LOOPBACK": frozenset({"Port_Binding"}),
    "SAVE_INPORT": frozenset({"Port_Binding"}),
    "LOG_TO_PHY": frozenset({"Port_Binding"}),
}


class Join(NamedTuple):
    """What a flow is made of.

    ``table``: its stage or physical table; None where versions or datapaths leave several.
    ``logical``, ``rows``: one of both together, or several that begin with the same 32 bits; none
    for a fixed flow of the table, and where no capture has the row (``how`` is ``unknown``).
    """

    how: How
    table: str | None
    logical: tuple[LogicalFlow, ...] = ()
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True)
class Joins:
    """The joins of one dump. ``kinds``: what each datapath is, by its key."""

    layouts: tuple[Layout, ...]
    kinds: Mapping[int, Kind]
    southbound: Southbound
    conjunctions: Mapping[tuple[int, int], frozenset[int]]

    @classmethod
    def of(
        cls,
        flows: Iterable[Flow],
        layouts: Sequence[Layout],
        kinds: Mapping[int, Kind],
        southbound: Southbound,
    ) -> "Joins":
        """``conjunctions``: cookies of the flows with a conj_id, by table and conj_id."""
        found: dict[tuple[int, int], set[int]] = {}
        for flow in flows:
            for clause in flow.match.clauses:
                cookie = _cookie(flow)
                if clause.field == "conj_id" and clause.mask is None and cookie:
                    key = flow.table, number(clause.value or "") or 0
                    found.setdefault(key, set()).add(cookie)
        frozen = {key: frozenset(cookies) for key, cookies in found.items()}
        return cls(tuple(layouts), kinds, southbound, frozen)

    def table_of(self, flow: Flow) -> str | None:
        """The stage or physical table of a flow; None where it may be one of several."""
        key = metadata_of(flow)
        kind = None if key is None else self.kinds.get(key)
        kinds = _KINDS if kind is None else (kind,)
        found = {name for layout in self.layouts for name in names_at(flow.table, layout, kinds)}
        return found.pop() if len(found) == 1 else None

    def of_flow(self, flow: Flow) -> Join:
        table = self.table_of(flow)
        cookie = _cookie(flow)
        if cookie:
            return self._by_cookie("cookie", table, [cookie])
        shared = [
            cookie
            for n in _conjunctions(flow.actions.items)
            for cookie in self.conjunctions.get((flow.table, n), ())
        ]
        if shared:
            return self._by_cookie("conjunction", table, sorted(set(shared)))
        return Join("fixed", table)

    def _by_cookie(self, how: How, table: str | None, cookies: Sequence[int]) -> Join:
        logical = tuple(
            flow
            for cookie in cookies
            for flow in self.southbound.logical_of(cookie)
            if table is None or not flow.stage or flow.stage == table
        )
        rows: tuple[Row, ...] = ()
        if table is None or table not in stages():
            allowed = _ROWS.get(table or "")
            rows = tuple(
                row
                for cookie in cookies
                for row in self.southbound.rows_of(cookie)
                if allowed is None or row.table in allowed
            )
            logical = () if table is not None else logical
        return Join(how if logical or rows else "unknown", table, logical, rows)


def _cookie(flow: Flow) -> int:
    return number(str(flow.cookie)) or 0 if flow.cookie is not None else 0


def _conjunctions(actions: Iterable[Action]) -> Iterable[int]:
    for action in actions:
        if action.name == "conjunction":
            n = number(action.arguments.get("id", ""))
            if n is not None:
                yield n
        yield from _conjunctions(action.actions)

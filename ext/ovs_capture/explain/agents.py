"""The shapes of all agents that are known: which a flow of a bridge may have.

A bridge plays a part: ``br-int``, ``br-tun`` ... of Neutron's agent, or what ``ovn.shapes`` calls
br-int of OVN in some versions.
"""

from functools import cache, lru_cache

from .. import knowledge
from ..openflow.flow import Flow
from .ovn import shapes as ovn
from .shapes import Shape, Table, neutron_table


@cache
def neutron_tables() -> tuple[Table, ...]:
    """All tables of Neutron's agent. KeyError on a row that is not understood."""
    data = knowledge.table("neutron_ovs_tables")
    return tuple(neutron_table(row, data["macros"]) for row in data["tables"])


@cache
def tables_of(part: str) -> tuple[Table, ...]:
    """The tables of a bridge by the part that it plays."""
    if ovn.is_part(part):
        return ovn.tables_of(part)
    return tuple(table for table in neutron_tables() if table.bridge == part)


@cache
def shapes_of(part: str, table: int) -> tuple[Shape, ...]:
    """What the agent may install in a table, in the order in which it is to be tried."""
    return tuple(shape for row in tables_of(part) if row.number == table for shape in row.shapes)


def shapes_for(part: str, flow: Flow) -> tuple[Shape, ...]:
    """Those of them that a flow of this priority with these fields can be of; ``fit`` decides."""
    fields = tuple(clause.field for clause in flow.match.clauses)
    return _with_fields(part, flow.table, flow.priority, fields)


@lru_cache(maxsize=1 << 12)
def _with_fields(
    part: str, table: int, priority: int, fields: tuple[str, ...]
) -> tuple[Shape, ...]:
    # A dump has many flows of few kinds: most shapes are ruled out once for each kind.
    return tuple(shape for shape in shapes_of(part, table) if shape.may_have(priority, fields))


@cache
def literals(part: str, table: int) -> frozenset[str]:
    """The values that a shape of a table asks for by themselves (``Shape.literals``)."""
    return frozenset().union(*(shape.literals for shape in shapes_of(part, table)))

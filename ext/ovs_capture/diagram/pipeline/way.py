"""Way: which parts of the graph of tables one packet goes by.

Lives here: from the flows that it took to ids of the parts. Does not live here: how they look.
"""

from collections.abc import Iterable, Mapping

from ...explain.names import Names
from ...explain.pipeline import Pipeline
from ...openflow.flow import Flow
from .parts import TablePicture, table_picture


def uncounted(flows: Iterable[Flow]) -> list[Flow]:
    """Flows without statistics: of these everything is drawn, whatever took it before."""
    return [flow._replace(statistics={}) for flow in flows]


def way_in(
    picture: TablePicture, taken: Iterable[Flow], names: Names, pipeline: Pipeline | None
) -> frozenset[str]:
    """The tables, ports, links and ends of ``picture`` that the flows ``taken`` stand for."""
    flows = uncounted(taken)
    part = table_picture(flows, names, pipeline)
    here = _same(part, picture)
    matched = {flow.table for flow in flows}
    found = {table.id for table in picture.tables if table.number in matched}
    ways = {(here.get(link.source), here.get(link.target), link.kind) for link in part.links}
    for link in picture.links:
        if (link.source, link.target, link.kind) in ways and link.kind != "learn":
            found |= {link.id, link.source, link.target}
    ends = {(here.get(stop.table), stop.kind, stop.group) for stop in part.stops}
    found |= {s.id for s in picture.stops if (s.table, s.kind, s.group) in ends}
    return frozenset(found)


def _same(part: TablePicture, whole: TablePicture) -> Mapping[str, str]:
    """Ids of a part's tables and ports to those of the whole, where a box may hold many ports."""
    numbers = {table.number: table.id for table in whole.tables}
    boxes = {(port.side, name): port.id for port in whole.ports for name in port.ports}
    rest = {port.side: port.id for port in whole.ports if not port.ports}
    found = {t.id: numbers[t.number] for t in part.tables if t.number in numbers}
    for port in part.ports:
        name = port.ports[0] if port.ports else None
        box = rest.get(port.side) if name is None else boxes.get((port.side, name))
        if box is not None:
            found[port.id] = box
    return found

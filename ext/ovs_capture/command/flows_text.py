"""Explained flows as JSON, plain text and Markdown: what ``ovs-capture flows`` prints.

Pure: structures of ``explain`` and a translator in, text out.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from ..explain.flows import reading
from ..explain.message import Message, Param, Ref, Series
from ..explain.names import Names
from ..explain.ovn.origin import origin
from ..explain.pipeline import Pipeline
from ..explain.purpose import purpose
from ..explain.tables import FlowRow, IdleRun, Row, TableSection, Way, sections, way_words
from ..openflow.flow import Clause, Flow
from ..openflow.graph import table_graph
from ..source import Source
from ..translation import Translator

# What Markdown reads as markup inside a table cell (CommonMark 6, GFM tables).
_MARKUP = str.maketrans({character: "\\" + character for character in "\\|*_`<>[]"})


def flows_as_json(
    flows: Iterable[Flow],
    names: Names,
    pipeline: Pipeline | None,
    translator: Translator,
    source: Source,
) -> dict[str, Any]:
    """``{"flows": [...]}`` in order of the dump; the shape stands in the manual of the command."""
    return {"flows": [_flow_as_json(f, names, pipeline, translator, source) for f in flows]}


def _flow_as_json(
    flow: Flow, names: Names, pipeline: Pipeline | None, translator: Translator, source: Source
) -> dict[str, Any]:
    why = purpose(flow, pipeline, names)
    joins = None if pipeline is None else pipeline.joins.get(names.bridge or "")
    made_of = None if joins is None else origin([flow], joins)
    told = {
        "file": source.name,
        "line": source.place(flow.span.start)[0],
        "table": flow.table,
        "priority": flow.priority,
        "match": [_clause_as_json(clause) for clause in flow.match.clauses],
        "actions": [action.text for action in flow.actions.items],
        "reading": translator.text(reading(flow, names)),
        "purpose": None if why is None else translator.text(why.message),
        "purpose_source": None if why is None else why.source,
    }
    return told if made_of is None else {**told, "made_of": translator.text(made_of)}


def _clause_as_json(clause: Clause) -> dict[str, str | None]:
    return {
        "field": clause.field or clause.key,
        "value": clause.value,
        "mask": clause.mask,
        "text": clause.text,
    }


def flows_as_text(
    flows: Iterable[Flow],
    names: Names,
    pipeline: Pipeline | None,
    translator: Translator,
    *,
    table: int | None = None,
) -> str:
    """One paragraph a table, one to three lines a flow. ``table``: the only one that is told."""
    flows = tuple(flows)
    lines = [translator.text(message) for message in _recognition(pipeline)]
    for section in _sections(flows, names, pipeline, table):
        lines += ["", *(translator.text(message) for message in _head(section, names))]
        for row in section.rows:
            for flow_row in _flow_rows(row):
                lines += _flow_lines(flow_row, translator)
    return "\n".join(lines).lstrip("\n") + "\n"


def _sections(
    flows: Sequence[Flow], names: Names, pipeline: Pipeline | None, table: int | None
) -> Iterator[TableSection]:
    """One section or all; where packets come from is told by the flows of the other tables."""
    rows = {place for place, flow in enumerate(flows) if table in (None, flow.table)}
    for section in sections(flows, pipeline, names, table_graph(flows), chosen=rows):
        if table in (None, section.number):
            yield section


def _flow_rows(row: Row) -> Iterator[FlowRow]:
    """The flows of a row: here each is told by itself."""
    for one in row.rows if isinstance(row, IdleRun) else (row,):
        assert isinstance(one, FlowRow)
        yield one


def _flow_lines(row: FlowRow, translator: Translator) -> Iterator[str]:
    count = "" if row.flow.n_packets is None else str(row.flow.n_packets)
    yield f"{row.flow.priority:>7} {count:>9}  {translator.text(row.reading)}"
    if row.purpose is not None:
        why = Message("Purpose: %(purpose)s", {"purpose": row.purpose.message})
        yield f"{'':19}{translator.text(why)}"


def flows_as_markdown(
    flows: Iterable[Flow],
    names: Names,
    pipeline: Pipeline | None,
    translator: Translator,
    *,
    table: int | None = None,
) -> str:
    """One heading and one table a flow table. ``table``: the only one that is told."""
    flows = tuple(flows)
    parts = [escaped(translator.text(message)) for message in _recognition(pipeline)]
    columns = [
        Message("Priority"),
        Message("Flow"),
        Message("Purpose"),
        Message("Next"),
        Message("Packets"),
    ]
    for section in _sections(flows, names, pipeline, table):
        title, *rest = (escaped(translator.text(m)) for m in _head(section, names))
        rows = [
            [translator.text(column) for column in columns],
            ["---:", "---", "---", "---", "---:"],
        ]
        for row in section.rows:
            for flow_row in _flow_rows(row):
                rows.append(_cells(flow_row, names, translator))
        parts += [f"## {title}", *rest, "\n".join(f"| {' | '.join(cells)} |" for cells in rows)]
    return "\n\n".join(parts) + "\n"


def _cells(row: FlowRow, names: Names, translator: Translator) -> list[str]:
    onward = Series(tuple(way_words(way, names) for way in row.ways), "plain")
    return [
        str(row.flow.priority),
        escaped(translator.text(row.reading)),
        "" if row.purpose is None else escaped(translator.text(row.purpose.message)),
        escaped(translator.text(onward)),
        "" if row.flow.n_packets is None else str(row.flow.n_packets),
    ]


def escaped(text: str) -> str:
    return text.translate(_MARKUP)


def _recognition(pipeline: Pipeline | None) -> Iterator[Message]:
    if pipeline is None:
        yield Message("Unrecognised pipeline: flows are read, but what they are for is not told.")
        return
    version = pipeline.version
    if version is None:
        yield Message("Recognised: %(pipeline)s.", {"pipeline": pipeline.title})
    else:
        yield Message(
            "Recognised: %(pipeline)s, %(version)s.",
            {"pipeline": pipeline.title, "version": version},
        )
    for evidence in pipeline.evidence:
        if not evidence.fits:
            yield Message(
                "%(found)s: %(meaning)s.",
                {"found": Ref("code", evidence.shape), "meaning": evidence.meaning},
            )


def _head(section: TableSection, names: Names) -> Iterator[Message]:
    """Title, lead, ways in and out, totals of a table."""
    number: dict[str, Param] = {"number": str(section.number)}
    if section.role is not None:
        yield Message("Table %(number)s: %(role)s", {**number, "role": section.role})
    elif section.name is not None:
        yield Message("Table %(number)s: %(role)s", {**number, "role": section.name})
    else:
        yield Message("Table %(number)s", number)
    if section.lead is not None:
        yield section.lead
    if section.origins:
        yield Message("From %(ways)s", {"ways": _counted(section.origins, names)})
    if section.destinations:
        yield Message("To %(ways)s", {"ways": _counted(section.destinations, names)})
    if section.packets is not None:
        yield Message(
            "Flows: %(flows)s (%(matched)s matched); packets: %(packets)s, %(bytes)s bytes",
            {
                "flows": section.flows,
                "matched": section.matched,
                "packets": section.packets,
                "bytes": section.bytes or 0,
            },
        )
    else:
        yield Message("Flows: %(flows)s", {"flows": section.flows})


def _counted(ways: Iterable[Way], names: Names) -> Series:
    return Series(
        tuple(
            way_words(way, names)
            if way.packets is None
            else Message(
                "%(way)s (%(packets)s)", {"way": way_words(way, names), "packets": way.packets}
            )
            for way in ways
        ),
        "plain",
    )

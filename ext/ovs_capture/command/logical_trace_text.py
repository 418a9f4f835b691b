"""A logical trace as JSON and as text for a terminal. Does without Sphinx.

The JSON is that of the manual. Like ``ovn-trace`` it leaves out the tables whose default only goes
on to the next; the text tells these together, and is otherwise that of OpenFlow's traces.
"""

from collections.abc import Iterator
from typing import Any

from ..explain.logical.names import LogicalNames
from ..explain.logical_steps import LogicalTelling
from ..explain.logical_traces import OPTIONS, assumption
from ..trace.logical.result import Trace
from ..translation import Translator
from .trace_text import ASSUMED, FINAL, NUMBER, run_line, step_lines


def logical_trace_as_json(trace: Trace, words: Translator) -> dict[str, Any]:
    return {
        "steps": [
            {
                "datapath": step.datapath,
                "pipeline": step.pipeline,
                "stage": step.stage,
                "table": step.table,
                "flow": step.text,
                "priority": step.priority,
                "uuid": step.flow.uuid if step.flow else None,
                "file": step.file,
                "line": step.line,
                "actions": [event.text for event in step.events],
            }
            for step in trace.steps
            if not step.is_default
        ],
        "verdict": {"kind": trace.verdict.kind, "ports": list(trace.verdict.ports)},
        "final": trace.final,
        "assumed": [words.text(assumption(one)) for one in trace.assumptions],
    }


def logical_trace_as_text(trace: Trace, names: LogicalNames, words: Translator) -> str:
    """What a page tells: the verdict, what was assumed, the numbered steps, the packet at the end.

    ``names``: of the flows of all datapaths.
    """
    return "\n".join(_lines(LogicalTelling(trace, names), words)) + "\n"


def _lines(telling: LogicalTelling, words: Translator) -> Iterator[str]:
    say = words.text
    yield telling.trace.packet
    yield say(telling.verdict())
    yield say(telling.extent())
    for message in telling.assumed(OPTIONS):
        yield f"* {say(ASSUMED)}: {say(message)}"
    for run in telling.runs():
        if run[0].entered is not None:
            yield ""
            yield say(run[0].entered)
        if run[0].step.is_default:
            yield run_line(run, words)
        else:
            yield from step_lines(run[0], words)
    ends = tuple(telling.ends())
    if ends:
        yield ""
    for number, told in ends:
        yield f"{f'{number}.':>{NUMBER}} {say(told)}"
    yield ""
    yield f"{say(FINAL)}: {telling.trace.final}"

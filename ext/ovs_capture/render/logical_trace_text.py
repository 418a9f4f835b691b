"""A logical trace as JSON and as text for a terminal. Does without Sphinx.

The JSON is DESIGN section 4. The text is laid out as that of ``ovn-trace``, with the line of each
flow in the capture. Like it, both leave out the tables whose default only goes on to the next.
"""

from collections.abc import Iterator
from typing import Any

from ..explain.logical_traces import assumption, remark, section, verdict
from ..explain.message import Message
from ..trace.logical.result import Event, Section, Step, Trace
from .translation import Translator


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


def logical_trace_as_text(trace: Trace, words: Translator) -> str:
    return "\n".join(_lines(trace, words)) + "\n"


def _lines(trace: Trace, words: Translator) -> Iterator[str]:
    yield trace.packet
    depths: dict[int, int] = {}
    told = -1
    for one in trace.sections:
        outer = None if one.parent is None else trace.steps[one.parent].section
        depths[one.number] = 0 if outer is None else depths[outer] + 1
    for step in trace.steps:
        indent = "  " * min(depths[step.section], 20)
        # Sections without a step of their own (multicast, blocks) are told on the way.
        while told < step.section:
            told += 1
            yield from _section_lines(trace.sections[told], depths, words)
        if not step.is_default:
            yield from _step_lines(step, indent, words)
    for one in trace.sections[told + 1 :]:
        yield from _section_lines(one, depths, words)
    yield ""
    yield words.text(Message("At the end: %(packet)s", {"packet": trace.final}))
    for note in trace.assumptions:
        yield "* " + words.text(assumption(note))
    yield words.text(verdict(trace.verdict))


def _section_lines(one: Section, depths: dict[int, int], words: Translator) -> Iterator[str]:
    yield ""
    yield "  " * min(depths[one.number], 20) + words.text(section(one)) + ":"


def _step_lines(step: Step, indent: str, words: Translator) -> Iterator[str]:
    place = f" ({step.file}:{step.line})" if step.file else ""
    stage = f"{step.stage}: " if step.stage else ""
    if step.flow is None:
        told = words.text(Message("no flow matches"))
    else:
        told = f"priority={step.flow.priority}, {step.flow.match.text}"
    yield f"{indent}{step.table:2}. {stage}{told}{place}"
    for event in step.events:
        yield from _event_lines(event, indent + "    " + "  " * event.depth, words)


def _event_lines(event: Event, indent: str, words: Translator) -> Iterator[str]:
    yield f"{indent}{event.text}"
    for change in event.changes:
        yield f"{indent}  {change.field}: {change.before or '-'} -> {change.after or '-'}"
    for one in event.remarks:
        yield f"{indent}  {words.text(remark(one))}"
    for effect in event.effects:
        kind = f" ({effect.type})" if effect.type else ""
        yield f"{indent}  => {effect.port}{kind}"

"""A trace as JSON and as text for a terminal. Does without Sphinx.

The JSON is DESIGN section 4. ``bridge`` is what ``ofproto/trace`` names: of a packet that comes
back from the connection tracker, the bridge where the trace began; ``file`` and ``line`` tell the
truth.
"""

from collections.abc import Iterator
from typing import Any

from ..explain.message import Message
from ..explain.traces import assumption, remark, verdict
from ..trace.result import Step, Trace
from .translation import Translator


def trace_as_json(trace: Trace, words: Translator) -> dict[str, Any]:
    return {
        "steps": [
            {
                "bridge": step.traced_bridge,
                "table": step.table,
                "flow": step.text,
                "priority": step.priority,
                "file": step.file,
                "line": step.line,
                "actions": list(step.actions),
            }
            for step in trace.steps
        ],
        "verdict": {"kind": trace.verdict.kind, "ports": list(trace.verdict.ports)},
        "final": trace.final,
        "assumed": [words.text(assumption(one)) for one in trace.assumptions],
    }


def trace_as_text(trace: Trace, words: Translator) -> str:
    return "\n".join(_lines(trace, words)) + "\n"


def _lines(trace: Trace, words: Translator) -> Iterator[str]:
    depths: dict[int, int] = {}
    at = -1
    yield trace.packet
    for step in trace.steps:
        if step.pass_number != at:
            at = step.pass_number
            one = trace.passes[at]
            yield ""
            if one.ct_state is not None:
                told = Message("Back from the connection tracker as %(state)s:",
                               {"state": one.ct_state})  # fmt: skip
                yield words.text(told)
                yield one.packet
        depths[step.number] = 0 if step.parent is None else depths[step.parent] + 1
        yield from _step_lines(step, "  " * min(depths[step.number], 20), words)
    yield ""
    yield words.text(Message("At the end: %(packet)s", {"packet": trace.final}))
    for one_ in trace.assumptions:
        yield "* " + words.text(assumption(one_))
    yield words.text(verdict(trace.verdict))


def _step_lines(step: Step, indent: str, words: Translator) -> Iterator[str]:
    place = f" ({step.file}:{step.line})" if step.file else ""
    if step.flow is None:
        told = words.text(Message("no flow matches"))
    else:
        match = f",{step.flow.match.text}" if step.flow.match.text else ""
        told = f"priority={step.flow.priority}{match}"
    yield f"{indent}{step.bridge} {step.table}. {told}{place}"
    for event in step.events:
        yield f"{indent}    {event.text}"
        for change in event.changes:
            yield f"{indent}      {change.field}: {change.before or '-'} -> {change.after or '-'}"
        for one in event.remarks:
            yield f"{indent}      {words.text(remark(one))}"
        for effect in event.effects:
            if effect.kind == "output":
                yield f"{indent}      => {effect.place}"

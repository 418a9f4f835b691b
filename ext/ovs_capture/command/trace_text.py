"""A trace as JSON and as text for a terminal. Does without Sphinx.

The JSON is that of the manual. ``bridge`` is what ``ofproto/trace`` names: of a packet that comes
back from the connection tracker, the bridge where the trace began; ``file`` and ``line`` tell the
truth.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..explain import packet_way
from ..explain.message import Message, Param
from ..explain.names import Names
from ..explain.pipeline import Pipeline
from ..explain.trace_steps import Known, S, ToldStep, assumed, run_words, runs, told_steps
from ..explain.traces import assumption
from ..network.model import Network
from ..subjects.dumps import Dump
from ..trace.result import Trace
from ..translation import Translator


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


def trace_as_text(
    trace: Trace, dumps: Mapping[str, Dump], network: Network, words: Translator
) -> str:
    """What a page tells: the verdict, what was assumed, the numbered steps, the packet at the end.

    ``dumps``: of the bridges of the host, which is ``network``.
    """

    def known(bridge: str) -> tuple[Names, Pipeline | None]:
        dump = dumps.get(bridge)
        return (dump.names, dump.pipeline) if dump else (Names(bridge, network), None)

    return "\n".join(_lines(trace, network, known, words)) + "\n"


def _lines(trace: Trace, network: Network, known: Known, words: Translator) -> Iterator[str]:
    say = words.text
    names = known(trace.last_bridge)[0]
    yield trace.packet
    yield say(packet_way.verdict(trace, network, names))
    yield say(packet_way.extent(trace))
    for message in assumed(trace, "--ct-next"):
        yield f"* {say(ASSUMED)}: {say(message)}"
    for run in runs(told_steps(trace, network, known)):
        if run[0].entered is not None:
            yield ""
            yield say(run[0].entered)
        if len(run) > 1:
            yield run_line(run, words)
            yield from (_INDENT + line for step in run if (line := _place(step)))
        else:
            yield from step_lines(run[0], words)
    if trace.outs:
        yield ""
    for number, effect in enumerate(trace.outs, len(trace.steps) + 1):
        told = say(packet_way.end(effect, network, known(effect.bridge)[0]))
        yield f"{f'{number}.':>{NUMBER}} {told}"
    yield ""
    yield f"{say(FINAL)}: {trace.final}"


# Columns of a step's number; what is said of it stands behind.
NUMBER = 4
_INDENT = " " * (NUMBER + 1)
ASSUMED = Message("Assumed")
FINAL = Message("Packet at the end")
_PURPOSE = Message("Purpose")


def run_line(run: Sequence[ToldStep[S]], words: Translator) -> str:
    """Steps that are told together, with their numbers."""
    first, last = run[0].number, run[-1].number
    numbers = f"{first}." if first == last else f"{first}-{last}."
    return f"{numbers:>{NUMBER}} {words.text(run_words(run))}"


def step_lines(told: ToldStep[S], words: Translator) -> Iterator[str]:
    """One step with all that is said of it, and the flow as captured."""
    say = words.text
    head: Message = told.table
    if told.role is not None:
        head = Message("%(table)s (%(role)s)", {"table": head, "role": told.role})
    if told.step.priority is not None:
        holes: dict[str, Param] = {"table": head, "priority": told.step.priority}
        head = Message("%(table)s, priority %(priority)s", holes)
    yield f"{f'{told.number}.':>{NUMBER}} {say(head)}"
    yield _INDENT + say(told.reading)
    if told.purpose is not None:
        yield f"{_INDENT}{say(_PURPOSE)}: {say(told.purpose)}"
    for remark in told.remarks:
        yield f"{_INDENT}- {say(remark)}"
    for value in told.values:
        meaning = f" ({say(value.meaning)})" if value.meaning is not None else ""
        change = f"{say(value.before)} -> {say(value.after)}"
        yield f"{_INDENT}- {say(value.name)}: {change}{meaning}"
    for copy in told.copies:
        yield f"{_INDENT}- {say(copy.port)}: {say(copy.fate)}"
    if line := _place(told):
        yield _INDENT + line


def _place(told: ToldStep[S]) -> str:
    """The flow as captured, and where; "" where none matched."""
    if told.step.text is None:
        return ""
    text = " ".join(told.step.text.split())
    return f"{told.step.file}:{told.step.line}: {text}" if told.step.file else text

"""A flow as one normalised line, which ``ovs-ofctl add-flow`` and ``parse-flows`` take.

Lives here: the way back from ``Flow`` to text. Values are canonical, options stand in the order of
ovs-actions(7), counters and ages are left out: two flows with the same text do the same. What could
not be read (``unknown``, a bad value) is written as printed. May not know: any capture.

    flow  = ["cookie=" HEX ", "] "table=" N ", " *(KEY "=" N ", ") *(flag " ")
            "priority=" N *("," clause) " actions=" actions
"""

import re
from collections.abc import Callable, Iterator, Mapping

from . import fields
from .flow import Action, Actions, Clause, Flow, Match

_PLAIN_NAME = re.compile(r"[A-Za-z_][\w.-]*|[0-9]+")


def text_of(flow: Flow) -> str:
    """``table=0, priority=5,ip,nw_src=10.0.0.0/8 actions=output:2``, and its cookie in front."""
    parts = [f"cookie={flow.cookie}"] if flow.cookie not in (None, "0", "0x0") else []
    parts.append(f"table={flow.table if flow.table_name is None else _quoted(flow.table_name)}")
    timeouts = [key for key in ("idle_timeout", "hard_timeout") if key in flow.statistics]
    parts += [f"{key}={flow.statistics[key]}" for key in timeouts]
    late = "".join(f"{flag} " for flag in sorted(flow.flags))
    if "importance" in flow.statistics:
        late += f"importance={flow.statistics['importance']}, "
    match = ",".join((f"priority={flow.priority}", *clauses_of(flow.match)))
    return f"{', '.join(parts)}, {late}{match} actions={actions_of(flow.actions)}"


def clauses_of(match: Match) -> Iterator[str]:
    """The clauses of a match, shorthands first, then fields by name."""
    protocols = [clause for clause in match.clauses if clause.value is None]
    others = sorted((clause for clause in match.clauses if clause.value is not None), key=_key)
    for clause in (*protocols, *others):
        yield _clause(clause)


def _key(clause: Clause) -> str:
    return clause.field or clause.key


def _clause(clause: Clause) -> str:
    if not clause.field or clause.value is None:
        return clause.text if not clause.field else clause.field
    field = fields.find_field(clause.field)
    value = clause.value
    if field is not None and field.format == "port" and not value.isdecimal():
        value = value if value in fields.reserved_ports() else _quoted(value)
    return f"{clause.field}={value}" + ("" if clause.mask is None else f"/{clause.mask}")


def _quoted(name: str) -> str:
    if _PLAIN_NAME.fullmatch(name) and name not in fields.reserved_ports():
        return name
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'


def actions_of(actions: Actions) -> str:
    """An action list; ``drop`` when there is nothing to do."""
    return ",".join(map(action_of, actions.items)) or "drop"


def action_of(action: Action) -> str:
    """One action with all that is nested in it."""
    if action.name in _WRITERS:
        return _WRITERS[action.name](action)
    return _joined_lines(action.text)


def _joined_lines(text: str) -> str:
    return re.sub(r"[ \t]*\r?\n[ \t]*|\x1b\[[0-9;]*[A-Za-z]", "", text)


def _subfield(arguments: Mapping[str, str], prefix: str = "") -> str:
    name = arguments[f"{prefix}field"]
    start = int(arguments[f"{prefix}start"])
    bits = arguments["bits"] if f"{prefix}bits" not in arguments else arguments[f"{prefix}bits"]
    field = fields.find_field(name)
    if bits == "" or (field is not None and field.bits == int(bits) and start == 0):
        return f"{name}[]"
    last = start + int(bits) - 1
    return f"{name}[{start}]" if last == start else f"{name}[{start}..{last}]"


def _is_subfield(arguments: Mapping[str, str]) -> bool:
    return "field" in arguments and "start" in arguments and "bits" in arguments


def _port(name: str) -> str:
    return name if name in fields.reserved_ports() or name == "" else _quoted(name)


def _output(action: Action) -> str:
    given = action.arguments
    if _is_subfield(given):
        return f"output:{_subfield(given)}"
    if "port" not in given:
        return _joined_lines(action.text)
    if "max_len" in given:
        return f"output(port={_port(given['port'])},max_len={given['max_len']})"
    return f"output:{_port(given['port'])}"


def _load(action: Action) -> str:
    given = action.arguments
    if "field" not in given:
        return _joined_lines(action.text)
    if "value" in given:
        return f"load:{given['value']}->{_subfield(given)}"
    return f"load:{_subfield(given, 'from_')}->{_subfield(given)}"


def _move(action: Action) -> str:
    given = action.arguments
    if "from_field" not in given:
        return _joined_lines(action.text)
    return f"move:{_subfield(given, 'from_')}->{_subfield(given)}"


def _set_field(action: Action) -> str:
    given = action.arguments
    if "field" not in given or "value" not in given:
        return _joined_lines(action.text)
    mask = f"/{given['mask']}" if "mask" in given else ""
    return f"set_field:{given['value']}{mask}->{given['field']}"


def _resubmit(action: Action) -> str:
    given = action.arguments
    if "port" not in given or "table" not in given:
        return _joined_lines(action.text)
    table = given["table"] and _quoted(given["table"])
    last = ",ct" if "ct" in given else ""
    return f"resubmit({_port(given['port'])},{table}{last})"


def _list(action: Action) -> str:
    return f"{action.name}({','.join(map(action_of, action.actions))})"


def _ct(action: Action) -> str:
    given = action.arguments
    parts: list[str] = [name for name in ("commit", "force") if name in given]
    if "table" in given:
        parts.append(f"table={_quoted(given['table'])}")
    if "zone" in given:
        parts.append(f"zone={given['zone']}")
    elif "zone_field" in given:
        zone = {key.removeprefix("zone_"): text for key, text in given.items() if "zone_" in key}
        parts.append(f"zone={_subfield(zone)}")
    inside = [inner for inner in action.actions if inner.name != "nat"]
    parts += [_nat(inner) for inner in action.actions if inner.name == "nat"]
    if inside:
        parts.append(f"exec({','.join(map(action_of, inside))})")
    if "alg" in given:
        parts.append(f"alg={given['alg']}")
    return f"ct({','.join(parts)})" if parts else "ct()"


def _nat(action: Action) -> str:
    given = action.arguments
    parts = []
    if "type" in given:
        addresses = given.get("address", "")
        if "port" in given:
            is_ipv6 = ":" in addresses
            if is_ipv6:
                addresses = "-".join(f"[{one}]" for one in addresses.split("-"))
            addresses += f":{given['port']}"
        parts.append(f"{given['type']}={addresses}" if addresses else given["type"])
    parts += [flag for flag in ("persistent", "hash", "random") if flag in given]
    return f"nat({','.join(parts)})" if parts else "nat"


_WRITERS: Mapping[str, Callable[[Action], str]] = {
    "output": _output,
    "load": _load,
    "move": _move,
    "set_field": _set_field,
    "resubmit": _resubmit,
    "clone": _list,
    "write_actions": _list,
    "ct": _ct,
    "nat": _nat,
}

"""What Open vSwitch's own Python parser, ``ovs.flow``, says of a flow, and what ours says in its
words.

Both are brought to one form that holds every value: numbers as integers, addresses as numbers with
their masks, subfields as (canonical field, lowest bit, number of bits). ``FAULTS`` is the table of
what ovs.flow 4.0 cannot read, each with the words that it reads instead.
"""

import re
import zlib
from collections.abc import Callable, Mapping
from ipaddress import ip_address
from typing import Any, NamedTuple

from ovs_capture.openflow import fields, values
from ovs_capture.openflow.actions import find_action
from ovs_capture.openflow.flow import Action, Clause, Flow


def port_number(name: str) -> int:
    """A number for a name of a port, the same everywhere."""
    return int(name) if name.isdigit() else 1000 + zlib.crc32(name.encode()) % 60000


def _numbers_for_names(found: re.Match[str]) -> str:
    names = map(values.unquoted, found[1].split(","))
    return f"members:{','.join(str(port_number(name)) for name in names)})"


class Fault(NamedTuple):
    """Something that ovs.flow raises on.

    ``instead``: what it takes in place of ``pattern`` and that means the same, but for what
    ``lost`` names: keys of ours that it then has not read (ovs-ofctl judges these).
    """

    why: str
    pattern: str
    instead: str | Callable[[re.Match[str]], str]
    example: str
    lost: tuple[str, ...] = ()


_FLAGS = "send_flow_rem|check_overlap|reset_counts|no_packet_counts|no_byte_counts"
FAULTS = (
    Fault(
        "the statistics of bridge/dump-flows are unknown",
        r"n_offload_(?:packets|bytes)=[0-9]+, ",
        "",
        "n_packets=0, n_offload_packets=0, priority=1 actions=drop",
        ("n_offload_packets", "n_offload_bytes"),
    ),
    Fault(
        "table_id, the word of bridge/dump-flows, is unknown",
        r"\btable_id=",
        "table=",
        "table_id=8, n_packets=0, priority=1,actions=drop",
    ),
    Fault(
        "a flag takes the statistic behind it for a part of its name",
        rf"\b({_FLAGS}) (?=(?:{_FLAGS}|\w+_age=|importance=))",
        r"\1, ",
        " cookie=0x0, n_bytes=0, reset_counts idle_age=4, priority=65535 actions=drop",
    ),
    Fault(
        "importance, of OpenFlow 1.4, is unknown",
        r"\bimportance=[0-9]+, ",
        "",
        " cookie=0x0, n_bytes=0, importance=7, priority=1 actions=drop",
        ("importance",),
    ),
    Fault(
        "without priority and match, the last statistic is taken for the match",
        r"(?:^ ?|(?<=, ))actions=",
        "priority=32768 actions=",
        " cookie=0x0, table=0, n_packets=0, n_bytes=0, idle_age=18, actions=NORMAL",
    ),
    Fault(
        "a tun_metadata that is tested only for being there has no value",
        r",tun_metadata(\d+)(?=[ ,])",
        r",tun_metadata\1=0/0",
        " cookie=0x0, table=50, priority=117,tun_metadata0 actions=output:2",
    ),
    Fault(
        "fields of GTP-U have another name than the one that is printed",
        r"\b(gtpu_\w+)=",
        r"tun_\1=",
        " table=50, priority=113,gtpu_flags=0x30 actions=output:2",
    ),
    Fault(
        "a packet_type ends at its comma for it",
        r"packet_type=\((\w+),(\w+)\)",
        r"packet_type=(\1;\2)",
        " table=50, priority=232,packet_type=(1,0x894f),nsh_mdtype=1 actions=output:2",
    ),
    Fault(
        "a flag before the actions is taken for the match",
        rf"\b({_FLAGS}) actions=",
        r"\1, priority=32768 actions=",
        " cookie=0x0, n_bytes=0, send_flow_rem actions=drop",
    ),
    Fault(
        "members of a bundle are numbers only",
        r"members:([^)]*)\)",
        _numbers_for_names,
        " table=39, priority=1 actions=bundle(eth_src,0,hrw,ofport,members:tap1,\"a-b\")",
    ),
    Fault(
        "a set_field of ip_dscp that is printed with the mask of all its bits",
        r"/0x3f->ip_dscp",
        "->ip_dscp",
        " table=17, priority=2002,ip actions=set_field:16/0x3f->ip_dscp,resubmit(,18)",
    ),
)  # fmt: skip


def _number(text: str) -> Any:
    number = values.number(text)
    return text if number is None else number


def _time(text: str) -> float:
    return float(text.removesuffix("s"))


# ---- what ovs.flow says


# ovs.flow counts the bit that says that there is a VLAN, which ovs-fields(7) does not.
_BITS = {"vlan_vid": 13}
_SUBFIELD = re.compile(r"(\w+)\[(?:(\d+)(?:\.\.(\d+))?)?\]")


def _field_name(name: str) -> str:
    field = fields.find_field(name)
    return name if field is None else field.name


def _subfield(text: str) -> Any:
    """A subfield that ovs.flow leaves as text; other text as it is."""
    if found := _SUBFIELD.fullmatch(text):
        first, last = found[2], found[3] or found[2]
        bits = {"start": int(first), "end": int(last)} if first else {}
        return _their_subfield({"field": found[1], **bits})
    return text


def _their_subfield(theirs: Mapping[str, Any]) -> tuple[str, int, int | None]:
    field = fields.find_field(theirs["field"])
    assert field is not None
    start = theirs.get("start", 0)
    bits = theirs["end"] - start + 1 if "end" in theirs else field.bits
    return field.name, start, bits


def plain(theirs: Any) -> Any:
    """A value of ovs.flow without its types."""
    if isinstance(theirs, dict):
        if "field" in theirs:
            return _their_subfield(theirs)
        return {key: plain(value) for key, value in theirs.items()}
    if isinstance(theirs, list):
        return [plain(value) for value in theirs]
    kind = type(theirs).__name__
    if kind == "EthMask":
        return int(theirs.eth), int(theirs.mask) if theirs.mask is not None else (1 << 48) - 1
    if kind == "IPMask":
        return int(theirs.ip), int(theirs.mask)
    if kind == "IPAddress":
        return int(theirs)
    if hasattr(theirs, "fully"):  # a number with a mask
        return theirs.value, theirs.mask
    return values.unquoted(theirs) if isinstance(theirs, str) else theirs


def their_actions(listed: Any) -> list[tuple[str, Any]]:
    """``OFPFlow.actions`` under our names, with every list in it brought to pairs."""
    return [
        (find_action(word) or word, _their_arguments(word, told))
        for one in listed
        for word, told in one.items()
    ]


def _their_learn(listed: Any) -> list[tuple[Any, Any]]:
    """Options, matches (named by the subfield that they test) and actions of learn."""
    pairs: list[tuple[Any, Any]] = []
    for one in listed:
        for word, told in one.items():
            key = word if word in ("table", "load", "output") else _subfield(word)
            if key == word and word not in _LEARN_OPTIONS and fields.find_field(word):
                key = _field_name(word)
            pairs.append((key, _their_arguments(word, told)))
    return pairs


_LEARN_OPTIONS = ("table", "priority", "cookie", "limit", "result_dst")


def _their_arguments(word: str, told: Any) -> Any:
    if word == "learn":
        return _their_learn(told)
    if word in ("clone", "write_actions") and told is not True:
        return their_actions(told)
    if word == "ct" and told is not True and "exec" in told:
        return plain(told) | {"exec": their_actions(told["exec"])}
    if word == "output" and isinstance(told["port"], str):
        return told | {"port": _subfield(values.unquoted(told["port"]))}
    if word == "bundle_load":
        return told | {"dst": _subfield(told["dst"])}
    if word.lower() == "controller" and isinstance(told, dict) and "userdata" in told:
        # One byte is a number for it, and has lost its leading zero.
        return told | {"userdata": f"{told['userdata']:>02}"}
    return plain(told)


# ---- the same of ours


def _address(value: str, mask: str | None) -> tuple[int, int]:
    address = ip_address(value)
    bits = address.max_prefixlen
    if mask is None:
        return int(address), (1 << bits) - 1
    if mask.isdigit():
        return int(address), (1 << bits) - (1 << bits - int(mask))
    return int(address), int(ip_address(mask))


def _mac(value: str, mask: str | None) -> tuple[int, int]:
    as_number = [int(text.replace(":", ""), 16) for text in (value, mask or "ff:ff:ff:ff:ff:ff")]
    return as_number[0], as_number[1]


def value_of(field_name: str, value: str | None, mask: str | None, theirs: Any) -> Any:
    """Our value of a field in the form that ``plain`` gives theirs.

    ``theirs`` tells only which of the forms is wanted: ovs.flow has one for each field.
    """
    if value is None:
        # Tested for being there only: no bit of the value matters.
        return (0, 0) if isinstance(theirs, tuple) else True
    field = fields.find_field(field_name)
    assert field is not None, field_name
    if field.name == "packet_type":
        return value.replace(",", ";")
    if isinstance(theirs, str) and theirs.isalpha() and value[0] in "+-":
        # What is printed when all bits are tested: the one that is set. Kept as text.
        is_set = re.findall(r"\+([^+-]+)", value)
        tested = re.findall(r"[+-]([^+-]+)", value)
        assert len(tested) >= len(is_set)
        return "|".join(is_set)
    if field.format == "ethernet":
        return _mac(value, mask)
    if field.format in ("ipv4", "ipv6"):
        return _address(value, mask)
    number = values.number(value)
    if number is not None and isinstance(theirs, tuple):
        everything = (1 << theirs[1].bit_length()) - 1 if mask is None else 0
        bits = _BITS.get(field.name, field.bits)
        if bits is not None and mask is None:
            everything = (1 << bits) - 1
        return number, everything if mask is None else values.number(mask)
    if mask is not None:
        return f"{value}/{mask}"
    return value if number is None else number


def _bits(action: Action, prefix: str = "") -> tuple[str, int, int | None]:
    """The subfield that an action names; what comes from it has as many bits as what it fills."""
    given = action.arguments
    bits = given.get(f"{prefix}bits", given.get("bits", ""))
    return given[f"{prefix}field"], int(given[f"{prefix}start"]), int(bits) if bits else None


def _port(text: str) -> Any:
    return int(text) if text.isdigit() else text


def _load(action: Action, theirs: Any) -> Any:
    if "value" in action.arguments:
        return {"value": _number(action.arguments["value"]), "dst": _bits(action)}
    return _move(action, theirs)


def _move(action: Action, _: Any) -> Any:
    return {"src": _bits(action, "from_"), "dst": _bits(action)}


def _set_field(action: Action, theirs: Any) -> Any:
    given = action.arguments
    field = fields.find_field(given["field"])
    assert field is not None
    (printed, their_value), *more = theirs["value"].items()
    assert not more and _field_name(printed) == field.name
    value = value_of(field.name, given["value"], given.get("mask"), their_value)
    return {"value": {printed: value}, "dst": (field.name, 0, field.bits)}


def _output(action: Action, _: Any) -> Any:
    given = action.arguments
    if "field" in given:
        return {"port": _bits(action)}
    limit = {"max_len": int(given["max_len"])} if "max_len" in given else {}
    return {"port": _port(given["port"]), **limit}


def _resubmit(action: Action, _: Any) -> Any:
    given = dict(action.arguments)
    said: dict[str, Any] = {"port": _port(given["port"])}
    if given["table"]:
        said["table"] = _number(given["table"])
    return said | ({"ct": True} if "ct" in given else {})


def _options(action: Action, _: Any) -> Any:
    """Flags are true, numbers are numbers."""
    said = {
        key: True if text == "true" else text if key == "userdata" else _number(text)
        for key, text in action.arguments.items()
    }
    return said or True


def _numbered(*keys: str) -> Callable[[Action, Any], Any]:
    return lambda action, _: {key: _number(action.arguments[key]) for key in keys}


def _multipath(action: Action, _: Any) -> Any:
    keys = ("fields", "basis", "algorithm", "n_links", "arg")
    return _numbered(*keys)(action, None) | {"dst": _bits(action)}


def _bundle(action: Action, _: Any) -> Any:
    said: dict[str, Any] = _numbered("fields", "basis", "algorithm")(action, None)
    if "field" in action.arguments:
        said["dst"] = _bits(action)
    return said | {
        "members": [port_number(port) for port in action.arguments["members"].split(",")]
    }


def _metadata(action: Action, theirs: Any) -> Any:
    given = action.arguments
    return value_of("metadata", given["value"], given.get("mask"), theirs)


def _list(action: Action, theirs: Any) -> Any:
    return actions_of(action.actions, theirs)


def _ct(action: Action, theirs: Any) -> Any:
    if theirs is True:
        return action.arguments == {} and action.actions == ()
    said: dict[str, Any] = {}
    for key, text in action.arguments.items():
        if not key.startswith("zone_"):
            said[key] = True if text == "true" else _number(text)
    if "zone_field" in action.arguments:
        said["zone"] = _bits(action, "zone_")
    if action.actions and action.actions[0].name == "nat":
        said["nat"] = _nat(action.actions[0])
    if inside := [inner for inner in action.actions if inner.name != "nat"]:
        said["exec"] = actions_of(inside, theirs.get("exec", []))
    return said


def _nat(action: Action) -> Any:
    given = dict(action.arguments)
    said: dict[str, Any] = {}
    for key, name, read in (
        ("address", "addrs", lambda text: int(ip_address(text))),
        ("port", "ports", int),
    ):
        if key in given:
            first, _, last = given.pop(key).partition("-")
            said[name] = {"start": read(first), "end": read(last or first)}
    said |= {key: True if text == "true" else text for key, text in given.items()}
    return said or True


def _learn(action: Action, theirs: Any) -> Any:
    said: list[tuple[Any, Any]] = []
    for key, text in action.arguments.items():
        if key.startswith("result_dst"):
            if key == "result_dst_field":
                said.append(("result_dst", _bits(action, "result_dst_")))
        else:
            said.append((key, True if text == "true" else _number(text)))
    told = list(theirs)[len(said) :]
    for inner, their_item in zip(action.actions, told, strict=True):
        if inner.name != "learn_match":
            said += actions_of([inner], [their_item])
        elif "value" in inner.arguments:
            name = inner.arguments["field"]
            said.append((name, value_of(name, inner.arguments["value"], None, their_item[1])))
        else:
            source = "from_" if "from_field" in inner.arguments else ""
            said.append((_bits(inner), _bits(inner, source)))
    return said


def _encap(action: Action, _: Any) -> Any:
    given = dict(action.arguments)
    props: dict[str, Any] = {}
    if "md_type" in given:
        props["md_type"] = _number(given["md_type"])
    if "tlv" in given:
        # Of several it keeps the last; ours has all that are printed.
        assert action.text == f"encap(nsh(md_type={given['md_type']},{given['tlv']}))"
        numbers = given["tlv"].rpartition("tlv(")[2].removesuffix(")").split(",")
        props["tlv"] = dict(zip(("class", "type", "value"), map(_number, numbers), strict=True))
    return {"header": given["header"]} | ({"props": props} if props else {})


# How ovs.flow tells the arguments of an action; of those not named here, the only one is all.
_ACTIONS: Mapping[str, Callable[[Action, Any], Any]] = {
    "output": _output,
    "controller": _options,
    "enqueue": lambda action, _: {key: _port(text) for key, text in action.arguments.items()},
    "bundle": _bundle,
    "bundle_load": _bundle,
    "encap": _encap,
    "load": _load,
    "move": _move,
    "set_field": _set_field,
    "mod_dl_src": lambda action, _: _mac(action.arguments["mac"], None),
    "mod_dl_dst": lambda action, _: _mac(action.arguments["mac"], None),
    "mod_nw_src": lambda action, _: _address(action.arguments["ip"], None),
    "mod_nw_dst": lambda action, _: _address(action.arguments["ip"], None),
    "dec_ttl": lambda action, _: (
        [int(n) for n in action.arguments["ids"].split(",")]
        if action.arguments.get("ids")
        else True
    ),
    "check_pkt_larger": lambda action, _: {
        "pkt_len": int(action.arguments["length"]),
        "dst": _bits(action),
    },
    "delete_field": lambda action, _: (
        action.arguments["field"],
        0,
        fields.find_field(action.arguments["field"]).bits,  # type: ignore[union-attr]
    ),
    "push": lambda action, _: _bits(action),
    "pop": lambda action, _: _bits(action),
    "fin_timeout": _options,
    "resubmit": _resubmit,
    "learn": _learn,
    "conjunction": _numbered("id", "k", "n"),
    "clone": _list,
    "write_actions": _list,
    "multipath": _multipath,
    "sample": _options,
    "ct": _ct,
    "write_metadata": _metadata,
}
_PORTS = ("NORMAL", "IN_PORT", "FLOOD", "ALL", "LOCAL", "TABLE", "NONE")


def _said(action: Action, theirs: Any) -> tuple[str, Any]:
    if action.name in _PORTS:
        return "output", {"port": action.name}
    if action.name in ("debug_recirc", "debug_slow"):
        return "output", {"port": action.name}  # Any word that it does not know is a port.
    if action.name == "decap":
        # It drops the arguments; ours say all that is printed.
        pieces = ",".join(f"{key}={text}" for key, text in action.arguments.items())
        assert action.text == (f"decap(packet_type({pieces}))" if pieces else action.text)
        assert pieces or action.text in ("decap", "decap()")
        return "decap", True
    if action.name == "controller" and not action.arguments:
        return "output", {"port": "CONTROLLER"}
    if action.name in _ACTIONS:
        return action.name, _ACTIONS[action.name](action, theirs)
    texts = list(action.arguments.values())
    assert len(texts) < 2, action
    return action.name, _number(texts[0]) if texts else True


def actions_of(actions: Any, theirs: Any) -> list[tuple[str, Any]]:
    """Our actions in the form of ``their_actions``, which ``theirs`` is."""
    if theirs is True:
        return []
    padded = [*theirs, *[("", None)] * len(actions)]
    return [_said(action, told[1]) for action, told in zip(actions, padded, strict=False)]


def readable(line: str) -> str:
    """A flow as ovs.flow can read it."""
    for fault in FAULTS:
        line = re.sub(fault.pattern, fault.instead, line)
    return line


_UNKNOWN = {key for fault in FAULTS for key in fault.lost}


def differences(flow: Flow, theirs: Any) -> list[tuple[str, Any, Any]]:
    """What ovs.flow's ``OFPFlow`` says otherwise: where, ours, theirs."""
    match, actions = [(kv.key, plain(kv.value)) for kv in theirs.match_kv], theirs.actions
    priority = 32768
    if match and match[0][0] == "priority":
        priority = match.pop(0)[1]
    told = [value for _, value in match] + [None] * len(flow.match.clauses)
    ours_and_theirs = [
        ("priority", flow.priority, priority),
        (
            "match",
            [
                _clause(clause, value)
                for clause, value in zip(flow.match.clauses, told, strict=False)
            ],
            match,
        ),
        ("info", _info(flow), {"table": 0} | theirs.info),
    ]
    their_list = their_actions(actions)
    ours_and_theirs.append(("actions", actions_of(flow.actions.items, their_list), their_list))
    return [(where, ours, other) for where, ours, other in ours_and_theirs if ours != other]


def _clause(clause: Clause, told: Any) -> tuple[str, Any]:
    key = f"tun_{clause.key}" if clause.key.startswith("gtpu_") else clause.key
    return key, value_of(clause.field, clause.value, clause.mask, told)


def _info(flow: Flow) -> dict[str, Any]:
    said: dict[str, Any] = {"table": flow.table, **dict.fromkeys(flow.flags, True)}
    for key, text in flow.statistics.items():
        if key not in _UNKNOWN:
            is_time = key == "duration" or key.endswith(("_age", "_timeout"))
            said[key] = _time(text) if is_time else _number(text)
    return said

"""Entities as the pages use them: which one a mention is, and what its tooltip says.

Every word of a description is proven by the model; what the model does not say is left out.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import overload

from ..formats.command import Command, ip_object
from ..network.model import Evidence, Network, Scope
from . import refs
from .identity import (
    Entity,
    bridge_of,
    canonical_address,
    entity_of_mark,
    entity_of_name,
    entity_of_ref,
)
from .message import Message, Param, Ref, Series
from .surroundings import Surroundings
from .tooltips import addresses, devices, places, tags
from .tooltips.base import Description, Fact, kind_words

__all__ = [
    "Description",
    "Entity",
    "Fact",
    "bridge_of",
    "canonical_address",
    "describe",
    "entity_of_mark",
    "entity_of_name",
    "entity_of_ref",
    "evidence_label",
]

# What a tooltip has room for (VISUAL.md section 4).
_MOST_FACTS = 4
_MOST_EVIDENCE = 4


def describe(
    entity: Entity, network: Network | None, *, others: Iterable[Network] = ()
) -> Description:
    """What the models say about an entity; of an unknown one its name and kind.

    ``network``: of the host whose page it is. The entity may be another host's: its own model then
    tells, and the names in the description say whose they are.
    """
    host = entity.scope.host if entity.scope else (network.key if network else "")
    around = Surroundings.of(network, others, host).at(host)
    home = around.home
    description = _limited(_describe(entity, around))
    if home is None or home is network:
        return description
    return replace(
        description,
        sentence=_on_host(description.sentence, Scope(home.key)) if description.sentence else None,
        facts=tuple((name, _on_host(value, Scope(home.key))) for name, value in description.facts),
    )


def _describe(entity: Entity, around: Surroundings) -> Description:
    match entity.kind:
        case "device":
            return devices.device(entity, around)
        case "bridge" if around.network and around.network.bridge(entity.name):
            return devices.bridge(entity, around)
        case "bridge":
            return devices.linux_bridge(entity, around)
        case "mac":
            return addresses.mac(entity, around)
        case "address" if "/" in entity.name:
            return addresses.prefix(entity, around)
        case "address":
            return addresses.address(entity, around)
        case "vlan":
            return tags.vlan(entity, around)
        case "guest":
            return places.guest(entity, around)
        case "namespace":
            return places.namespace(entity, around)
        case "host":
            return places.host(entity, around)
        case "uuid":
            return places.uuid(entity, around)
        case "table" | "register" if entity.bridge:
            of_bridge = (Message("Bridge", context="label"), refs.bridge(entity.bridge))
            return Description(entity.name, kind_words(entity), facts=(of_bridge,))
    return Description(entity.name, kind_words(entity))


def _limited(description: Description) -> Description:
    first: dict[tuple[str, int], Evidence] = {}
    for evidence in description.evidence:
        first.setdefault((evidence.file, evidence.capture.line), evidence)
    return replace(
        description,
        facts=description.facts[:_MOST_FACTS],
        evidence=tuple(first.values())[:_MOST_EVIDENCE],
    )


@overload
def _on_host(param: Message, scope: Scope) -> Message: ...
@overload
def _on_host(param: Param, scope: Scope) -> Param: ...
def _on_host(param: Param, scope: Scope) -> Param:
    """The same with every name that has no scope put on a host."""
    match param:
        case Ref(scope=None):
            return replace(param, scope=scope)
        case Message():
            return replace(param, params={k: _on_host(v, scope) for k, v in param.params.items()})
        case Series():
            return replace(param, items=tuple(_on_host(item, scope) for item in param.items))
    return param


def evidence_label(evidence: Evidence) -> str:
    """The capture in few words: ``virsh dumpxml``, ``ovs-vsctl show``, ``leases``.

    A printed file is called by its name, and so is a capture without a command.
    """
    command = evidence.capture.command
    if command is None or not command.words:
        name = evidence.file.rsplit("/", 1)[-1]
        return name.removesuffix(".gz").removesuffix(".txt")
    if command.program in _FILE_PRINTERS and command.arguments:
        name = command.arguments[-1].rstrip("/").rsplit("/", 1)[-1] or command.program
        return f"dnsmasq {name}" if name in _PLAIN_WORDS else name
    what_ip = ip_object(command)
    if what_ip is not None:
        return f"ip {'addr' if what_ip[0] == 'address' else what_ip[0]}"
    return " ".join((command.program, *_subcommand(command)))


_FILE_PRINTERS = {"cat", "less", "more", "head", "tail", "zcat", "grep"}
# dnsmasq's files whose name alone says nothing (Neutron's names for them).
_PLAIN_WORDS = {"host", "opts", "interface"}
# How many words after the program say what it prints; openstack's are told by its verb.
_SUBCOMMAND_WORDS = {"ovs-ofctl": 2, "ovs-appctl": 2}
_VERBS = {"list", "show", "create", "set"}


def _subcommand(command: Command) -> tuple[str, ...]:
    words = command.arguments
    if command.program == "openstack":
        verbs = [index for index, word in enumerate(words) if word in _VERBS]
        return words[: verbs[0] + 1] if verbs else words[:2]
    return words[: _SUBCOMMAND_WORDS.get(command.program, 1)]

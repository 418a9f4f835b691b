"""Notes on ``ss``, ``ps``, ``nmcli``, ``hostnamectl`` and haproxy's configuration."""

import re
from collections.abc import Mapping
from functools import cache
from ipaddress import ip_address
from typing import Any

from ...formats.haproxy_conf import HaproxySection
from ...formats.hostnamectl import HostStatus
from ...formats.nmcli import NmBlock, NmRow
from ...formats.ps import Process
from ...formats.ss import Socket
from ...knowledge import table
from ...network.model import Scope
from .. import refs
from ..message import Message, Param, Ref
from ..surroundings import Place
from . import whose
from .devices import device_facts, device_note


def socket(record: Socket, place: Place) -> Message | None:
    """Which service listens, or is talked to; by knowledge/services.toml."""
    listens = record.state in ("LISTEN", "UNCONN") and record.peer_port in (None, "*")
    if listens:
        word = _service(record, record.local, record.local_port)
        if word is None:
            return None
        holes: dict[str, Param] = {"service": word}
        if _is_any(record.local):
            if record.device is None:
                return Message("%(service)s, on all addresses.", holes)
            holes["device"] = _device(record.device, place)
            return Message("%(service)s, on %(device)s.", holes)
        if _is_loopback(record.local):
            return Message("%(service)s, for this host only.", holes)
        holes["address"] = refs.address(record.local)
        return Message("%(service)s, on %(address)s.", holes)
    return _connection(record, place)


def _connection(record: Socket, place: Place) -> Message | None:
    served = _service(record, record.local, record.local_port)
    asked = _service(record, record.peer, record.peer_port or "")
    word = served or asked
    if record.state != "ESTAB" or word is None:
        return None
    holes: dict[str, Param] = {"service": word}
    if _is_loopback(record.peer):
        return Message("Connection inside this host: %(service)s.", holes)
    who = whose.of_address(record.peer, place.around)
    holes["peer"] = refs.address(record.peer) if who is None else who
    if served:
        return Message("%(peer)s is connected to this side's %(service)s.", holes)
    return Message("This side is connected to %(peer)s: %(service)s.", holes)


def _service(record: Socket, address: str, port: str) -> Message | None:
    for row in table("services")["service"]:
        if (
            port in row["ports"]
            and record.netid in (None, row["netid"])
            and row.get("address") in (None, address)
        ):
            return Message(row["word"])
    return None


def _is_any(address: str) -> bool:
    return address in ("*", "0.0.0.0", "::")


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address.removeprefix("::ffff:")).is_loopback
    except ValueError:
        return False


def _device(name: str, place: Place) -> Ref:
    root = place.scope.namespace is None and place.scope.guest is None
    return refs.device(name, None if root else place.scope)


def process(record: Process, place: Place) -> Message | None:
    """What a process does in a host's network; by knowledge/services.toml."""
    for pattern, row in _programs():
        match = pattern.search(record.command)
        if match is None:
            continue
        words: Mapping[str, str | None] = match.groupdict()
        if not any(words.values()):
            return Message(row["sentence"])
        holes: dict[str, Param] = {
            key: _subject(key, text, place) for key, text in words.items() if text
        }
        return Message(row["about"], holes)
    return None


def _subject(key: str, text: str, place: Place) -> Param:
    """A UUID, or the guest that libvirt calls so."""
    if key != "guest":
        return Ref("uuid", text.lower())
    network = place.around.network
    found = [g for g in (network.guests if network else ()) if text in (g.key, g.subtitle)]
    if len(found) != 1:
        return Ref("guest", text)
    scope = Scope(place.around.host, guest=found[0].key)
    return Ref("guest", found[0].title, scope=scope)


@cache
def _programs() -> tuple[tuple[re.Pattern[str], dict[str, Any]], ...]:
    return tuple((re.compile(row["pattern"]), row) for row in table("services")["program"])


def managed(record: NmRow | NmBlock, place: Place) -> Message | None:
    """What NetworkManager's device is on this host."""
    values = record.columns if isinstance(record, NmRow) else record.properties
    for key in ("DEVICE", "GENERAL.DEVICE", "connection.interface-name"):
        if name := values.get(key):
            return device_note(device_facts(name, place.scope, place.around))
    return None


def status(record: HostStatus, place: Place) -> Message | None:
    system, kernel = (record.properties.get(key) for key in ("Operating System", "Kernel"))
    if record.hostname is None or system is None:
        return None
    holes: dict[str, Param] = {"host": Ref("host", record.hostname), "system": system.strip()}
    if kernel is None:
        return Message("%(host)s runs %(system)s.", holes)
    holes["kernel"] = kernel.strip()
    return Message("%(host)s runs %(system)s with %(kernel)s.", holes)


# Headers by which the proxy says whose request it is; neutron/agent/metadata/agent.py.
_NETWORK = re.compile(r"X-(?:OVN|Neutron)-Network-ID\s+(?P<uuid>[0-9a-fA-F-]{36})")
_ROUTER = re.compile(r"X-Neutron-Router-ID\s+(?P<uuid>[0-9a-fA-F-]{36})")
_METADATA = "169.254.169.254:80"


def section(record: HaproxySection, place: Place) -> Message | None:
    """The metadata proxy of a network or router; a load balancer's listener and members."""
    binds = [value.split()[0] for value in record.values("bind") if value.split()]
    if _METADATA in binds:
        text = "\n".join(rest for _, rest in record.settings)
        if match := _NETWORK.search(text):
            return Message(
                "Metadata proxy of network %(uuid)s.", {"uuid": Ref("uuid", match["uuid"].lower())}
            )
        if match := _ROUTER.search(text):
            return Message(
                "Metadata proxy of router %(uuid)s.", {"uuid": Ref("uuid", match["uuid"].lower())}
            )
        return Message("Metadata proxy.")
    if record.section == "frontend" and binds:
        return Message("Listens on %(binds)s.", {"binds": refs.series(binds, "plain")})
    if record.section == "backend":
        servers = [_server(value, place) for value in record.values("server")]
        named = [server for server in servers if server is not None]
        if named:
            return Message("Passes requests on to %(servers)s.", {"servers": refs.series(named)})
    return None


def _server(value: str, place: Place) -> Param | None:
    """``server NAME ADDRESS:PORT ...``: the member by its owner, else by its address."""
    words = value.split()
    if len(words) < 2:
        return None
    address = words[1].rpartition(":")[0].strip("[]") or words[1]
    owner = place.around.owner_of_address(address)
    return refs.guests_nic(owner) if owner else Ref("code", words[1])

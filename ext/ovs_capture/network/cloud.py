"""What OpenStack's API says: servers, routers, ports and subnets by id and by address.

Rows add up over captures; the last row of an id wins. Nothing here belongs to one host.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ..formats.openstack_table import Resource, Row
from ..formats.reading import Capture
from .model import Evidence, Found
from .pool import having, shared
from .snapshot import facts

_IPV4 = re.compile(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d./])")
_IPV6 = re.compile(r"(?<![\w:])[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}(?![\w:/])", re.IGNORECASE)
_MAC = re.compile(r"[0-9a-f]{2}(?::[0-9a-f]{2}){5}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Server:
    id: str
    name: str
    ips: frozenset[str]
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Router:
    id: str
    name: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class CloudPort:
    id: str
    mac: str
    ips: tuple[str, ...]
    evidence: Evidence


@dataclass(frozen=True)
class Cloud:
    """All that the API rows of a scenario say."""

    servers: tuple[Server, ...] = ()
    routers: tuple[Router, ...] = ()
    ports: tuple[CloudPort, ...] = ()
    cidrs: tuple[tuple[str, Evidence], ...] = ()

    def server(self, uuid: str | None, ips: Iterable[str]) -> Found[Server]:
        """The server with this id, else those that have one of these addresses."""
        by_id = tuple(server for server in self.servers if server.id == uuid)
        if by_id:
            return Found(by_id)
        wanted = set(ips)
        return Found(tuple(server for server in self.servers if server.ips & wanted))

    def router(self, uuid: str | None) -> Router | None:
        return next((router for router in self.routers if router.id == uuid), None)


def addresses_in(text: str) -> tuple[str, ...]:
    """IP addresses in a cell, without prefixes; no MAC address is taken for IPv6."""
    text = _MAC.sub(" ", text)
    return tuple(match[0] for pattern in (_IPV4, _IPV6) for match in pattern.finditer(text))


def cloud(captures: Sequence[Capture]) -> Cloud:
    """Join the API rows of all captures of a scenario."""
    return shared(captures, (having(captures, Row), having(captures, Resource)), _cloud)


def _cloud(captures: Sequence[Capture]) -> Cloud:
    servers: dict[str, Server] = {}
    routers: dict[str, Router] = {}
    ports: dict[str, CloudPort] = {}
    cidrs: dict[str, Evidence] = {}
    for what, cells, evidence in _rows(captures):
        uuid, name = cells.get("id", ""), cells.get("name", "")
        cidr = cells.get("cidr") or (cells.get("subnet", "") if what == "subnet" else "")
        if re.fullmatch(r"[0-9a-fA-F.:]+/\d{1,3}", cidr):
            cidrs[cidr] = evidence
        if not uuid:
            continue
        if what == "server" and name:
            ips = addresses_in(cells.get("networks") or cells.get("addresses") or "")
            known = servers.get(uuid)
            # `server create` prints no address yet, `server list` may leave the column out.
            servers[uuid] = Server(
                uuid, name, frozenset(ips) or (known.ips if known else frozenset()), evidence
            )
        elif what == "router" and name:
            routers[uuid] = Router(uuid, name, evidence)
        elif what == "port" and (mac := cells.get("mac address") or cells.get("mac_address")):
            fixed = cells.get("fixed ip addresses") or cells.get("fixed_ips") or ""
            ports[uuid] = CloudPort(uuid, mac.lower(), addresses_in(fixed), evidence)
    return Cloud(
        tuple(servers.values()),
        tuple(routers.values()),
        tuple(ports.values()),
        tuple(cidrs.items()),
    )


def network_names(captures: Sequence[Capture]) -> dict[str, str]:
    """Names of networks by id."""
    return {
        cells["id"]: cells["name"]
        for what, cells, _ in _rows(captures)
        if what == "network" and cells.get("id") and cells.get("name")
    }


def _rows(captures: Sequence[Capture]) -> Iterator[tuple[str | None, dict[str, str], Evidence]]:
    """``(object, cells by lower-case heading, evidence)`` in order of the captures."""
    for capture in captures:
        for row, evidence in facts((capture,), Row):
            cells = {heading.lower(): text for heading, text in row.cells.items()}
            yield row.object or _object(cells), cells, evidence
        for resource, evidence in facts((capture,), Resource):
            cells = {heading.lower(): text for heading, text in resource.fields.items()}
            yield resource.object or _object(cells), cells, evidence


def _object(cells: dict[str, str]) -> str | None:
    """What a table without its command lists, by columns that only this object has."""
    if "mac address" in cells or "mac_address" in cells:
        return "port"
    if {"networks", "flavor"} <= cells.keys() or "os-ext-sts:vm_state" in cells:
        return "server"
    if "external_gateway_info" in cells:
        return "router"
    return "subnet" if "cidr" in cells else None

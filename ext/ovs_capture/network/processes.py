"""Which of Neutron's processes runs in a namespace (CORRELATION.md, Containers and titles).

The DHCP agent in ``qdhcp-<network>``, the metadata agent in ``ovnmeta-<network>``. In ``qdhcp-``
the metadata port is the DHCP agent's own, and a router has no process of its own in a picture.
"""

import re
from collections.abc import Iterator, Sequence

from ..formats.haproxy_conf import HaproxySection
from ..formats.ps import Process
from ..formats.reading import Capture
from ..formats.ss import Socket
from ..knowledge import table
from .model import Evidence, NamespaceProcess
from .naming import namespace_kind
from .snapshot import facts, place_of


def processes(own: Sequence[Capture], namespace: str) -> tuple[NamespaceProcess, ...]:
    """The process of a namespace, with every line that proves it; none where nothing does."""
    kind, network = namespace_kind(namespace)
    row = table("devices")["processes"].get(kind)
    if row is None or not network:
        return ()
    here = [capture for capture in own if place_of(capture).ssh is None]
    inside = [capture for capture in here if place_of(capture).namespace == namespace]
    proofs = [
        *_sockets(inside, row["socket"]),
        *_running(here, row["program"], network),
        *_configured(here, row.get("bind"), network),
    ]
    return (NamespaceProcess(row["title"], tuple(proofs)),) if proofs else ()


def _sockets(inside: Sequence[Capture], wanted: dict[str, str]) -> Iterator[Evidence]:
    for socket, evidence in facts(inside, Socket):
        # Without a Netid column the state tells: only TCP listens, only UDP is unconnected.
        if (
            socket.netid in (None, wanted["netid"])
            and socket.state == wanted["state"]
            and socket.local_port in (wanted["port"], wanted["service"])
            and wanted.get("address") in (None, socket.local)
        ):
            yield evidence


def _running(here: Sequence[Capture], program: str, network: str) -> Iterator[Evidence]:
    """Processes of the host are seen from any namespace."""
    for process, evidence in facts(here, Process):
        words = process.command.split()
        names = {word.rsplit("/", 1)[-1] for word in words[:3]}  # behind python, sudo, ...
        if program in names and network in process.command:
            yield evidence


def _configured(here: Sequence[Capture], bind: str | None, network: str) -> Iterator[Evidence]:
    for section, evidence in facts(here, HaproxySection):
        whole = evidence.capture.source.window
        path = evidence.capture.command.text if evidence.capture.command else ""
        binds = [re.split(r"\s", value)[0] for value in section.values("bind")]
        if bind in binds and (network in whole or network in path):
            yield evidence

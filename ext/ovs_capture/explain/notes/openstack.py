"""Notes on the tables of the ``openstack`` command: what a server has, whose a port is."""

import ast
import re
from collections.abc import Mapping

from ...formats.openstack_table import Resource, Row
from ...network.model import Scope
from .. import refs
from ..message import Message, Param, Ref
from ..surroundings import Place

# How many words of the command say what is listed differ by client; the columns tell as well.
_SERVER_COLUMNS = {"ID", "Name", "Networks", "Status"}
_SERVER_FIELDS = {"id", "name", "addresses", "status"}


def row(record: Row, place: Place) -> Message | None:
    cells = record.cells
    if record.object == "server" or (record.object is None and cells.keys() >= _SERVER_COLUMNS):
        return _server(cells.get("Name"), cells.get("ID"), cells.get("Networks", ""), place)
    return _port(cells.get("MAC Address") or cells.get("mac_address"), place)


def resource(record: Resource, place: Place) -> Message | None:
    fields = record.fields
    if record.object == "server" or (record.object is None and fields.keys() >= _SERVER_FIELDS):
        name, uuid = fields.get("name"), fields.get("id")
        has = _server(name, uuid, fields.get("addresses", ""), place)
        return has or _being_created(fields, _guest(name, uuid, place))
    return _port(fields.get("mac_address"), place)


def _server(name: str | None, uuid: str | None, networks: str, place: Place) -> Message | None:
    found = networks_of(networks)
    guest = _guest(name, uuid, place)
    if guest is None or not any(found.values()):
        return None
    places: list[Param] = [
        Message(
            "%(addresses)s on %(network)s",
            {"addresses": refs.addresses(ips), "network": Ref("code", network)},
        )
        for network, ips in found.items()
        if ips
    ]
    return Message("%(guest)s has %(places)s.", {"guest": guest, "places": refs.series(places)})


def _being_created(fields: Mapping[str, str], guest: Ref | None) -> Message | None:
    """The answer to ``server create`` comes before the server is made."""
    if guest is None or fields.get("status") != "BUILD":
        return None
    holes: dict[str, Param] = {"guest": guest, "status": Ref("code", "BUILD")}
    task = fields.get("OS-EXT-STS:task_state")
    if not task or task == "None":
        return Message("%(guest)s is being created (%(status)s); it has no address yet.", holes)
    holes["task"] = Ref("code", task)
    return Message(
        "%(guest)s is being created (%(status)s, %(task)s); it has no address yet.", holes
    )


def _port(mac: str | None, place: Place) -> Message | None:
    owner = place.around.owner_of_mac(mac) if mac else None
    if owner is None:
        return None
    return Message("Port of %(nic)s.", {"nic": refs.guests_nic(owner)})


def _guest(name: str | None, uuid: str | None, place: Place) -> Ref | None:
    """The guest of a row: by its UUID, since two servers may have one name."""
    if not name:
        return None
    found = place.around.guests_named(uuid) if uuid else ()
    scope = Scope(found[0].host, guest=found[0].guest.key) if len(found) == 1 else None
    return Ref("guest", name, scope=scope)


_PYTHON_DICT = re.compile(r"\{.*\}", re.DOTALL)


def networks_of(text: str) -> dict[str, tuple[str, ...]]:
    """``provider=172.16.0.112, fd00::1; other=10.0.0.4`` by network.

    Newer clients (python-openstackclient 6) can print a Python dictionary instead:
    ``{'provider': ['172.16.0.112']}``.
    """
    if _PYTHON_DICT.fullmatch(text.strip()):
        return _of_literal(text.strip())
    found: dict[str, tuple[str, ...]] = {}
    for part in text.split(";"):
        network, equals, ips = part.strip().partition("=")
        if equals and network:
            found[network] = tuple(ip.strip() for ip in ips.split(",") if ip.strip())
    return found


def _of_literal(text: str) -> dict[str, tuple[str, ...]]:
    try:
        value = ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return {}
    if not isinstance(value, dict):
        return {}
    return {
        str(network): tuple(str(ip) for ip in ips)
        for network, ips in value.items()
        if isinstance(ips, list)
    }

"""What is known around a capture: the same by index as by search, and as dear on many hosts."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import pytest

from ovs_capture.explain.captures import notes
from ovs_capture.explain.entities import Description, describe, entity_of_mark, entity_of_name
from ovs_capture.explain.identity import Entity
from ovs_capture.network.correlate import correlate_all
from ovs_capture.network.everyone import Everyone
from ovs_capture.network.model import Network
from ovs_capture.store import Host, load_target
from tests.growth import calls, scenario

SCENARIOS = ["flat-instance", "linuxbridge", "ovn", "ovs-vlan", "selfservice"]


def told(
    hosts: Sequence[Host], number: int, networks: Sequence[Network]
) -> list[tuple[Entity, Description] | object]:
    """Everything that pages tell of one host's captures, and of what its captures name."""
    host, network = hosts[number], networks[number]
    others = networks if isinstance(networks, Everyone) else _without(networks, network)
    found: list[tuple[Entity, Description] | object] = []
    for capture in host.captures:
        found += notes(capture, network, others=others)
        marks = {(mark.kind, mark.value): mark for mark in capture.marks}
        for mark in marks.values():
            entity = entity_of_mark(mark, capture, network, others=others)
            if entity is not None:
                found.append((entity, describe(entity, network, others=others)))
    return found


def _without(networks: Sequence[Network], one: Network) -> tuple[Network, ...]:
    return tuple(network for network in networks if network is not one)


@pytest.mark.parametrize("name", SCENARIOS)
def test_an_index_tells_what_a_search_tells(captures: Path, name: str) -> None:
    hosts = load_target(captures / name).hosts
    networks = tuple(correlate_all(hosts))
    for number in range(len(hosts)):
        assert told(hosts, number, Everyone(networks)) == told(hosts, number, networks)


@pytest.mark.parametrize("name", SCENARIOS)
def test_what_one_host_knows_of_another_is_the_same_by_index(captures: Path, name: str) -> None:
    networks = tuple(correlate_all(load_target(captures / name).hosts))
    everyone = Everyone(networks)
    kinds = {
        "mac": [d.mac for n in networks for d in n.devices if d.mac],
        "address": [a.ip for n in networks for d in n.devices for a in d.addresses],
        "guest": [one for n in networks for guest in n.guests for one in guest.names],
        "host": [one for n in networks for one in (n.key, n.key.rsplit("/", 1)[-1])],
    }
    for network in networks:
        others = _without(networks, network)
        for kind, names in kinds.items():
            for name in dict.fromkeys(names):
                by_search = entity_of_name(kind, name, network, others=others)  # type: ignore[arg-type]
                by_index = entity_of_name(kind, name, network, others=everyone)  # type: ignore[arg-type]
                assert by_index == by_search
                if by_search is not None:
                    assert describe(by_search, network, others=everyone) == describe(
                        by_search, network, others=others
                    )


def test_a_host_of_many_is_told_as_quickly_as_one_of_few(tmp_path: Path) -> None:
    steps = []
    for number in (10, 40):
        hosts = scenario(tmp_path / str(number), number)
        everyone = Everyone(correlate_all(hosts))
        told(hosts, 0, everyone)  # all that is made once
        steps.append(calls(partial(told, hosts, 0, everyone)))
    # What asks one host after the other takes more than twice as long.
    assert steps[1] < 1.1 * steps[0]


def cloud(folder: Path, rows: int) -> Everyone:
    """A controller with a table of servers, and a node with leases and names, so many of each."""
    uuids = [f"00000000-0000-4000-8000-{number:012x}" for number in range(rows)]
    columns = ["| ID | Name |", *(f"| {uuid} | vm-{n} |" for n, uuid in enumerate(uuids))]
    table = "\n".join(("+----+----+", columns[0], "+----+----+", *columns[1:], "+----+----+"))
    spread = [(n, f"10.0.{n >> 8}.{n & 255}") for n in range(rows)]
    leases = [f"0 fa:16:3e:00:{n >> 8:02x}:{n & 255:02x} {ip} vm-{n} *" for n, ip in spread]
    names = [f"{ip}\tvm-{n}.example.org vm-{n}" for n, ip in spread]
    dhcp = "/var/lib/neutron/dhcp/00000000-0000-4000-9000-000000000000"
    for name, lines in {
        "controller/servers.txt": f"$ openstack server list\n{table}\n",
        "node/leases.txt": "\n".join((f"$ cat {dhcp}/leases", *leases, "")),
        "node/names.txt": "\n".join((f"$ cat {dhcp}/addn_hosts", *names[:5], "")),
    }.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(lines, "utf-8")
    return Everyone(correlate_all(load_target(folder).hosts))


def told_of_few(everyone: Everyone) -> list[object]:
    """What is said of a UUID, of a name, and of the first names of ``addn_hosts``."""
    _, node = everyone
    found: list[object] = []
    for kind, name in (("uuid", "00000000-0000-4000-8000-000000000001"), ("host", "vm-1")):
        entity = entity_of_name(kind, name, node, others=everyone)  # type: ignore[arg-type]
        assert entity is not None
        found.append(describe(entity, node, others=everyone))
    names = next(c for c in node.captures if c.source.name.endswith("names.txt"))
    return [*found, *notes(names, node, others=everyone)]


def test_long_tables_are_read_once_for_all_who_ask(tmp_path: Path) -> None:
    steps = []
    for rows in (100, 400):
        everyone = cloud(tmp_path / str(rows), rows)
        told_of_few(everyone)
        steps.append(calls(partial(told_of_few, everyone)))
    # What reads the rows for each question takes twice as long and more.
    assert steps[1] < 1.1 * steps[0]

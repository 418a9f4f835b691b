"""The logical network that captures tell of, whichever outputs were captured."""

from pathlib import Path

import pytest

from ovs_capture.formats.reading import read
from ovs_capture.network.logical.join import logical_network
from ovs_capture.network.logical.model import LogicalNetwork
from ovs_capture.source import Source
from ovs_capture.store import load_target
from tests.conftest import ROOT

SWITCH = "790c1068-f065-4fc0-bc80-3fc7325ae7bd"
OTHER = "22d79095-d316-416e-8839-51a24b00d658"


def network_of(*texts: str) -> LogicalNetwork:
    return logical_network(
        capture
        for number, text in enumerate(texts)
        for capture in read(Source(f"{number}.txt", text))
    )


def lab(shared: Path, *only: str) -> LogicalNetwork:
    """The lab's network; ``only``: beginnings of the names of the files that count."""
    hosts = load_target(shared / "lab" / "captures" / "ovn").hosts
    return logical_network(
        capture
        for host in hosts
        for capture in host.captures
        if not only or capture.source.name.rsplit("/", 1)[-1].startswith(only)
    )


def test_nothing_of_ovn_is_an_empty_network() -> None:
    assert network_of("$ ip addr\n").datapaths == ()


def test_show_alone_tells_switches_routers_and_their_ports() -> None:
    network = network_of(
        f"$ ovn-nbctl show\nswitch {SWITCH} (sw0)\n    port p0\n"
        '        addresses: ["00:00:00:00:00:01 10.0.0.2"]\n'
        "    port s-r\n        type: router\n        router-port: r-s\n"
        f'router {OTHER} (r0)\n    port r-s\n        mac: "00:00:00:00:00:ff"\n'
        '        networks: ["10.0.0.1/24"]\n'
        "    nat 019e256b-3441-487f-b9f5-cf0a5c04c8e3\n"
        '        external ip: "172.19.0.1"\n        logical ip: "10.0.0.0/24"\n'
        '        type: "snat"\n'
    )
    assert [port.ips for port in network.switches[0].ports] == [("10.0.0.2",), ()]
    assert network.switches[0].ports[1].peer == "r-s"
    router = network.routers[0]
    assert (router.ports[0].mac, router.ports[0].networks) == (
        "00:00:00:00:00:ff",
        ("10.0.0.1/24",),
    )
    assert [(nat.type, nat.external_ip) for nat in router.nat] == [("snat", "172.19.0.1")]
    assert router.ports[0].evidence[0].line == 9


def test_a_port_that_two_switches_claim_is_ambiguous() -> None:
    network = network_of(
        f"$ ovn-nbctl show\nswitch {SWITCH} (sw0)\n    port p0\nswitch {OTHER} (sw1)\n    port p0\n"
    )
    assert [problem.code.value for problem in network.diagnostics] == ["peer-ambiguous"]
    assert [port.name for port in network.loose] == ["p0"]


def test_lists_of_names_place_ports_in_the_switch_they_were_asked_of() -> None:
    network = network_of(
        f"$ ovn-nbctl ls-list\n{SWITCH} (sw0)\n",
        f"$ ovn-nbctl lsp-list sw0\n{OTHER} (p0)\n",
    )
    assert network.port(OTHER).one == network.switches[0].ports[0]


def test_openstack_names_a_switch_and_a_server_that_bindings_name_by_uuid() -> None:
    network = network_of(
        f"$ ovn-sbctl list Port_Binding\n_uuid : {SWITCH}\ndatapath : {OTHER}\n"
        f'external_ids : {{"neutron:device_id"="{SWITCH}", '
        f'"neutron:network_name"=neutron-{OTHER}}}\n'
        'logical_port : p0\nmac : ["00:00:00:00:00:01 10.0.0.2"]\ntunnel_key : 3\ntype : ""\n',
        "$ openstack network list\n+----+----+\n| ID | Name |\n+----+----+\n"
        f"| {OTHER} | net1 |\n+----+----+\n",
        "$ openstack server list\n+----+----+\n| ID | Name |\n+----+----+\n"
        f"| {SWITCH} | vm0 |\n+----+----+\n",
    )
    (switch,) = network.switches
    assert (switch.title, switch.name, switch.binding) == ("net1", f"neutron-{OTHER}", OTHER)
    assert [port.title for port in switch.ports] == ["vm0"]


def test_the_second_seed_has_a_switch_from_each_database() -> None:
    hosts = load_target(ROOT / "captures" / "selfservice").hosts
    network = logical_network(capture for host in hosts for capture in host.captures)
    assert [one.title for one in network.switches] == [
        "selfservice",
        "15e2c80b-1461-4003-9869-80416cd97de5",
    ]
    keys = {one.tunnel_key: one.key for one in network.switches}
    (bound,) = (one for one in network.ports if one.datapath == keys[5] and one.tunnel_key == 2)
    assert bound.ips == ("192.168.1.3",)
    (group,) = (
        one
        for one in network.multicast_groups
        if one.datapath == keys[5] and one.tunnel_key == 65535
    )
    assert group.ports == (bound.name, "39b23721-46f4-4747-af54-7e12f22b3397")


@pytest.mark.needs("shared")
def test_rows_and_shows_of_the_lab_agree(shared: Path) -> None:
    from_rows = lab(shared, "ovn_nbctl_list", "ovn_sbctl_list")
    from_shows = lab(shared, "ovn_nbctl_show", "ovn_sbctl_show")
    assert from_rows.diagnostics == from_shows.diagnostics == ()
    for one in from_shows.datapaths:
        other = from_rows.datapath(one.key).one
        assert other is not None
        assert (one.title, one.name) == (other.title, other.name)
        shown = {(p.name, p.mac, p.ips, p.networks, p.chassis) for p in one.ports}
        listed = {
            (p.name, p.mac, p.ips, p.networks, p.chassis)
            for p in other.ports
            if p.type != "chassisredirect"
        }
        assert shown == listed
    nat = {(n.type, n.external_ip, n.logical_ip) for n in from_rows.routers[0].nat}
    assert nat == {(n.type, n.external_ip, n.logical_ip) for n in from_shows.routers[0].nat}


@pytest.mark.needs("shared")
def test_numbers_of_the_southbound_database_have_names(shared: Path) -> None:
    network = lab(shared)
    assert {one.tunnel_key for one in network.datapaths} == {1, 2, 3, 4, 5}
    for one in network.datapaths:
        assert network.datapath(one.binding or "").one is one
        numbers = [port.tunnel_key for port in one.ports]
        assert None not in numbers and len(set(numbers)) == len(numbers)
    assert len(network.multicast_groups) == 14
    assert all(group.datapath for group in network.multicast_groups)


@pytest.mark.needs("shared")
def test_what_hangs_on_switches_and_routers_of_the_lab(shared: Path) -> None:
    network = lab(shared)
    (router,) = network.routers
    gateway = next(port for port in router.ports if port.gateway_chassis)
    assert [one.chassis[:4] for one in gateway.gateway_chassis] == ["d3f3", "f10c"]
    assert [lb.name for lb in router.load_balancers] == ["lb-web"]
    assert len(router.load_balancers[0].vips) == 3
    assert [(route.prefix, route.nexthop) for route in router.routes] == [
        ("0.0.0.0/0", "172.19.0.1")
    ]
    assert sorted(len(group.acls) for group in network.port_groups) == [2, 5, 6, 10]
    guest = next(port for port in network.ports if port.title == "vm0")
    assert len(network.port_groups_of(guest.name)) == 2
    chassis = network.chassis_of(guest.chassis or "").one
    assert chassis is not None
    assert chassis.title == "hv1"

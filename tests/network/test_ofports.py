"""A number stands for a name on its bridge, in its snapshot, and only where one name fits."""

from pathlib import Path

import pytest

from ovs_capture.explain.message import Ref
from ovs_capture.explain.names import Names
from ovs_capture.formats.reading import read
from ovs_capture.network.correlate import correlate_target
from ovs_capture.network.model import Network
from ovs_capture.network.ofports import datapath_ports, port_name
from ovs_capture.source import Source

from .composed import load

SCENARIO = """\
==> host/vsctl.txt <==
$ ovs-vsctl show
5d3a1c2e-0a56-4f2e-9a3c-000000000000
    Bridge br-int
        Port tap1
            tag: 1
            Interface tap1
        Port patch-br-int-to-provnet-1
            Interface patch-br-int-to-provnet-1
                type: patch
                options: {peer=nowhere}
        Port patch-br-int-to-provnet-2
            Interface patch-br-int-to-provnet-2
                type: patch
                options: {peer=nowhere}
        Port patch-br-ext-to-provnet-3
            Interface patch-br-ext-to-provnet-3
                type: patch
                options: {peer=nowhere}
==> host/a-old.txt <==
$ ovs-ofctl dump-ports-desc br-int
OFPST_PORT_DESC reply (xid=0x2):
 1(gone): addr:aa:55:aa:55:00:08
 9(gone): addr:aa:55:aa:55:00:09
==> host/show.txt <==
$ ovs-ofctl -O OpenFlow13 show br-int
OFPT_FEATURES_REPLY (OF1.3) (xid=0x2): dpid:00001ef6af27cf47
OFPST_PORT_DESC reply (OF1.3) (xid=0x3):
 9(tap1): addr:aa:55:aa:55:00:08
 3(patch-br-int-to): addr:aa:55:aa:55:00:09
 4(patch-br-ext-to): addr:aa:55:aa:55:00:0a
 LOCAL(br-int): addr:1e:f6:af:27:cf:47
"""


@pytest.fixture
def network(tmp_path: Path) -> Network:
    return correlate_target(load(SCENARIO, tmp_path))[0][0]


def test_without_captures_a_number_has_no_name() -> None:
    assert port_name(None, "br-int", 9).items == ()


def test_a_number_means_something_on_its_bridge_only(network: Network) -> None:
    assert port_name(network, "br-int", 9).one == "tap1"
    assert port_name(network, "br-int", 65534).one == "br-int"
    assert port_name(network, "br-tun", 9).items == ()
    assert port_name(network, None, 9).items == ()


def test_the_last_whole_capture_counts(network: Network) -> None:
    assert port_name(network, "br-int", 1).items == ()


def test_a_cut_name_is_whole_where_one_port_begins_so(network: Network) -> None:
    assert port_name(network, "br-int", 4).one == "patch-br-ext-to-provnet-3"
    both = port_name(network, "br-int", 3)
    assert both.ambiguous
    assert both.items == ("patch-br-int-to-provnet-1", "patch-br-int-to-provnet-2")


def test_the_name_stands_beside_the_number(network: Network) -> None:
    names = Names.of(network, "br-int", ())
    found = names.port("9")
    assert (found.port, found.number) == (Ref("device", "tap1"), Ref("code", "9"))
    assert names.port("1") == (None, Ref("code", "1"), None)
    assert names.port("LOCAL") == (None, Ref("code", "LOCAL"), None)
    assert names.is_patch("9") is False
    assert names.is_patch("4") is True


def test_ofctl_show_tells_a_bridge_and_its_ports_where_nothing_else_does(tmp_path: Path) -> None:
    show = (
        "==> host/show.txt <==\n$ ovs-ofctl show br-int\n"
        "OFPT_FEATURES_REPLY (xid=0x2): dpid:000022024a1dc045\n"
        " 9(tap1): addr:00:00:00:00:b0:5d\n"
    )
    (network,) = correlate_target(load(show, tmp_path))[0]
    assert [(b.name, [p.name for p in b.ports]) for b in network.bridges] == [("br-int", ["tap1"])]


DATAPATH = """\
$ ovs-appctl dpif/show
system@ovs-system: hit:529 missed:89
  br-int:
    br-int 65534/1: (internal)
    patch-br-int-to-provnet-2 3/none: (patch: peer=patch-provnet-2-to-br-int)
    tap1 9/4: (system)
  br-provider:
    br-provider 65534/2: (internal)
    eth2 1/3: (system)
    patch-provnet-2-to-br-int 2/none: (patch: peer=patch-br-int-to-provnet-2)
  br-tun:
    br-tun 65534/5: (internal)
    vxlan-0a00000b 2/6: (vxlan: key=flow, local_ip=10.0.0.31, remote_ip=10.0.0.11)
"""


@pytest.mark.parametrize("name", ["a.txt", "z.txt"])
def test_dpif_show_tells_numbers_of_whole_names(name: str, tmp_path: Path) -> None:
    """Whichever capture is the last: a cut name is no other name."""
    (network,) = correlate_target(load(f"{SCENARIO}==> host/{name} <==\n{DATAPATH}", tmp_path))[0]
    assert port_name(network, "br-int", 3).one == "patch-br-int-to-provnet-2"
    assert port_name(network, "br-int", 9).one == "tap1"
    assert port_name(network, "br-tun", 2).one == "vxlan-0a00000b"
    # Only the last whole capture of a bridge counts.
    assert port_name(network, "br-int", 4).items == (
        () if name == "z.txt" else ("patch-br-ext-to-provnet-3",)
    )


def test_dpif_show_tells_bridges_and_ports_where_nothing_else_does(tmp_path: Path) -> None:
    ofctl = "==> host/show.txt <==\n$ ovs-ofctl show br-int\n 9(tap1): addr:00:00:00:00:b0:5d\n"
    (network,) = correlate_target(load(f"{ofctl}==> host/dpif.txt <==\n{DATAPATH}", tmp_path))[0]
    ports = {
        port.name: (bridge.name, port.interfaces[0])
        for bridge in network.bridges
        for port in bridge.ports
    }
    assert len(ports) == 8
    found = {name: (bridge, interface.type) for name, (bridge, interface) in ports.items()}
    assert found["br-int"] == ("br-int", "internal")
    assert found["tap1"] == ("br-int", None)
    assert found["vxlan-0a00000b"] == ("br-tun", "vxlan")
    assert ports["vxlan-0a00000b"][1].options["remote_ip"] == "10.0.0.11"
    assert ports["patch-br-int-to-provnet-2"][1].peer == (
        "br-provider",
        "patch-provnet-2-to-br-int",
    )


def test_a_datapath_has_numbers_of_its_own() -> None:
    """Tunnels of one kind share a number, which only the datapath's own list gives a name."""
    dpif = DATAPATH + "    vxlan-0a00000c 3/6: (vxlan: remote_ip=10.0.0.12)\n"
    dpctl = "$ ovs-dpctl show\nsystem@ovs-system:\n  port 6: vxlan_sys_4789 (vxlan)\n"
    later = "$ ovs-dpctl show\nsystem@ovs-system:\n  port 6: vxlan_sys_4790 (vxlan)\n"
    other = "$ ovs-dpctl show\nnetdev@ovs-netdev:\n  port 4: tap9\n  port 9: tap9\n"
    known = {1: "br-int", 4: "tap1", 2: "br-provider", 3: "eth2", 5: "br-tun"}
    assert named(dpif) == known
    assert named(dpif, dpctl) == named(dpctl, dpif) == known | {6: "vxlan_sys_4789"}
    assert named(dpctl, later) == {6: "vxlan_sys_4790"}
    # Two datapaths give one number to two ports: it is neither's.
    assert named(dpif, other) == {k: v for k, v in known.items() if k != 4} | {9: "tap9"}
    assert named("$ ssh 10.0.0.2 ovs-appctl dpif/show\n" + DATAPATH.partition("\n")[2]) == {}
    assert named() == {}


def named(*texts: str) -> dict[int, str]:
    return datapath_ports([capture for text in texts for capture in read(Source("t.txt", text))])

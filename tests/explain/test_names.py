"""Names are proven, stand beside the value, and are none where two fit."""

from ovs_capture.explain.identity import entity_of_ref
from ovs_capture.explain.message import Ref
from ovs_capture.explain.names import Names

from .dumps import dump, seed


def test_no_flows_prove_nothing() -> None:
    names = Names.of(None, None, ())
    assert names.in_register("reg5", 3) is None
    assert names.vlan_in_register("reg6", 1) is None
    assert names.mac("fa:16:3e:55:2a:5d") is None
    assert names.beyond("int-br-provider") is None
    assert names.is_patch("int-br-provider") is None


def test_names_of_the_first_seed() -> None:
    names = seed().names("br-int")
    port = names.port("tap635485ff-6c")
    assert port.owner is not None and port.owner.shown == "instance00"
    assert port.port == Ref("device", "tap635485ff-6c")
    assert names.in_register("reg5", 3) == port
    assert names.in_register("reg5", 4) is None
    assert names.vlan_in_register("reg6", 1) == 1
    assert names.mac("fa:16:3e:55:2a:5d") == port.owner
    assert names.address("172.16.0.112") == port.owner
    assert names.beyond("int-br-provider") == Ref("bridge", "br-provider")
    assert names.is_patch("int-br-provider") is True
    assert names.is_patch("tap635485ff-6c") is False


TWO_PORTS = (
    ' table=60, priority=100,in_port="tap1" actions=load:0x3->NXM_NX_REG5[],'
    "load:0x1->NXM_NX_REG6[],resubmit(,71)",
    ' table=60, priority=100,in_port="tap2" actions=load:0x4->NXM_NX_REG5[],'
    "load:0x1->NXM_NX_REG6[],resubmit(,71)",
)


def test_the_register_that_differs_by_port_carries_ports() -> None:
    names = Names.of(None, None, dump(*TWO_PORTS))
    found = names.in_register("reg5", 4)
    assert found is not None and found.port == Ref("device", "tap2")
    assert names.in_register("reg6", 1) is None


def test_two_registers_that_fit_are_none() -> None:
    names = Names.of(None, None, dump(TWO_PORTS[0]))
    assert names.in_register("reg5", 3) is None
    assert names.in_register("reg6", 1) is None


def test_a_register_that_gets_the_vlan_carries_vlans_and_no_ports() -> None:
    vlan = (
        " table=60, priority=90,dl_vlan=1 actions=load:0x3->NXM_NX_REG5[],load:0x1->NXM_NX_REG6[]"
    )
    names = Names.of(None, None, dump(TWO_PORTS[0], vlan))
    assert names.vlan_in_register("reg6", 1) == 1
    assert names.in_register("reg5", 3) is not None


def test_a_vlan_that_is_contradicted_is_none() -> None:
    flows = dump(
        " table=60, priority=90,dl_vlan=1 actions=load:0x1->NXM_NX_REG6[]",
        " table=60, priority=90,dl_vlan=2 actions=load:0x7->NXM_NX_REG6[]",
    )
    assert Names.of(None, None, flows).vlan_in_register("reg6", 1) is None


def test_a_number_is_no_name() -> None:
    flows = dump(
        " in_port=3 actions=load:0x3->NXM_NX_REG5[]", " in_port=4 actions=load:0x4->NXM_NX_REG5[]"
    )
    assert Names.of(None, None, flows).in_register("reg5", 3) is None


def test_what_readings_name_is_what_the_captures_name() -> None:
    network = seed().network
    names = seed().names("br-int")
    port = names.port("tap635485ff-6c")
    assert port.owner is not None and port.port is not None
    guest, device = (
        entity_of_ref(ref, network, bridge="br-int") for ref in (port.owner, port.port)
    )
    assert guest is not None and (guest.kind, guest.name) == ("guest", "instance00")
    assert device is not None and (device.kind, device.name) == ("device", "tap635485ff-6c")
    # A number is no device.
    number = names.port("3").port
    assert number is not None and entity_of_ref(number, network, bridge="br-int") is None

"""Tooltips: what is told of an entity, and how the captures that prove it are called."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ovs_capture import store
from ovs_capture.explain.entities import (
    Description,
    Entity,
    describe,
    entity_of_mark,
    entity_of_name,
    entity_of_ref,
    evidence_label,
)
from ovs_capture.explain.message import Message, Param, Ref, Series
from ovs_capture.formats.reading import read
from ovs_capture.network.correlate import correlate
from ovs_capture.network.model import (
    Attachment,
    Device,
    DeviceAddress,
    Evidence,
    Namespace,
    Network,
    OvsBridge,
    OvsInterface,
    OvsPort,
    Scope,
    Translation,
)
from ovs_capture.source import Source
from ovs_capture.translation import Translator

SAY = {language: Translator(language) for language in ("en", "ja")}
GOLDEN = Path(__file__).parent / "entities-of-flat-instance.golden"
HOST = "flat/compute"


def told(description: Description, language: str = "en") -> list[str]:
    """Kind, sentence and facts, a line each."""
    say = SAY[language].text
    lines = [f"{description.name}: {say(description.kind_words)}"]
    if description.sentence:
        lines.append(say(description.sentence))
    return lines + [f"{say(label)}: {say(value)}" for label, value in description.facts]


def described(kind, name: str, network: Network | None, **more) -> list[str]:
    entity = entity_of_name(kind, name, network, host=HOST, **more)
    assert entity is not None
    return told(describe(entity, network))


# Small cases, first what is known of nothing.


@pytest.mark.parametrize("network", [None, Network(key=HOST, title="Compute Node")])
@pytest.mark.parametrize(
    ("kind", "name", "expected"),
    [
        ("device", "eth0", ["eth0: device"]),
        ("bridge", "br-int", ["br-int: bridge"]),
        ("mac", "fa:16:3e:55:2a:5d", ["fa:16:3e:55:2a:5d: MAC address"]),
        ("address", "172.16.0.112", ["172.16.0.112: IP address"]),
        ("address", "172.16.0.0/24", ["172.16.0.0/24: network"]),
        ("address", "fe80::1", ["fe80::1: IP address"]),
        ("guest", "instance00", ["instance00: virtual machine"]),
        ("namespace", "qdhcp-1", ["qdhcp-1: namespace"]),
        ("host", "elsewhere", ["elsewhere: host"]),
        ("uuid", "0" * 32, [f"{'0' * 32}: UUID"]),
        ("vlan", "metadata 3", ["metadata 3: metadata"]),
    ],
)
def test_of_the_unknown_its_kind_is_told(kind, name: str, expected, network) -> None:
    assert described(kind, name, network) == expected


def test_a_device_without_evidence_of_a_kind() -> None:
    device = Device(scope=Scope(HOST), name="x0", kind="other", mac="02:00:00:00:00:01")
    network = Network(key=HOST, title="", devices=(device,))
    assert described("device", "x0", network) == ["x0: device", "MAC: 02:00:00:00:00:01"]


def test_many_addresses_are_counted() -> None:
    ips = tuple(DeviceAddress(f"10.0.0.{n}", 24, ()) for n in range(1, 7))
    device = Device(scope=Scope(HOST), name="eth0", kind="nic", addresses=ips)
    network = Network(key=HOST, title="", devices=(device,))
    assert "Address: 6 addresses" in described("device", "eth0", network)


def test_an_address_that_two_hosts_have_is_nobodys() -> None:
    def host(key: str) -> Network:
        address = DeviceAddress("10.0.0.9", 24, ())
        device = Device(scope=Scope(key), name="eth0", kind="nic", addresses=(address,))
        return Network(key=key, title=key, devices=(device,))

    entity = entity_of_name("address", "10.0.0.9", None)
    assert entity is not None
    elsewhere = Network(key=HOST, title="")
    one = describe(entity, elsewhere, others=[host("flat/a")])
    assert "Address of eth0 on flat/a." in told(one)
    two = describe(entity, elsewhere, others=[host("flat/a"), host("flat/b")])
    assert told(two) == ["10.0.0.9: IP address"]


def test_an_internal_port_is_told_from_its_namespace() -> None:
    address = DeviceAddress("192.168.101.254", 24, ())
    inside = Scope(HOST, "qrouter-1")
    device = Device(
        scope=inside, name="x1", kind="internal", mac="fa:16:3e:38:32:fe", addresses=(address,)
    )
    interface = OvsInterface(name="x1", type="internal", options={})
    port = OvsPort(name="x1", bridge="br-int", tag=2, interfaces=(interface,))
    network = Network(
        key=HOST,
        title="",
        bridges=(OvsBridge(name="br-int", ports=(port,)),),
        namespaces=(Namespace(name="qrouter-1", kind="router", title="", devices=(device,)),),
    )
    expected = [
        "x1: device · internal",
        "Internal port of Open vSwitch. On br-int in VLAN 2.",
        "VLAN: 2 (tag on br-int)",
        "MAC: fa:16:3e:38:32:fe",
        "Address: 192.168.101.254",
    ]
    assert described("device", "x1", network) == [*expected, "Namespace: qrouter-1"]
    assert described("device", "x1", network, scope=inside) == [*expected, "Namespace: qrouter-1"]
    assert described("namespace", "qrouter-1", network) == [
        "qrouter-1: namespace",
        "Namespace of a router.",
        "Devices: x1",
    ]


def test_a_device_of_an_unknown_guest_has_nothing_of_the_hosts() -> None:
    device = Device(scope=Scope(HOST), name="eth0", kind="nic", mac="02:00:00:00:00:01")
    attached = Attachment(device="eth0", prefix="172.16.0.0/24")
    network = Network(key=HOST, title="", devices=(device,), attachments=(attached,))
    assert len(described("device", "eth0", network)) == 4
    inside = Scope(HOST, guest="ssh cirros@10.0.0.9 x.txt:1")
    assert described("device", "eth0", network, scope=inside) == ["eth0: device"]


def test_the_far_end_of_a_tunnel() -> None:
    interface = OvsInterface(name="v1", type="vxlan", options={"remote_ip": "172.16.0.31"})
    port = OvsPort(name="v1", bridge="br-tun", interfaces=(interface,))
    network = Network(key=HOST, title="", bridges=(OvsBridge(name="br-tun", ports=(port,)),))
    assert described("address", "172.16.0.31", network)[1:] == ["Far end of v1."]
    assert described("device", "v1", network) == [
        "v1: port · VXLAN",
        "VXLAN tunnel to 172.16.0.31.",
    ]


def test_a_tag_outside_and_inside() -> None:
    translation = Translation(
        bridge="br-int", port="int-br-ex", outer="tag 100", inner="tag 1", direction="in"
    )
    network = Network(key=HOST, title="", translations=(translation,))
    assert described("vlan", "1", network)[1:] == ["Outside: VLAN 100 at int-br-ex"]
    assert described("vlan", "100", network)[1:] == ["Inside: VLAN 1 at int-br-ex"]
    assert described("vlan", "vxlan 100", network) == ["vni 100: VNI"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$ virsh dumpxml 1 | sed -n p\n<x/>\n", "virsh dumpxml"),
        ("$ ovs-vsctl show\nx\n", "ovs-vsctl show"),
        ("$ sudo ip -d link show\nx\n", "ip link"),
        ("$ ip a\nx\n", "ip addr"),
        ("$ ssh cirros@172.16.0.112 /sbin/ip addr\nx\n", "ip addr"),
        ("$ ovs-ofctl -O OpenFlow13 dump-flows br-int\nx\n", "ovs-ofctl dump-flows br-int"),
        ("$ cat /var/lib/neutron/dhcp/n/leases\nx\n", "leases"),
        ("$ cat /var/lib/neutron/dhcp/n/host\nx\n", "dnsmasq host"),
        ("$ openstack server create --flavor m1 web\nx\n", "openstack server create"),
        ("$ openstack floating ip list\nx\n", "openstack floating ip list"),
        ("1715862686 fa:16:3e:55:2a:5d 172.16.0.112 x *\n", "dnsmasq-leases"),
    ],
)
def test_how_a_capture_is_called(text: str, expected: str) -> None:
    (capture,) = read(Source("captures/flat/dnsmasq-leases.txt.gz", text))
    assert evidence_label(Evidence(capture, capture.source.span)) == expected


# The first seed.


@pytest.fixture(scope="module")
def hosts() -> list[tuple[store.Host, Network, list[Network]]]:
    """Each host of the scenario, its model, and the models of the others."""
    path = Path(__file__).parents[2] / "captures" / "flat-instance"
    scenario = store.read_scenario(path, "flat-instance", "captures/flat-instance")
    networks = {
        host.key: correlate(host, [other for other in scenario.hosts if other is not host])
        for host in scenario.hosts
    }
    return [
        (host, networks[host.key], [n for key, n in networks.items() if key != host.key])
        for host in scenario.hosts
    ]


def entities(hosts) -> dict[str, tuple[Entity, Network, list[Network]]]:
    """Every entity that the captures mention, with the models of the host that did so first."""
    found: dict[str, tuple[Entity, Network, list[Network]]] = {}
    for host, network, others in hosts:
        for capture in host.captures:
            for mark in capture.marks:
                entity = entity_of_mark(mark, capture, network, others=others)
                if entity is not None:
                    found.setdefault(entity.key, (entity, network, others))
    return found


def test_tooltips_of_the_first_seed(hosts) -> None:
    lines = []
    for key, (entity, network, others) in sorted(entities(hosts).items()):
        description = describe(entity, network, others=others)
        lines.append(f"== {key}")
        for language in SAY:
            lines += [f"    {line}" for line in told(description, language)]
        labels = [evidence_label(evidence) for evidence in description.evidence]
        lines.append(f"    ({', '.join(labels)})")
    found = "\n".join(lines) + "\n"
    if not GOLDEN.exists() or os.environ.get("OVS_CAPTURE_REGEN"):
        GOLDEN.write_text(found, "utf-8")
        pytest.fail(f"{GOLDEN.name} was written: read it")
    assert found == GOLDEN.read_text("utf-8")


def test_the_guest_is_one_thing_on_every_host(hosts) -> None:
    """Its title, libvirt domain and UUID stand in captures of two hosts."""
    names = set()
    for host, network, others in hosts:
        for capture in host.captures:
            for mark in capture.marks:
                entity = entity_of_mark(mark, capture, network, others=others)
                if entity and entity.key == "guest a9f5fa16-91d6-4dd6-893c-d497567f1c9b":
                    names.add((host.name, mark.value))
    assert names == {
        ("compute", "instance-00000004"),
        ("client", "instance00"),
        ("client", "a9f5fa16-91d6-4dd6-893c-d497567f1c9b"),
    }


def test_a_tooltip_has_room_for_what_it_says(hosts) -> None:
    for entity, network, others in entities(hosts).values():
        description = describe(entity, network, others=others)
        assert len(description.facts) <= 4
        assert len(description.evidence) <= 4
        places = [(e.file, e.capture.line) for e in description.evidence]
        assert len(set(places)) == len(places)


def refs(param: Param) -> list[Ref]:
    match param:
        case Ref():
            return [param]
        case Message():
            return [ref for value in param.params.values() for ref in refs(value)]
        case Series():
            return [ref for item in param.items for ref in refs(item)]
    return []


def test_every_name_in_a_tooltip_is_an_entity(hosts) -> None:
    for entity, network, others in entities(hosts).values():
        description = describe(entity, network, others=others)
        said = [description.sentence, *(value for _, value in description.facts)]
        for ref in (ref for param in said if param is not None for ref in refs(param)):
            found = entity_of_ref(ref, network, others=others)
            assert (found is None) == (ref.kind == "code"), ref


def test_a_tooltip_on_another_hosts_page_names_things_of_its_own_host(hosts) -> None:
    """The client's page speaks of the compute node's tap: links lead there, not to the client."""
    by_name = {host.name: (network, others) for host, network, others in hosts}
    client, _ = by_name["client"]
    compute, others = by_name["compute"]
    tap = entity_of_name("device", "tap635485ff-6c", compute, others=others)
    mac = entity_of_name("mac", "fa:16:3e:55:2a:5d", compute, others=others)
    for entity in (tap, mac):
        assert entity is not None
        here = describe(entity, client, others=[compute])
        assert told(here) == told(describe(entity, compute, others=others))
        said = [here.sentence, *(value for _, value in here.facts)]
        keys = {
            ref.value: found.key
            for param in said
            if param is not None
            for ref in refs(param)
            if (found := entity_of_ref(ref, client, others=[compute]))
        }
        assert keys["br-int"] == "flat-instance/compute device br-int"
        assert keys["1"] == "flat-instance/compute vlan 1"
        assert keys["eth0"] == "guest a9f5fa16-91d6-4dd6-893c-d497567f1c9b device eth0"


FIRST_SEED = sorted((Path(__file__).parents[2] / "captures" / "flat-instance").rglob("*.txt"))


@given(st.sampled_from(FIRST_SEED), st.data())
def test_whatever_a_capture_holds_it_is_told(path: Path, data: st.DataObject) -> None:
    """Characters changed anywhere: a broken address or name is described as what is left of it."""
    text = list(store.read_text(path))
    for _ in range(data.draw(st.integers(1, 20))):
        at = data.draw(st.integers(0, len(text) - 1))
        text[at] = data.draw(st.sampled_from([*"0f:./@%'<\n \t", "\udc80", "名"]))
    captures = read(Source(path.name, "".join(text)))
    network = correlate(store.Host(HOST, Path(), captures, store.Hints()))
    for capture in captures:
        for mark in capture.marks:
            entity = entity_of_mark(mark, capture, network)
            if entity is not None:
                assert told(describe(entity, network), "ja")

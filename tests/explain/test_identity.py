"""When two mentions are one thing."""

import string
from ipaddress import IPv4Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ovs_capture.explain.identity import (
    entity_of_mark,
    entity_of_name,
    entity_of_ref,
    mac_of_link_local,
)
from ovs_capture.explain.message import Ref
from ovs_capture.formats.base import Kind, Mark
from ovs_capture.formats.reading import Capture, read
from ovs_capture.network.model import (
    Device,
    Guest,
    GuestNic,
    Namespace,
    Network,
    OvsBridge,
    OvsInterface,
    OvsPort,
    Scope,
)
from ovs_capture.source import Source, Span

HOST = "flat/compute"
SWITCH = "698493db-95ef-4c31-b419-56b3d4096f2b"
SERVER = "a9f5fa16-91d6-4dd6-893c-d497567f1c9b"


def port(name: str, kind: str | None = None, **more) -> OvsPort:
    interface = OvsInterface(name=name, type=kind, options={})
    return OvsPort(name=name, bridge="br-int", interfaces=(interface,), **more)


def guest(key: str, title: str, mac: str, **more) -> Guest:
    nic = GuestNic(name="eth0", mac=mac, tap="tap635485ff-6c")
    return Guest(key=key, title=title, nics=(nic,), **more)


GUEST = guest(
    "instance-00000004",
    "instance00",
    "fa:16:3e:55:2a:5d",
    subtitle="instance-00000004",
    uuid=SERVER,
)
DHCP = Scope(HOST, "qdhcp-1")
NETWORK = Network(
    key=HOST,
    title="Compute Node",
    bridges=(
        OvsBridge(
            name="br-int",
            ports=(
                port("br-int", "internal"),
                port("tap635485ff-6c", tag=1),
                port("tapdhcp", "internal", tag=1),
                port("patch-br-int-to-provnet-1", "patch"),
                port("patch-br-ex-to-provnet-1", "patch"),
                port("patch-br-ex-to-provnet-2", "patch"),
            ),
        ),
    ),
    devices=(Device(scope=Scope(HOST), name="br-int", kind="internal"),),
    namespaces=(
        Namespace(
            name="qdhcp-1",
            kind="dhcp",
            title="qdhcp-1",
            devices=(Device(scope=DHCP, name="tapdhcp", kind="internal"),),
        ),
    ),
    guests=(GUEST,),
)


def key(kind, name, network: Network | None = NETWORK, **more) -> str | None:
    entity = entity_of_name(kind, name, network, **more)
    return entity.key if entity else None


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("mac", "00:00:00:00:00:00"),
        ("mac", "FF:FF:FF:FF:FF:FF"),
        ("mac", "01:00:00:00:00:00/01:00:00:00:00:00"),
        ("address", "127.0.0.1/8"),
        ("address", "::1/128"),
        ("address", "0.0.0.0"),
        ("address", "0.0.0.0/0"),
        ("address", "255.255.255.255"),
        ("address", "172.16.0.0/255.0.255.0"),
        ("address", "not an address"),
        ("vlan", "0"),
        ("vlan", "0x0000/0x1fff"),
        ("vlan", "9" * 5000),
        ("uuid", "None"),
        ("table", "60"),
        ("register", "reg5"),
        ("device", ""),
        ("device", " "),
        ("device", "3"),
        ("device", "LOCAL"),
        ("device", "CONTROLLER"),
        ("counter", "529"),
        ("cookie", "0x495e20e8d5566065"),
    ],
)
def test_what_names_nothing(kind, name: str) -> None:
    assert key(kind, name) is None


@pytest.mark.parametrize(
    ("kind", "name", "expected"),
    [
        ("device", "tap635485ff-6c", "flat/compute device tap635485ff-6c"),
        ("bridge", "br-int", "flat/compute device br-int"),
        ("device", "br-int", "flat/compute device br-int"),
        ("mac", "FA:16:3E:55:2A:5D", "mac fa:16:3e:55:2a:5d"),
        ("address", "172.16.0.112", "address 172.16.0.112"),
        ("address", "172.16.0.112/24", "address 172.16.0.112"),
        ("address", "172.16.0.0/24", "address 172.16.0.0/24"),
        ("address", "172.16.0.0/255.255.255.0", "address 172.16.0.0/24"),
        ("address", "10.0.0.0/31", "address 10.0.0.0"),
        ("address", "FE80:0::F816:3EFF:FE55:2A5D/64", "address fe80::f816:3eff:fe55:2a5d"),
        ("vlan", "1", "flat/compute vlan 1"),
        ("vlan", "0x1", "flat/compute vlan 1"),
        ("vlan", "tag 1", "flat/compute vlan 1"),
        ("vlan", "vxlan 239", "flat/compute vni 239"),
        ("vlan", "metadata 0x3", "flat/compute metadata 3"),
        ("namespace", "qdhcp-1", "flat/compute netns qdhcp-1"),
        ("guest", "instance00", f"guest {SERVER}"),
        ("guest", "instance-00000004", f"guest {SERVER}"),
        ("uuid", SERVER.upper(), f"guest {SERVER}"),
        (
            "uuid",
            "698493db-95ef-4c31-b419-56b3d4096f2b",
            "uuid 698493db-95ef-4c31-b419-56b3d4096f2b",
        ),
        ("guest", "web", "flat/compute guest web"),
        ("host", "compute", "host flat/compute"),
    ],
)
def test_keys(kind, name: str, expected: str) -> None:
    assert key(kind, name) == expected


def test_a_bridge_and_its_own_device_are_one_bridge() -> None:
    assert entity_of_name("device", "br-int", NETWORK) == entity_of_name(
        "bridge", "br-int", NETWORK
    )
    entity = entity_of_name("device", "br-int", NETWORK)
    assert entity is not None and entity.kind == "bridge"


def test_the_bridge_shares_its_key_with_its_device_without_a_model() -> None:
    assert key("bridge", "br-int", None, host=HOST) == key("device", "br-int", None, host=HOST)


def test_local_is_the_bridge_of_the_flows() -> None:
    assert key("device", "LOCAL", bridge="br-int") == "flat/compute device br-int"


def test_an_internal_port_is_its_device_wherever_that_is() -> None:
    assert key("device", "tapdhcp", scope=DHCP) == key("device", "tapdhcp")
    assert key("device", "lo", scope=DHCP) == "flat/compute netns qdhcp-1 device lo"


def test_a_name_cut_by_openflow_is_its_port() -> None:
    assert key("device", "patch-br-int-to") == key("device", "patch-br-int-to-provnet-1")


def test_a_cut_name_that_two_ports_have_is_neither() -> None:
    assert key("device", "patch-br-ex-to-") == "flat/compute device patch-br-ex-to-"


def test_tables_and_registers_belong_to_a_bridge() -> None:
    assert key("table", "60", bridge="br-int") == "flat/compute br-int table 60"
    assert key("table", "60", bridge="br-ex") == "flat/compute br-ex table 60"
    assert key("register", "REG5", bridge="br-int") == "flat/compute br-int register reg5"


def test_a_title_that_two_guests_have_is_neither() -> None:
    two = Network(
        key=HOST,
        title="",
        guests=(
            guest("instance-1", "web", "fa:16:3e:00:00:01", uuid="0" * 32),
            guest("instance-2", "web", "fa:16:3e:00:00:02", uuid="1" * 32),
        ),
    )
    assert key("guest", "web", two) is None
    assert key("guest", "instance-1", two) == f"guest {'0' * 32}"
    inside = Ref("guest", "web", scope=Scope(HOST, guest="instance-2"))
    entity = entity_of_ref(inside, two)
    assert entity is not None and entity.key == f"guest {'1' * 32}"


def test_a_guest_is_the_same_on_the_client_that_lists_it() -> None:
    client = Network(key="flat/client", title="Client")
    assert key("guest", "instance00", client, others=(NETWORK,)) == f"guest {SERVER}"
    assert key("uuid", SERVER, client, others=(NETWORK,)) == f"guest {SERVER}"


def test_a_guest_without_uuid_belongs_to_its_host() -> None:
    network = Network(key=HOST, title="", guests=(guest("vm1", "vm1", "52:54:00:00:00:01"),))
    assert key("guest", "vm1", network) == "flat/compute guest vm1"
    scope = Scope(HOST, guest="vm1")
    assert key("device", "eth0", network, scope=scope) == "flat/compute guest vm1 device eth0"


def test_a_device_inside_a_guest_is_not_the_hosts() -> None:
    inside = Ref("device", "eth0", scope=Scope(HOST, guest="instance-00000004"))
    entity = entity_of_ref(inside, NETWORK)
    assert entity is not None and entity.key == f"guest {SERVER} device eth0"
    assert key("device", "eth0") == "flat/compute device eth0"


def first_mark(capture: Capture, kind: Kind, value: str) -> Mark:
    at = capture.source.text.index(value)
    return Mark(Span(at, at + len(value)), kind, value)


IN_GUEST = """\
$ ssh cirros@172.16.0.112 ip addr
2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc pfifo_fast qlen 1000
    link/ether fa:16:3e:55:2a:5d brd ff:ff:ff:ff:ff:ff
"""


def mark_key(text: str, kind: Kind, value: str, network: Network | None) -> str | None:
    *_, capture = read(Source("x.txt", text))
    mark = first_mark(capture, kind, value)
    entity = entity_of_mark(mark, capture, network, host=HOST)
    return entity.key if entity else None


def test_an_ssh_capture_is_of_the_guest_that_has_its_mac() -> None:
    assert mark_key(IN_GUEST, Kind.DEVICE, "eth0", NETWORK) == f"guest {SERVER} device eth0"


def test_an_ssh_target_alone_identifies_no_guest() -> None:
    other = IN_GUEST.replace("fa:16:3e:55:2a:5d", "fa:16:3e:00:00:99")
    found = mark_key(other, Kind.DEVICE, "eth0", NETWORK)
    assert found is not None
    assert found.startswith("flat/compute guest ssh")
    assert found != mark_key("$ date\n\n" + other, Kind.DEVICE, "eth0", NETWORK)


def test_a_capture_in_a_namespace() -> None:
    text = "$ ip netns exec qdhcp-1 ip link\n1: lo: <LOOPBACK,UP> mtu 65536\n"
    assert mark_key(text, Kind.DEVICE, "lo", None) == "flat/compute netns qdhcp-1 device lo"


@pytest.mark.parametrize(
    ("clause", "expected"),
    [
        ("dl_vlan=7", "flat/compute vlan 7"),
        ("metadata=7", "flat/compute metadata 7"),
        ("tun_id=7", "flat/compute vni 7"),
        ("load:7->OXM_OF_METADATA[]", "flat/compute metadata 7"),
        ("load:7->NXM_NX_TUN_ID[0..23]", "flat/compute vni 7"),
        ("mod_vlan_vid:7", "flat/compute vlan 7"),
    ],
)
def test_numbers_that_are_no_vlan_are_not_joined_with_vlans(clause: str, expected: str) -> None:
    text = f"$ ovs-ofctl dump-flows br-int\n table=0 actions={clause}\n"
    assert mark_key(text, Kind.VLAN, "7", None) == expected


def test_the_table_of_a_dump_is_of_the_dumped_bridge() -> None:
    text = "$ ovs-ofctl dump-flows br-ex\n table=9, actions=drop\n"
    assert mark_key(text, Kind.TABLE, "9", None) == "flat/compute br-ex table 9"


@pytest.mark.parametrize("kind", [Kind.HEAD, Kind.DIM, Kind.DROP, Kind.SECRET, Kind.COUNTER])
def test_marks_that_are_no_names(kind: Kind) -> None:
    assert mark_key("$ date\nX3xJpjoBatE5\n", kind, "X3xJpjoBatE5", None) is None


HOSTILE = st.text(
    st.sampled_from([*string.printable, "\udc80", "\x00", "名", "\u2028", "%"]), min_size=1
)


@given(HOSTILE, HOSTILE)
def test_a_key_is_printable_and_tells_names_apart(one: str, other: str) -> None:
    first, second = (entity_of_name("device", name, None, host=HOST) for name in (one, other))
    for entity in (first, second):
        if entity is not None:
            assert entity.key.isprintable()
            assert entity.key.encode("utf-8")
            assert len(entity.key.split(" ")) == 3
    if first and second and one.strip() != other.strip():
        assert first.key != second.key


@pytest.mark.parametrize(
    ("address", "mac"),
    [
        ("fe80::f816:3eff:fe55:2a5d", "fa:16:3e:55:2a:5d"),
        ("fe80::1", None),
        ("fe80:0:0:1:f816:3eff:fe55:2a5d", None),
        ("fd00::f816:3eff:fe55:2a5d", None),
        ("172.16.0.112", None),
    ],
)
def test_the_mac_in_a_link_local_address(address: str, mac: str | None) -> None:
    assert mac_of_link_local(address) == mac


@given(
    st.ip_addresses(v=4).map(str) | st.from_regex(r"[0-9]{1,3}(\.[0-9]{1,3}){2,4}", fullmatch=True)
)
def test_a_plain_ipv4_address_is_what_the_library_makes_of_it(text: str) -> None:
    entity = entity_of_ref(Ref("address", text), None)
    try:
        address = IPv4Address(text)
    except ValueError:
        assert entity is None
        return
    nobodys = address.is_loopback or address.is_unspecified or text == "255.255.255.255"
    assert (entity.name if entity else None) == (None if nobodys else str(address))


@pytest.mark.parametrize("text", ["0.1.2.3", "255.255.255.254", "126.0.0.1", "128.0.0.1"])
def test_an_address_beside_those_of_nobody(text: str) -> None:
    entity = entity_of_ref(Ref("address", text), None)
    assert entity is not None
    assert entity.name == text

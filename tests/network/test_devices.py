"""Kinds of devices, several listings of one place, veth pairs."""

import pytest

from ovs_capture.network.devices import Listing, Sighting, drawn_address, kinds, listing, veth_pairs
from ovs_capture.network.model import DeviceAddress, Scope
from tests.network.test_snapshot import capture

LINK = "{}: {}: <UP> mtu 1500 qdisc noqueue state UP mode DEFAULT group default qlen 1000\n"
ETHER = "    link/ether {} brd ff:ff:ff:ff:ff:ff\n"


def sighting(name: str, **fields: object) -> Sighting:
    return Sighting(name=name, **({"link_type": "ether"} | fields))  # type: ignore[arg-type]


def kind_of(*devices: Sighting, **options: object) -> dict[str, str]:
    return kinds(Listing(devices), **options)  # type: ignore[arg-type]


def test_a_bus_makes_a_nic_and_a_plain_device_beside_it_is_none() -> None:
    found = kind_of(sighting("p7p1", parent="0000:01:00.0", detailed=True), sighting("dummy9"))
    assert found == {"p7p1": "nic", "dummy9": "other"}


def test_before_iproute2_5_14_a_detailed_device_without_kind_is_a_nic() -> None:
    found = kind_of(
        sighting("eth0", detailed=True), sighting("br0", info_kind="bridge", detailed=True)
    )
    assert found == {"eth0": "nic", "br0": "bridge"}


def test_a_slave_kind_is_no_kind() -> None:
    text = (
        LINK.format(2, "eth2")
        + "    link/ether 52:aa:00:00:00:02 brd ff:ff:ff:ff:ff:ff promiscuity 1\n"
        + "    openvswitch_slave addrgenmode none parentbus pci parentdev 0000:00:02.0\n"
    )
    assert kinds(listing([capture("ip -d link", text)])) == {"eth2": "nic"}


@pytest.mark.parametrize(
    ("device", "kind"),
    [
        (sighting("t", info_kind="tun", details={"type": "tap"}), "tap"),
        (sighting("t", info_kind="tun", details={"type": "tun"}), "other"),
        (sighting("m", info_kind="macvtap"), "macvlan"),
        (sighting("lo", link_type="loopback"), "loopback"),
        (sighting("d", info_kind="dummy"), "other"),
    ],
)
def test_kinds_by_the_detail_line(device: Sighting, kind: str) -> None:
    assert kind_of(device, sighting("eth0", parent="x"))[device.name] == kind


def test_without_details_only_what_nothing_else_claims_is_a_nic() -> None:
    found = kind_of(
        sighting("eth0"),
        sighting("vlan7"),
        sighting("br0"),
        sighting("eth1", master="br0"),
        sighting("tap635485ff-6c"),
        sighting("veth1", link="if9"),
        not_nics={"vlan7"},
    )
    assert [name for name, kind in found.items() if kind == "nic"] == ["eth0", "eth1"]


def test_a_veth_is_a_nic_in_a_lab_only() -> None:
    veth = sighting("eth0", info_kind="veth", link_netnsid=0, link="if9")
    assert kind_of(veth)["eth0"] == "nic"
    assert kind_of(veth, in_root=False)["eth0"] == "veth"
    assert kind_of(veth, sighting("ens1", parent="x"))["eth0"] == "veth"
    named = sighting("tap1", info_kind="veth", link_netnsid=0, link_netns="qdhcp-1")
    assert kind_of(named)["tap1"] == "veth"


def names(shown: Listing) -> list[str]:
    return [device.name for device in shown.devices]


def test_the_last_whole_listing_is_the_state() -> None:
    first = LINK.format(2, "eth0") + ETHER.format("52:00:00:00:00:01") + LINK.format(3, "old")
    second = LINK.format(2, "eth0") + ETHER.format("52:00:00:00:00:01")
    shown = listing([capture("ip link", first), capture("ip link", second)])
    assert names(shown) == ["eth0"]
    assert shown.whole


def test_an_elided_listing_adds_and_takes_nothing_away() -> None:
    first = LINK.format(2, "eth0") + ETHER.format("52:00:00:00:00:01")
    second = "(...)\n" + LINK.format(9, "tap1") + ETHER.format("fe:00:00:00:00:01")
    assert names(listing([capture("ip link", first), capture("ip link", second)])) == [
        "eth0",
        "tap1",
    ]
    assert not listing([capture("ip link", second)]).whole


def test_a_plain_listing_does_not_lose_the_detail_of_an_earlier_one() -> None:
    plain = LINK.format(2, "x0") + ETHER.format("52:00:00:00:00:01")
    shown = listing(
        [capture("ip -d link", plain + "    veth addrgenmode eui64\n"), capture("ip link", plain)]
    )
    assert shown.devices[0].info_kind == "veth"
    renewed = plain.replace("52:00:00:00:00:01", "52:00:00:00:00:02")
    shown = listing(
        [capture("ip -d link", plain + "    veth addrgenmode eui64\n"), capture("ip link", renewed)]
    )
    assert shown.devices[0].info_kind is None


ROOT, ONE, TWO = Scope("h"), Scope("h", "one"), Scope("h", "two")


def veth(name: str, ifindex: int, link: str, netns: str | None = None) -> Sighting:
    return sighting(name, ifindex=ifindex, link=link, info_kind="veth", link_netns=netns)


def test_both_ends_must_point_at_each_other() -> None:
    root = Listing((veth("a0", 10, "if2", "one"), veth("b0", 11, "if2", "two")))
    one, two = Listing((veth("a1", 2, "if10"),)), Listing((veth("b1", 2, "if11"),))
    assert veth_pairs([(ROOT, root), (ONE, one), (TWO, two)]) == {
        (ROOT, "a0"): (ONE, "a1"),
        (ONE, "a1"): (ROOT, "a0"),
        (ROOT, "b0"): (TWO, "b1"),
        (TWO, "b1"): (ROOT, "b0"),
    }


def test_two_candidates_are_no_pair() -> None:
    root = Listing((veth("a0", 10, "if2"),))
    one, two = Listing((veth("a1", 2, "if10"),)), Listing((veth("b1", 2, "if10"),))
    assert veth_pairs([(ROOT, root), (ONE, one), (TWO, two)]) == {}


def test_a_pair_in_one_namespace_is_told_by_name() -> None:
    root = Listing((veth("qvo", 6, "qvb"), veth("qvb", 7, "qvo")))
    assert veth_pairs([(ROOT, root)])[ROOT, "qvo"] == (ROOT, "qvb")


@pytest.mark.parametrize(
    ("address", "drawn"),
    [
        ("10.0.0.5/24", True),
        ("2001:db8::5/64", True),
        ("127.0.0.1/8", False),
        ("169.254.169.254/32", False),
        ("fe80::1/64", False),
        ("10.0.0.9/32", False),
        ("not an address/24", False),
    ],
)
def test_addresses_with_a_place_in_a_picture(address: str, drawn: bool) -> None:
    ip, _, length = address.partition("/")
    siblings = [DeviceAddress("10.0.0.5", 24, ()), DeviceAddress("fe80::1", 64, ())]
    assert drawn_address(DeviceAddress(ip, int(length), ()), siblings) is drawn


def test_a_lone_host_address_is_drawn() -> None:
    assert drawn_address(DeviceAddress("10.0.0.9", 32, ()), [DeviceAddress("10.0.0.9", 32, ())])


def test_one_line_for_each_address_adds_up_and_keeps_what_ip_link_said() -> None:
    link = LINK.format(2, "eth0") + ETHER.format("52:54:00:00:00:01")
    lines = (
        "2: eth0    inet 10.0.0.31/24 scope global eth0\\       valid_lft forever\n"
        "2: eth0    inet6 fd00::1f/64 scope global \\       valid_lft forever\n"
    )
    shown = listing([capture("ip link", link), capture("ip -o addr show", lines)]).named("eth0")
    assert shown is not None
    assert [a.ip for a in shown.addresses] == ["10.0.0.31", "fd00::1f"]
    assert shown.mac == "52:54:00:00:00:01"


def test_a_listing_of_one_family_leaves_the_other_alone() -> None:
    head = LINK.format(2, "eth0") + ETHER.format("52:54:00:00:00:01")
    four = head + "    inet 10.0.0.31/24 scope global eth0\n       valid_lft forever\n"
    six = head + "    inet6 fd00::1f/64 scope global\n       valid_lft forever\n"
    shown = listing([capture("ip addr", four), capture("ip -6 addr show", six)]).named("eth0")
    assert shown is not None
    assert [a.ip for a in shown.addresses] == ["10.0.0.31", "fd00::1f"]

"""Ways: what lights up together."""

from ovs_capture.diagram.layout import lay_out
from tests.diagram.scenes import english, names, scene


def way(name: str, start: str) -> set[str]:
    """The called on the way of the first interface called ``start``."""
    drawn = scene(name)
    ways = dict(lay_out(drawn, english).ways)
    called = names(drawn)
    called |= {r.id: r.title for r in drawn.rails}
    first = next(i.id for i in drawn.interfaces if i.name == start)
    return {called[key] for key in ways[first] if key in called}


def test_a_tap_reaches_the_network_that_its_tag_is_translated_to() -> None:
    found = way("flat", "tap635485ff-6c")
    assert {"172.16.0.0/24", "eth2", "br-provider", "int-br-provider", "br-int"} <= found
    assert not {"10.0.0.0/24", "eth3", "br-mgmt", "int-br-mgmt"} & found


def test_a_nic_reaches_the_guest() -> None:
    assert "tap635485ff-6c" in way("flat", "eth2")


def test_a_way_ends_at_the_rail() -> None:
    assert way("flat", "eth1") == {"eth1", "10.0.0.0/24"}


def test_a_tunnel_port_carries_the_tag_of_the_bridge_behind() -> None:
    found = way("two_hosts", "tap635485ff-6c")
    assert {"patch-tun", "br-tun", "vxlan-ac100001", "172.16.0.0/24"} <= found
    assert "tap7a8c0a54-75" in found


def test_other_tags_stay_out() -> None:
    assert "tap00000002-02" not in way("many_guests", "tap635485ff-6c")

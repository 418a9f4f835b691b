"""Ways: what lights up together."""

from ovs_capture.diagram.layout import lay_out
from ovs_capture.diagram.scene import Bridge, Callout, Container, Interface, Port, Scene, Wire
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


def test_a_way_does_not_turn_back_where_it_leaves_a_bridge() -> None:
    """The patch port carries both tags; from one of them it leads out, not to the other."""
    ends = ("out", "a", "b")
    drawn = Scene(
        containers=(Container(id="h", kind="host", title="h"),),
        bridges=(Bridge(id="br", container="h", name="br-int", kind="ovs"),),
        ports=(
            Port(id="out", bridge="br", name="int-br-x", side="top"),
            Port(id="a", bridge="br", name="tap-a", tag=1, side="bottom"),
            Port(id="b", bridge="br", name="tap-b", tag=2, side="bottom"),
        ),
        interfaces=tuple(
            Interface(id=f"i-{end}", container="h", name=f"i-{end}", kind="tap") for end in ends
        ),
        wires=tuple(Wire(id=f"w-{end}", ends=(end, f"i-{end}")) for end in ends),
        callouts=tuple(
            Callout(id=f"c{n}", port="out", outer=f"tag {n}00", inner=f"tag {n}", direction="both")
            for n in (1, 2)
        ),
    )
    ways = dict(lay_out(drawn, english).ways)
    assert {"out", "i-out", "a", "i-a"} <= set(ways["i-a"])
    assert not {"b", "i-b"} & set(ways["i-a"])
    assert {"a", "b", "i-a", "i-b"} <= set(ways["i-out"])


def test_the_way_of_a_guest_is_that_of_its_nics() -> None:
    drawn = scene("flat")
    ways = dict(lay_out(drawn, english).ways)
    (guest,) = (c.id for c in drawn.containers if c.kind == "guest")
    nics = [i.id for i in drawn.interfaces if i.container == guest]
    assert set(ways[guest]) == {guest}.union(*(ways[nic] for nic in nics))

"""What a name on a page means."""

import pytest

from ovs_capture.render.links.objects import (
    Known,
    Things,
)

UUID = "6f2d0b3e-0000-4000-8000-000000000001"


@pytest.fixture
def things() -> Things:
    return Things(
        {
            "host lab/a": None,
            "host lab/b": None,
            "lab/a device eth0": Known("device", "eth0", ("eth0",), ("lab/a",)),
            "lab/b device eth0": Known("device", "eth0", ("eth0",), ("lab/b",)),
            "lab/b netns qdhcp-1 device eth0": None,
            "page/old device tap1": None,
            "lab/a device tap9": None,
            "page/old device eth7": None,
            "lab/a device tap1": Known("device", "tap1", ("tap1", '"tap1"')),
            "lab/a device br-int": Known("bridge", "br-int"),
            "lab/a br-int table 60": None,
            "mac fa:16:3e:00:00:01": None,
            "address 192.0.2.9": None,
            "address 2001:db8::1": None,
            f"guest {UUID}": Known("guest", "instance00", ("instance-0001", UUID)),
            f"guest {UUID} device eth0": None,
            "lab/a device odd%20;name": None,
            "lab/a vlan 3": None,
            "lab/a br-int register reg5": None,
            "capture captures/lab/a/x.txt": None,
            f"uuid {UUID}": None,
        }
    )


@pytest.mark.parametrize(
    ("role", "target", "meant"),
    [
        ("port", "tap1", ["lab/a:tap1"]),
        ("port", "page/old:tap1", ["page/old:tap1"]),
        ("port", "eth7", ["page/old:eth7"]),
        ("port", "lab/a:eth0", ["lab/a:eth0"]),
        ("port", "b:eth0", ["lab/b:eth0"]),
        ("port", "instance00:eth0", ["instance00:eth0"]),
        ("port", "lab/b/qdhcp-1:eth0", ["lab/b/qdhcp-1:eth0"]),
        ("port", "br-int", ["lab/a:br-int"]),
        ("port", "odd name", ["lab/a:odd name"]),
        ("bridge", "br-int", ["lab/a:br-int"]),
        ("bridge", "tap1", []),
        ("host", "a", ["lab/a"]),
        ("host", "lab/b", ["lab/b"]),
        ("table", "br-int 60", ["lab/a:br-int 60"]),
        ("table", "60", ["lab/a:br-int 60"]),
        ("table", "a:br-int 60", ["lab/a:br-int 60"]),
        ("mac", "FA:16:3E:00:00:01", ["fa:16:3e:00:00:01"]),
        ("ip", "192.0.2.9/24", ["192.0.2.9"]),
        ("ip", "2001:DB8:0::1", ["2001:db8::1"]),
        ("guest", "instance-0001", ["instance00"]),
        ("guest", UUID, ["instance00"]),
        ("port", "nothing", []),
        ("odd", "tap1", []),
    ],
)
def test_meant(things: Things, role: str, target: str, meant: list[str]) -> None:
    assert [thing.whole for thing in things.meant(role, target)] == meant


def test_a_name_of_several(things: Things) -> None:
    assert [thing.whole for thing in things.meant("port", "eth0")] == [
        f"{one}:eth0" for one in ("instance00", "lab/a", "lab/b", "lab/b/qdhcp-1")
    ]


def test_no_own_name_means_two_things(things: Things) -> None:
    names = [(t.type, name) for t in things.all for name in things.own_names(t)]
    assert len(names) == len(set(names))
    assert ("port", "eth0") not in names
    assert ("port", "tap1") not in names
    assert ("port", "tap9") in names


def test_numbers_and_captures_are_no_things(things: Things) -> None:
    assert not {"vlan", "register", "capture"} & {thing.entity.split()[-2] for thing in things.all}


def test_what_pages_say_is_joined_in_any_order() -> None:
    one = Known("device", "br-int", ("br-int",), ("lab/a",))
    two = Known("bridge", "br-int", ("br-int", "br-in"), ("lab/b",))
    both = Known("bridge", "br-int", ("br-in", "br-int"), ("lab/a", "lab/b"))
    assert one.with_other(two) == two.with_other(one) == both

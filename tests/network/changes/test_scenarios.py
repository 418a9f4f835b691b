"""Hosts are paired by name, and a guest on another host has moved."""

from pathlib import Path

from ovs_capture.formats.reading import read
from ovs_capture.network.changes.model import Snapshot
from ovs_capture.network.changes.scenarios import compare_scenarios
from ovs_capture.network.correlate import correlate
from ovs_capture.source import Source
from ovs_capture.store import Hints, Host

HEAD = "$ virsh list --all\n Id   Name                State\n--------------------------------\n"


def snapshot(name: str, *domains: str) -> Snapshot:
    lines = "".join(f" {domain}\n" for domain in domains)
    captures = read(Source("virsh.txt", f"{HEAD}{lines}\n"))
    return Snapshot(correlate(Host(f"lab/{name}", Path(name), captures, Hints())), captures)


def test_a_guest_moved_to_another_host() -> None:
    guest = "3    instance-00000001   running"
    before = {"one": snapshot("one", guest), "two": snapshot("two")}
    after = {"one": snapshot("one"), "two": snapshot("two", guest)}
    one, two = compare_scenarios(before, after)
    assert one.changes == ()
    (change,) = two.changes
    assert (change.kind, change.key, change.hosts) == (
        "moved", ("instance-00000001",), ("one", "two"),
    )  # fmt: skip
    (back,) = compare_scenarios(after, before)[0].changes
    assert (back.kind, back.hosts) == ("moved", ("two", "one"))


def test_a_guest_was_stopped() -> None:
    before = {"one": snapshot("one", "3    instance-00000001   running")}
    after = {"one": snapshot("one", "-    instance-00000001   shut off")}
    (host,) = compare_scenarios(before, after)
    (change,) = host.changes
    assert [(f.name, f.before, f.after) for f in change.fields] == [
        ("state", "running", "shut off")
    ]


def test_a_host_that_is_new() -> None:
    before = {"one": snapshot("one"), "two": snapshot("two")}
    after = {**before, "three": snapshot("three")}
    found = compare_scenarios(before, after)
    assert [(host.name, host.nothing) for host in found] == [
        ("one", True), ("two", True), ("three", False),
    ]  # fmt: skip
    assert found[2].before is None


def test_one_host_on_each_side_is_a_pair() -> None:
    (host,) = compare_scenarios({"monday": snapshot("m")}, {"tuesday": snapshot("t")})
    assert (host.name, host.nothing) == ("tuesday", True)

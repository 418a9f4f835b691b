"""Small hosts under ``compose/``: what is drawn, what is left out, what is told as wrong.

``OVS_CAPTURE_REGEN=1`` rewrites the goldens that differ, and fails, so that someone reads the diff.
"""

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from ovs_capture.diagram.choice import Choice, Reason
from ovs_capture.diagram.compose import compose, unmatched
from ovs_capture.diagram.scene import Scene
from ovs_capture.explain.message import Message
from ovs_capture.network.correlate import correlate_target
from ovs_capture.store import load_target
from ovs_capture.translation import Translator
from tests.network.composed import load, told_diagnostics, told_scene

HERE = Path(__file__).parent / "compose"
CASES = sorted(HERE.glob("*.txt"))


def compare(path: Path, text: str) -> None:
    found = path.read_text("utf-8") if path.exists() else None
    if os.environ.get("OVS_CAPTURE_REGEN") == "1" and found != text:
        path.write_text(text, "utf-8")
        pytest.fail(f"{path.name} was rewritten: read the diff", pytrace=False)
    assert text == found


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_composed_host(path: Path, tmp_path: Path) -> None:
    target = load(path.read_text("utf-8"), tmp_path)
    networks, accepted = correlate_target(target)
    lines = list(told_scene(compose(networks)))
    lines += told_diagnostics((*target.diagnostics, *accepted.kept), tmp_path)
    lines += [
        f"accepted: {line} ({accept.why.in_language('en') if accept.why else ''})"
        for accept, diagnostic in accepted.accepted
        for line in told_diagnostics((diagnostic,), tmp_path)
    ]
    compare(path.with_suffix(".golden"), "\n".join(lines) + "\n")


def test_no_golden_is_left_over() -> None:
    assert {path.with_suffix(".txt") for path in HERE.glob("*.golden")} == set(CASES)


def test_the_first_seed(captures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(captures.parent)
    networks, accepted = correlate_target(load_target(Path("captures/flat-instance/compute")))
    assert accepted.kept == ()
    scene = compose(networks)
    lines = list(told_scene(scene))
    lines += [f"{o.file}:{o.line}" for wire in scene.wires for o in wire.source]
    compare(HERE.parent / "flat-instance.golden", "\n".join(lines) + "\n")


@pytest.mark.parametrize("host", ["captures", "case"])
def test_the_first_seed_is_the_hand_drawn_picture(
    host: str, captures: Path, shared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = shared / "reference" / "cases" / "network_flat_instance_ovs"
    path = captures / "flat-instance" / "compute" if host == "captures" else case / "compute"
    assert differences(case, path, shared, monkeypatch) == []


@pytest.mark.parametrize(
    "name",
    [
        "network_geneve_instance_ovn",
        "network_vxlan_instance_linuxbridge",
        "network_vxlan_lb_linuxbridge",
        "network_vxlan_router_ovs",
    ],
)
def test_other_hand_drawn_pictures(
    name: str, shared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = shared / "reference" / "cases" / name
    host = next(path for path in case.iterdir() if path.is_dir())
    assert differences(case, host, shared, monkeypatch) == []


def differences(
    case: Path, host: Path, shared: Path, monkeypatch: pytest.MonkeyPatch
) -> list[tuple[str, object]]:
    """Missing and extra elements, as the project's scoring tool counts them."""
    monkeypatch.syspath_prepend(str(shared / "tools"))
    sys.modules.pop("score_scene", None)
    import score_scene  # type: ignore[import-not-found]  # stands in the shared folder only

    networks, _ = correlate_target(load_target(host))
    expected = json.loads((case / "expected.json").read_text("utf-8"))
    result = score_scene.compare(expected, compose(networks).to_json())
    return [(kind, e) for kind, (_, lost, more) in result.items() for e in (*lost, *more)]


def focus_case(tmp_path: Path, *, focus: Sequence[str] = (), hide: Sequence[str] = ()) -> Scene:
    text = (HERE / "only-what-leads-to-the-focus.txt").read_text("utf-8")
    networks, _ = correlate_target(load(text, tmp_path, "compute"))
    return compose(networks, focus=focus, hide=hide)


@pytest.mark.parametrize("word", ["instance-2", "vm-b", "10.3.0.5"])
def test_focus_on_a_guest_that_virsh_only_lists_draws_its_box(word: str, tmp_path: Path) -> None:
    # virsh list shows no NIC, so no address and no server name is known of instance-2.
    scene = focus_case(tmp_path, focus=[word])
    guests = [c.title for c in scene.containers if c.kind == "guest"]
    assert guests == (["instance-2"] if word == "instance-2" else [])
    assert all(port.name != "tapaaaaaaaa-aa" for port in scene.ports)


@pytest.mark.parametrize("word", ["vm-a", "instance-1", "10.2.0.5", "fa:16:3e:00:00:0a"])
def test_focus_by_any_name_of_a_guest(word: str, tmp_path: Path) -> None:
    scene = focus_case(tmp_path, focus=[word])
    assert [c.title for c in scene.containers] == ["compute", "vm-a"]


def of_ovs_vlan(captures: Path, **choice: Sequence[str]) -> Scene:
    networks, _ = correlate_target(load_target(captures / "ovs-vlan" / "cmp1"))
    return compose(networks, **choice)  # type: ignore[arg-type]  # focus and hide


@pytest.mark.parametrize(
    ("focus", "bridges"),
    [
        pytest.param((), {"br-mgmt", "br-provider", "br-tun"}, id="unasked-all"),
        pytest.param(("instance00",), {"br-provider"}, id="provider"),
        pytest.param(("instance02",), {"br-tun"}, id="overlay"),
        pytest.param(("instance00", "instance02"), {"br-provider", "br-tun"}, id="both"),
    ],
)
def test_focus_keeps_the_bridges_that_its_tags_reach(
    focus: Sequence[str], bridges: set[str], captures: Path
) -> None:
    scene = of_ovs_vlan(captures, focus=focus)
    uplinks = {b.name for b in scene.bridges} & {"br-mgmt", "br-provider", "br-tun"}
    assert uplinks == bridges
    drawn = {i.name for i in scene.interfaces}
    assert ("int-br-mgmt" in drawn) == ("br-mgmt" in bridges)
    told = {(o.kind, o.name) for o in scene.omitted}
    gone = {"br-mgmt", "br-provider", "br-tun"} - bridges
    assert {("bridge", name) for name in gone} <= told


def test_without_flows_focus_keeps_every_uplink(tmp_path: Path) -> None:
    text = (HERE / "only-what-leads-to-the-focus.txt").read_text("utf-8")
    text = text.replace("actions=", "unreadable=")
    networks, _ = correlate_target(load(text, tmp_path, "compute"))
    assert "br-ex" in {b.name for b in compose(networks, focus=["vm-a"]).bridges}


def test_hiding_a_bridge_leaves_no_patch_that_leads_nowhere(captures: Path) -> None:
    scene = of_ovs_vlan(captures, hide=["br-mgmt"])
    names = {p.name for p in scene.ports} | {i.name for i in scene.interfaces}
    assert not {"int-br-mgmt", "phy-br-mgmt"} & names
    assert {"eth3", "int-br-provider"} <= names
    reasons = {(o.kind, o.name): o.reason for o in scene.omitted}
    assert reasons["port", "int-br-mgmt"] == reasons["bridge", "br-mgmt"] == Reason.HIDDEN.text


@pytest.mark.parametrize(
    ("word", "kinds"),
    [
        ("vm-a", {"container"}),
        ("br-ex", {"bridge", "port"}),
        ("phy-br-ex", {"port", "interface"}),
        ("instance-1", {"container"}),
        ("10.2.0.0/24", set()),
    ],
)
def test_what_is_hidden_takes_with_it_what_hangs_on_it(
    word: str, kinds: set[str], tmp_path: Path
) -> None:
    scene = focus_case(tmp_path, hide=[word])
    lists = scene.to_json()
    boxes = ("containers", "bridges", "ports", "interfaces", "rails")
    ids = {element["id"] for name in boxes for element in lists[name]}
    assert all(set(wire.ends) <= ids for wire in scene.wires)
    assert {address.interface for address in scene.addresses} <= ids
    assert {callout.port for callout in scene.callouts} <= ids
    assert {o.kind for o in scene.omitted if o.reason == Reason.HIDDEN.text} == kinds
    names = {c.title for c in scene.containers} | {r.title for r in scene.rails}
    names |= {b.name for b in scene.bridges} | {p.name for p in scene.ports}
    names |= {i.name for i in scene.interfaces}
    assert word not in names
    assert "eth1" in names


def test_a_word_that_names_nothing(tmp_path: Path) -> None:
    text = (HERE / "only-what-leads-to-the-focus.txt").read_text("utf-8")
    networks, _ = correlate_target(load(text, tmp_path))
    known = ["vm-a", "instance-2", "br-int", "eth1", "10.2.0.0/24", "10.2.0.5", "compute"]
    assert unmatched(networks, [*known, "vm-x"]) == ("vm-x",)


def test_host_titles_follow_the_language_and_nothing_else_does(tmp_path: Path) -> None:
    text = (HERE / "hint-against-a-whole-listing.txt").read_text("utf-8")
    networks, _ = correlate_target(load(text, tmp_path))
    english, japanese = compose(networks, language="en"), compose(networks, language="ja")
    assert [c.title for c in english.containers] == ["Compute"]
    assert [c.title for c in japanese.containers] == ["計算"]
    assert english.to_json()["wires"] == japanese.to_json()["wires"]


def test_every_reason_is_said_in_japanese() -> None:
    japanese = Translator("ja")
    for reason in Reason:
        assert japanese.text(Message(reason.text)) != reason.text


def test_ids_do_not_hold_names_and_every_element_has_its_source(captures: Path) -> None:
    networks, _ = correlate_target(load_target(captures / "flat-instance"))
    scene = compose(networks)
    lists = scene.to_json()
    elements = [e for name, found in lists.items() if name != "omitted" for e in found]
    assert [e["id"] for e in elements] == [f"n{i}" for i in range(len(elements))]
    assert [e for e in elements if not e["source"]] == []


# DESIGN section 7; every element has "source" as well, and a bridge's kind tells ovs from linux.
SHAPE = {
    "containers": {"id", "kind", "title", "subtitle", "parent"},
    "bridges": {"id", "kind", "name", "container"},
    "ports": {"id", "name", "bridge", "tag", "side"},
    "interfaces": {"id", "kind", "name", "container", "border"},
    "rails": {"id", "title", "annotation"},
    "addresses": {"id", "interface", "text"},
    "wires": {"id", "ends", "kind", "label"},
    "callouts": {"id", "port", "outer", "inner", "direction"},
    "omitted": {"kind", "name", "reason"},
}


def test_the_json_of_a_scene(captures: Path) -> None:
    networks, _ = correlate_target(load_target(captures / "flat-instance"))
    lists = json.loads(json.dumps(compose(networks).to_json()))
    assert lists.keys() == SHAPE.keys()
    for name, keys in SHAPE.items():
        assert lists[name]
        for element in lists[name]:
            assert element.keys() == keys | {"source"}
            assert all(origin.keys() == {"file", "line"} for origin in element["source"])


def test_two_runs_are_equal(captures: Path) -> None:
    scenes = [
        compose(correlate_target(load_target(captures / "flat-instance"))[0]).to_json()
        for _ in range(2)
    ]
    assert scenes[0] == scenes[1]


def test_the_choice_keeps_the_way_and_no_more(tmp_path: Path) -> None:
    text = (HERE / "hybrid-plug.txt").read_text("utf-8")
    networks, _ = correlate_target(load(text, tmp_path))
    port = "aaaaaaaa-aa"
    assert Choice(networks[0]).kept == {f"{p}{port}" for p in ("qvo", "qvb", "qbr", "tap")}

"""What the tests of pictures share: their scenes, words, and random scenes."""

import json
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st

from ovs_capture.diagram.scene import Scene
from ovs_capture.explain.message import Message, Param, Series

FOLDER = Path(__file__).parent / "scenes"
NAMES = sorted(path.stem for path in FOLDER.glob("*.json"))
JAPANESE = {"untagged": "tag なし"}


def examples(usual: int) -> int:
    """How many random scenes to try: the usual number, and 2,000 when new ones are explored."""
    return usual if settings.default is not None and settings.default.derandomize else 2000


def scene(name: str) -> Scene:
    return Scene.from_json(json.loads((FOLDER / f"{name}.json").read_text("utf-8")))


def names(drawn: Scene) -> dict[str, str]:
    """The names of bridges and interfaces by id."""
    return {b.id: b.name for b in drawn.bridges} | {i.id: i.name for i in drawn.interfaces}


def english(message: Param) -> str:
    """Enough of a translator for tests: holes filled, series joined by commas, or by blanks."""
    if isinstance(message, Message):
        return message.msgid % {key: english(value) for key, value in message.params.items()}
    if isinstance(message, Series):
        joint = " " if message.style == "sentences" else ", "
        return joint.join(english(item) for item in message.items)
    return str(message)


def japanese(message: Message) -> str:
    return JAPANESE.get(message.msgid, english(message))


HOSTILE = (
    "監視サーバー",
    "a<b>&'\"",
    "<script>alert(1)</script>",
    "x" * 200,
    "監視" * 100,
    "\u05e9\u05dc\u05d5\u05dd \u202e1.2.3.4",  # from right to left, and a mark that turns it
    "🦑👩‍💻",
    "line\nbreak\x00",
)
KINDS = ("nic", "bond", "vlan", "vxlan", "patch", "tap", "veth", "internal", "macvlan", "guest-nic")


@st.composite
def scenes(draw: st.DrawFn) -> Scene:
    """Any scene that keeps the contract, sensible or not."""
    raw: dict[str, list[dict[str, Any]]] = {
        kind: []
        for kind in (
            "containers",
            "bridges",
            "ports",
            "interfaces",
            "rails",
            "addresses",
            "wires",
            "callouts",
        )
    }

    def add(elements: str, /, **fields: Any) -> str:
        key = f"n{sum(map(len, raw.values()))}"
        raw[elements].append({"id": key, **fields})
        return key

    name = st.sampled_from(["eth0", "br-int", "tap635485ff-6c", *HOSTILE])
    hosts = [
        add("containers", kind="host", title=draw(name)) for _ in range(draw(st.integers(0, 2)))
    ]
    if draw(st.booleans()):
        hosts.append(add("containers", kind="cloud", title=draw(name)))
    boxes = list(hosts)
    for _ in range(draw(st.integers(0, 4)) if boxes else 0):
        kind = draw(st.sampled_from(["guest", "namespace", "process"]))
        subtitle = draw(st.none() | name)
        parent = draw(st.sampled_from(boxes))
        boxes.append(
            add("containers", kind=kind, title=draw(name), subtitle=subtitle, parent=parent)
        )
    rails = [
        add("rails", title="10.0.0.0/24", annotation=draw(st.none() | st.just("VXLAN 267")))
        for _ in range(draw(st.integers(0, 3)))
    ]
    ends: list[str] = []
    for _ in range(draw(st.integers(0, 4)) if boxes else 0):
        kind = draw(st.sampled_from(["ovs", "linux"]))
        bridge = add("bridges", kind=kind, name=draw(name), container=draw(st.sampled_from(boxes)))
        if kind == "linux":
            ends.append(bridge)
        for _ in range(draw(st.integers(0, 3)) if kind == "ovs" else 0):
            tag = draw(st.none() | st.integers(1, 3))
            side = draw(st.sampled_from(["top", "bottom"]))
            port = add("ports", name=draw(name), bridge=bridge, tag=tag, side=side)
            ends.append(port)
            for _ in range(draw(st.integers(0, 2))):
                way = draw(st.sampled_from(["in", "out", "both"]))
                add("callouts", port=port, outer="untagged", inner="tag 1", direction=way)
    for _ in range(draw(st.integers(0, 8)) if boxes else 0):
        interface = add(
            "interfaces",
            kind=draw(st.sampled_from(KINDS)),
            name=draw(name),
            container=draw(st.sampled_from(boxes)),
            border=draw(st.booleans()),
        )
        ends.append(interface)
        for _ in range(draw(st.integers(0, 2))):
            add("addresses", interface=interface, text="2001:db8::8000:1")
    for _ in range(draw(st.integers(0, 12)) if len(ends) > 1 else 0):
        first = draw(st.sampled_from(ends))
        second = draw(st.sampled_from([end for end in ends + rails if end != first]))
        kind = draw(st.sampled_from(["wire", "carried"]))
        add("wires", ends=[first, second], kind=kind, label=draw(st.none() | st.just("tag 1")))
    return Scene.from_json(raw)

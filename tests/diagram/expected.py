"""Scenes drawn by people, as ``Scene``: they name kinds by the look and use other ids."""

import json
import re
from pathlib import Path
from typing import Any

from ovs_capture.diagram.scene import (
    Address,
    Bridge,
    Callout,
    Container,
    Interface,
    InterfaceKind,
    Port,
    Rail,
    Scene,
    Wire,
)

UNTAGGED = ("tag なし", "VLAN なし")


def natural(name: str) -> tuple[tuple[int, str], ...]:
    return tuple((int(d or 0), t) for d, t in re.findall(r"(\d+)|(\D+)", name))


def load(path: Path) -> Scene:
    """The scene of an ``expected.json``, its ids made ``n0, n1 ...``, its order natural."""
    raw: dict[str, list[dict[str, Any]]] = json.loads(path.read_text(encoding="utf-8"))
    raw["interfaces"].sort(key=lambda i: natural(i["name"]))
    raw["rails"].sort(key=lambda r: natural(r["title"]))
    ids: dict[str | None, str] = {}
    for elements in raw.values():
        for element in elements:
            ids[element["id"]] = f"n{len(ids)}"
    with_ports = {port["bridge"] for port in raw["ports"]}
    kinds = {c["id"]: c["kind"] for c in raw["containers"]}
    return Scene(
        containers=tuple(
            Container(
                id=ids[c["id"]],
                kind=c["kind"],
                title=c["title"],
                subtitle=c["labels"][1] if len(c["labels"]) > 1 else None,
                parent=ids[c["parent"]] if c["parent"] else None,
            )
            for c in raw["containers"]
        ),
        bridges=tuple(
            Bridge(
                id=ids[b["id"]],
                kind="ovs" if b["id"] in with_ports else "linux",
                name=b["name"],
                container=ids[b["container"]],
            )
            for b in raw["bridges"]
        ),
        ports=tuple(
            Port(
                id=ids[p["id"]],
                name=p["name"],
                bridge=ids[p["bridge"]],
                tag=_tag(p["id"], raw["wires"]),
                side=p["side"],
            )
            for p in raw["ports"]
        ),
        interfaces=tuple(
            Interface(
                id=ids[i["id"]],
                kind=_kind(i["name"], kinds[i["container"]]),
                name=i["name"],
                container=ids[i["container"]],
                border=i["border"],
            )
            for i in raw["interfaces"]
        ),
        rails=tuple(
            Rail(id=ids[r["id"]], title=r["title"], annotation=r["annotation"])
            for r in raw["rails"]
        ),
        addresses=tuple(
            Address(id=ids[a["id"]], interface=ids[a["interface"]], text=a["text"])
            for a in raw["addresses"]
        ),
        wires=tuple(
            Wire(
                id=ids[w["id"]],
                ends=(ids[w["ends"][0]], ids[w["ends"][1]]),
                kind=w["kind"],
                label=w["label"],
            )
            for w in raw["wires"]
        ),
        callouts=tuple(_callout(c, ids) for c in raw["callouts"]),
    )


def _tag(port: str, wires: list[dict[str, Any]]) -> int | None:
    for wire in wires:
        if port in wire["ends"] and wire["label"] and wire["label"].startswith("tag "):
            return int(wire["label"][4:])
    return None


def _kind(name: str, container: str) -> InterfaceKind:
    if container != "host":
        return "internal" if name.startswith(("qr-", "qg-")) else "guest-nic"
    for prefix, kind in (
        ("vxlan", "vxlan"),
        ("genev", "geneve"),
        ("tap", "tap"),
        ("eth", "nic"),
    ):
        if name.startswith(prefix):
            return kind  # type: ignore[return-value]
    return "patch"


def _callout(raw: dict[str, Any], ids: dict[str | None, str]) -> Callout:
    outer = "untagged" if raw["outer"] in UNTAGGED else raw["outer"]
    # People draw the arrow as it looks: at a guest's port, inwards is up.
    inwards = raw["outer"] == "VLAN なし"
    return Callout(
        id=ids[raw["id"]],
        port=ids[raw["port"]],
        outer=outer,
        inner=raw["inner"],
        direction="in" if inwards else raw["direction"],
    )

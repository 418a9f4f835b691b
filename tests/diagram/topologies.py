"""Random topologies: hosts as they occur, and as they might, from a number.

Lives here: ``topology``, the scene of a seed; the same seed is always the same scene, so that a
fault found by ``tools/sweep_pictures.py`` is found again by its number. The scenes of
``scenes.scenes`` are any that keep the contract; these are built as hosts are built.
"""

from itertools import pairwise
from random import Random
from typing import Any

from ovs_capture.diagram.scene import Scene
from tests.diagram.scenes import HOSTILE

RAILS = 4
LONG = ("br-provider-of-the-second-availability-zone", "instance-with-a-name-that-nobody-reads-out")


class _Host:
    """One host while it is built: what a wire may end on."""

    def __init__(self, key: str, kind: str) -> None:
        self.key = key
        self.kind = kind
        self.nics: list[str] = []
        self.uplinks: list[str] = []  # NICs, bonds, VLAN devices: what a bridge may be plugged on
        self.bridges: list[tuple[str, str]] = []  # id, ovs or linux
        self.rooms: list[str] = []
        self.room_nics: list[str] = []
        self.tunnels: list[str] = []


class _Topology:
    def __init__(self, random: Random) -> None:
        self.random = random
        self.raw: dict[str, list[dict[str, Any]]] = {}
        self.count = 0
        self.strange = random.random() < 0.3  # names that nobody should give

    def add(self, kind: str, /, **fields: Any) -> str:
        key = f"n{self.count}"
        self.count += 1
        self.raw.setdefault(kind, []).append({"id": key, **fields})
        return key

    def wire(self, first: str, second: str, **fields: Any) -> None:
        self.add("wires", ends=[first, second], **fields)

    def chance(self, of_one: float) -> bool:
        return self.random.random() < of_one

    def name(self, *usual: str) -> str:
        if self.strange and self.chance(0.3):
            return self.random.choice((*HOSTILE, *LONG))
        return self.random.choice(usual)

    def build(self) -> Scene:
        random = self.random
        rails = [
            self.add(
                "rails",
                title=f"10.{n}.0.0/24",
                annotation=random.choice((None, None, "VXLAN 267", "VLAN 100")),
            )
            for n in range(random.randrange(RAILS + 1))
        ]
        hosts = [self._host(rails) for _ in range(random.choice((0, 1, 1, 1, 2, 2, 3)))]
        for cloud in range(random.choice((0, 0, 0, 1, 2)) if rails else 0):
            self._gateway(cloud, rails)
        self._between(hosts)
        return Scene.from_json(self.raw)

    def _host(self, rails: list[str]) -> _Host:
        random = self.random
        kind = "cloud" if self.chance(0.05) else "host"
        host = _Host(self.add("containers", kind=kind, title=self.name("compute", "net1")), kind)
        for n in range(random.randrange(5)):
            self._uplink(host, n, rails)
        for _ in range(random.randrange(4)):
            self._bridge(host)
        for _ in range(random.randrange(len(host.bridges)) if host.bridges else 0):
            self._patch(host)
        if host.uplinks and host.bridges and self.chance(0.6):
            for _ in range(random.randrange(1, 4)):
                self._tunnel(host, rails)
        for _ in range(random.choice((0, 1, 2, 3, 4, 5, 9, 14))):
            self._room(host, host.key, 1)
        return host

    def _interface(self, kind: str, name: str, container: str, *, border: bool = False) -> str:
        key = self.add("interfaces", kind=kind, name=name, container=container, border=border)
        if self.chance(0.4 if border else 0.1):
            for _ in range(self.random.choice((1, 1, 1, 2, 3))):
                text = self.random.choice(("10.0.0.41", "2001:db8::8000:1"))
                self.add("addresses", interface=key, text=text)
        return key

    def _uplink(self, host: _Host, n: int, rails: list[str]) -> None:
        random = self.random
        nic = self._interface("nic", self.name(f"eth{n}"), host.key, border=True)
        host.nics.append(nic)
        top = nic
        if self.chance(0.15):
            top = self._interface("bond", f"bond{n}", host.key, border=self.chance(0.2))
            self.wire(nic, top)
            if self.chance(0.7):
                second = self._interface("nic", f"ens{n}", host.key, border=True)
                self.wire(second, top)
        if rails and self.chance(0.7):
            self.wire(random.choice(rails), random.choice((nic, top)))
        host.uplinks.append(top)
        for vlan in range(random.choice((0, 0, 0, 1, 2))):
            border = bool(rails) and self.chance(0.5)
            name = f"eth{n}.{100 + vlan}"
            device = self._interface("vlan", self.name(name), host.key, border=border)
            self.wire(top, device, kind="carried")
            if border and self.chance(0.8):
                self.wire(random.choice(rails), device)
            host.uplinks.append(device)
        if self.chance(0.1):
            self.wire(top, self._interface("macvlan", f"macvtap{n}", host.key))

    def _bridge(self, host: _Host) -> None:
        random = self.random
        kind = random.choice(("ovs", "ovs", "linux"))
        name = self.name("br-int", "br-provider", "br-tun", "brq289a6a6d-82")
        bridge = self.add("bridges", kind=kind, name=name, container=host.key)
        host.bridges.append((bridge, kind))
        if host.uplinks and self.chance(0.6):
            self.wire(self._end(bridge, kind, "top"), random.choice(host.uplinks))
        if self.chance(0.1):
            device = self._interface("internal", name[:15], host.key)
            self.wire(self._end(bridge, kind, "top"), device)

    def _end(self, bridge: str, kind: str, side: str, tag: int | None = None) -> str:
        """Where a wire ends on a bridge: a new port, or a Linux bridge itself."""
        if kind == "linux":
            return bridge
        random = self.random
        name = self.name("tap635485ff-6c", "int-br-provider", "vxlan-0a00001f", "eth1")
        port = self.add("ports", name=name, bridge=bridge, tag=tag, side=side)
        for _ in range(random.choice((0, 0, 0, 1, 1, 2, 3))):
            way = random.choice(("in", "out", "both"))
            outer = random.choice(("untagged", "tag 100", "vxlan 239"))
            self.add("callouts", port=port, outer=outer, inner="metadata 3", direction=way)
        return port

    def _patch(self, host: _Host) -> None:
        (upper, one), (lower, other) = self.random.choices(host.bridges, k=2)
        ends = []
        for bridge, kind, side in ((upper, one, "bottom"), (lower, other, "top")):
            what = "patch" if kind == "ovs" else "veth"
            interface = self._interface(what, self.name("patch-tun", "int-br-provider"), host.key)
            self.wire(self._end(bridge, kind, side), interface)
            ends.append(interface)
        self.wire(ends[0], ends[1])

    def _tunnel(self, host: _Host, rails: list[str]) -> None:
        random = self.random
        bridge, kind = random.choice(host.bridges)
        border = kind == "linux" and bool(rails)
        what = random.choice(("vxlan", "geneve", "gre"))
        device = self._interface(what, self.name("vxlan-0a00001f"), host.key, border=border)
        if border:
            self.wire(random.choice(rails), device)
        if self.chance(0.8):
            label = random.choice((None, "VXLAN 239"))
            self.wire(random.choice(host.uplinks), device, kind="carried", label=label)
        self.wire(self._end(bridge, kind, "top"), device)
        host.tunnels.append(device)

    def _room(self, host: _Host, parent: str, depth: int) -> None:
        random = self.random
        kind = random.choice(("guest", "guest", "namespace"))
        subtitle = random.choice((None, None, "qdhcp-dd143520-1ff7-5194-96af-021c91ce5695"))
        title = self.name("instance00", "router")
        room = self.add("containers", kind=kind, title=title, subtitle=subtitle, parent=parent)
        host.rooms.append(room)
        for n in range(random.choice((0, 1, 1, 1, 2, 3))):
            self._room_nic(host, room, n)
        if self.chance(0.15):
            self.add("containers", kind="process", title="DHCP agent", parent=room)
        if depth < 4 and self.chance(0.15):
            self._room(host, room, depth + 1)

    def _room_nic(self, host: _Host, room: str, n: int) -> None:
        random = self.random
        nic = self._interface("guest-nic", self.name(f"eth{n}"), room, border=True)
        host.room_nics.append(nic)
        if not host.bridges or self.chance(0.1):
            if host.uplinks and self.chance(0.5):
                self.wire(random.choice(host.uplinks), nic)  # passed through
            return
        bridge, kind = random.choice(host.bridges)
        tag = random.choice((None, 1, 2, 101))
        label = f"tag {tag}" if tag is not None and kind == "ovs" else None
        end = self._end(bridge, kind, "bottom", tag if kind == "ovs" else None)
        if self.chance(0.2):
            self.wire(end, nic, label=label)  # an internal port
            return
        tap = self._interface("tap", self.name("tap635485ff-6c"), host.key)
        self.wire(end, tap, label=label)
        if self.chance(0.15):  # hybrid plug
            plug = self.add("bridges", kind="linux", name="qbr635485ff-6c", container=host.key)
            veth = self._interface("veth", "qvb635485ff-6c", host.key)
            self.wire(tap, veth)
            self.wire(veth, plug)
            tap = self._interface("tap", "tap635485ff-6c", host.key)
            self.wire(plug, tap)
        self.wire(tap, nic)

    def _gateway(self, n: int, rails: list[str]) -> None:
        cloud = self.add("containers", kind="cloud", title=self.name("Internet", "gateway"))
        for _ in range(self.random.randrange(3)):
            interface = self._interface("nic", self.name(f"ge-0/0/{n}"), cloud, border=True)
            self.wire(self.random.choice(rails), interface)

    def _between(self, hosts: list[_Host]) -> None:
        """Wires that leave a room or a host for another."""
        random = self.random
        for host in hosts:
            if len(host.room_nics) > 1 and self.chance(0.15):
                pair = random.sample(host.room_nics, 2)
                self.wire(*pair)  # a veth pair from namespace to namespace
        for one, other in pairwise(hosts):
            groups = [("nics", 0.15), ("tunnels", 0.6), ("room_nics", 0.15)]
            for what, likely in groups:
                ends = [getattr(host, what) for host in (one, other)]
                if all(ends) and self.chance(likely):
                    kind = "carried" if what == "tunnels" else "wire"
                    self.wire(random.choice(ends[0]), random.choice(ends[1]), kind=kind)


def topology(seed: int) -> Scene:
    """The scene of a number."""
    return _Topology(Random(seed)).build()

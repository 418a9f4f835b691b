"""A compute node with as many guests as asked for: two tenant networks, a provider network, a
router, a namespace on the provider bridge, one guest with a namespace inside.
"""

from typing import Any

from ovs_capture.diagram.scene import Scene


class Crowd:
    """Collects the elements of a scene; every method gives them ids of their own."""

    def __init__(self) -> None:
        self.raw: dict[str, list[dict[str, Any]]] = {}
        self.count = 0

    def add(self, kind: str, /, **fields: Any) -> str:
        key = f"n{self.count}"
        self.count += 1
        self.raw.setdefault(kind, []).append({"id": key, **fields})
        return key

    def wire(self, *ends: str, **fields: Any) -> None:
        self.add("wires", ends=list(ends), **fields)

    def patch(self, upper: tuple[str, str], lower: tuple[str, str], host: str) -> None:
        ends = []
        for (bridge, name), side in ((upper, "bottom"), (lower, "top")):
            port = self.add("ports", name=name, bridge=bridge, side=side)
            interface = self.add("interfaces", kind="patch", name=name, container=host)
            self.wire(port, interface)
            ends.append(interface)
        self.wire(*ends)

    def nic(
        self, bridge: str, tag: int, room: str, address: str, tap: str, name: str, host: str = "n0"
    ) -> None:
        port = self.add("ports", name=tap, bridge=bridge, tag=tag, side="bottom")
        device = self.add("interfaces", kind="tap", name=tap, container=host)
        nic = self.add("interfaces", kind="guest-nic", name=name, container=room, border=True)
        self.wire(port, device, label=f"tag {tag}")
        self.wire(device, nic)
        self.add("addresses", interface=nic, text=address)

    def space(
        self, bridge: str, tag: int, host: str, title: str, subtitle: str, device: str
    ) -> None:
        """A namespace that holds an internal port of a bridge."""
        room = self.add("containers", kind="namespace", title=title, subtitle=subtitle, parent=host)
        port = self.add("ports", name=device, bridge=bridge, tag=tag, side="bottom")
        end = self.add("interfaces", kind="internal", name=device, container=room, border=True)
        self.wire(port, end, label=f"tag {tag}")

    def scene(self) -> Scene:
        return Scene.from_json(self.raw)


def crowd(guests: int) -> Scene:
    """The scene of a host with ``guests`` guests."""
    c = Crowd()
    host = c.add("containers", kind="host", title="compute-01")
    rails = [c.add("rails", title=t) for t in ("10.0.0.0/24", "172.16.0.0/24")]
    nics = [
        c.add("interfaces", kind="nic", name=f"eth{n}", container=host, border=True)
        for n in range(2)
    ]
    for rail, nic in zip(rails, nics, strict=True):
        c.wire(rail, nic)
    c.add("addresses", interface=nics[0], text="10.0.0.41")
    provider, tunnels, inner = (
        c.add("bridges", kind="ovs", name=name, container=host)
        for name in ("br-provider", "br-tun", "br-int")
    )
    c.wire(nics[1], c.add("ports", name="eth1", bridge=provider, side="top"))
    vxlan = c.add("interfaces", kind="vxlan", name="vxlan-0a00002a", container=host)
    c.wire(nics[0], vxlan, kind="carried")
    end = c.add("ports", name="vxlan-0a00002a", bridge=tunnels, side="top")
    c.wire(vxlan, end, kind="carried")
    c.add("callouts", port=end, outer="vxlan 239", inner="tag 1", direction="both")
    c.patch((provider, "phy-br-provider"), (inner, "int-br-provider"), host)
    c.patch((tunnels, "patch-int"), (inner, "patch-tun"), host)
    watch = c.add("containers", kind="namespace", title="watch", parent=host)
    outside = c.add("interfaces", kind="veth", name="veth-watch0", container=host)
    inside = c.add("interfaces", kind="veth", name="veth-watch1", container=watch, border=True)
    c.wire(c.add("ports", name="veth-watch0", bridge=provider, side="bottom"), outside)
    c.wire(outside, inside)
    router = c.add(
        "containers", kind="namespace", title="router", subtitle="qrouter-0d9ee7c1", parent=host
    )
    for tag, name in ((1, "qr-0a1b2c3d-4e"), (2, "qr-5f6a7b8c-9d"), (3, "qg-77aa88bb-cc")):
        port = c.add("ports", name=name, bridge=inner, tag=tag, side="bottom")
        end = c.add("interfaces", kind="internal", name=name, container=router, border=True)
        c.wire(port, end, label=f"tag {tag}")
    for n in range(1, guests + 1):
        room = c.add("containers", kind="guest", title=f"instance{n:02d}", parent=host)
        tag = 2 - n % 2
        tap = f"tap{n * 2654435761 % 2**32:08x}"
        c.nic(inner, tag, room, f"192.168.10{tag}.{100 + n % 150}", f"{tap}-00", "eth0")
        if n % 20 == 5:
            c.nic(inner, 3, room, f"172.16.0.{n % 250}", f"{tap}-01", "eth1")
        if n == guests > 2:
            space = c.add("containers", kind="namespace", title="amphora-haproxy", parent=room)
            c.nic(inner, 1, space, "192.168.101.67", f"{tap}-02", "eth1")
    return c.scene()


def segments(networks: int, guests: int) -> Scene:
    """A host of the Linux bridge agent: each network a bridge, a device over eth0 and guests."""
    c = Crowd()
    host = c.add("containers", kind="host", title="compute")
    rail = c.add("rails", title="10.0.0.0/24")
    nic = c.add("interfaces", kind="nic", name="eth0", container=host, border=True)
    c.wire(rail, nic)
    for n in range(networks):
        device = c.add("interfaces", kind="vxlan", name=f"vxlan-{n + 100}", container=host)
        c.wire(nic, device, kind="carried", label=f"VXLAN {n + 100}")
        bridge = c.add("bridges", kind="linux", name=f"brq{n:08x}-aa", container=host)
        c.wire(device, bridge)
        for k in range(guests):
            room = c.add("containers", kind="guest", title=f"instance{n}-{k}", parent=host)
            tap = c.add("interfaces", kind="tap", name=f"tap{n:04x}{k:04x}-cc", container=host)
            end = c.add("interfaces", kind="guest-nic", name="eth0", container=room, border=True)
            c.wire(bridge, tap)
            c.wire(tap, end)
    return c.scene()


def hybrid(guests: int) -> Scene:
    """A host whose guests each hang on a Linux bridge of their own, and each in another VLAN."""
    c = Crowd()
    host = c.add("containers", kind="host", title="compute")
    inner = c.add("bridges", kind="ovs", name="br-int", container=host)
    for n in range(guests):
        ends = f"{n:08x}-ab"
        port = c.add("ports", name=f"qvo{ends}", bridge=inner, tag=n + 1, side="bottom")
        outside, inside = (
            c.add("interfaces", kind="veth", name=f"{name}{ends}", container=host)
            for name in ("qvo", "qvb")
        )
        bridge = c.add("bridges", kind="linux", name=f"qbr{ends}", container=host)
        tap = c.add("interfaces", kind="tap", name=f"tap{ends}", container=host)
        room = c.add("containers", kind="guest", title=f"instance-{n:08x}", parent=host)
        nic = c.add("interfaces", kind="guest-nic", name="eth0", container=room, border=True)
        c.wire(port, outside, label=f"tag {n + 1}")
        for one, other in ((outside, inside), (inside, bridge), (bridge, tap), (tap, nic)):
            c.wire(one, other)
    return c.scene()

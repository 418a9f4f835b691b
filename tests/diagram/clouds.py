"""Hosts of a cloud, as many as asked for: computes with guests, network nodes with routers, tunnels
from each to each.
"""

from collections.abc import Callable, Collection
from itertools import combinations

from ovs_capture.diagram.scene import Scene
from tests.diagram.crowd import Crowd

Guests = Callable[[int], int]


def every(host: int) -> int:
    """From one to five guests."""
    return 1 + host * 7 % 5


def cloud(
    hosts: int,
    *,
    nodes: int = 0,
    guests: Guests = every,
    twice: Collection[int] = (),
    without: Collection[tuple[int, int]] = (),
    networks: int = 3,
) -> Scene:
    """The scene of ``hosts`` hosts, the first ``nodes`` of them network nodes.

    ``guests``: how many the host of a number has; ``twice``: hosts whose first guest has two NICs;
    ``without``: pairs of hosts with no tunnel between them; ``networks``: how many tags there are.
    """
    c = Crowd()
    rail = c.add("rails", title="10.0.0.0/24")
    ends: dict[tuple[int, int], str] = {}
    for n in range(hosts):
        host = c.add("containers", kind="host", title=f"{'node' if n < nodes else 'compute'}-{n}")
        nic = c.add("interfaces", kind="nic", name="eth0", container=host, border=True)
        c.wire(rail, nic)
        c.add("addresses", interface=nic, text=f"10.0.0.{n}")
        outer, inner = (
            c.add("bridges", kind="ovs", name=name, container=host) for name in ("br-tun", "br-int")
        )
        for other in range(hosts):
            if other != n and (min(n, other), max(n, other)) not in without:
                name = f"vxlan-0a0000{other:02x}"
                ends[n, other] = c.add("interfaces", kind="vxlan", name=name, container=host)
                port = c.add("ports", name=name, bridge=outer, side="top")
                c.wire(port, ends[n, other])
                c.add("callouts", port=port, outer=f"vxlan {n}", inner=f"tag {n}", direction="both")
        c.patch((outer, "patch-int"), (inner, "patch-tun"), host)
        for k in range(guests(n)):
            if n < nodes:
                title, subtitle = "router", f"qrouter-{n:04x}{k:04x}-aaaa"
                c.space(inner, k % networks + 1, host, title, subtitle, f"qr-{n:04x}{k:04x}-bb")
                continue
            room = c.add("containers", kind="guest", title=f"instance{n}-{k}", parent=host)
            for nic_number in range(2 if k == 0 and n in twice else 1):
                tap = f"tap{n:04x}{k:04x}-{nic_number:02x}"
                address = f"172.16.{n}.{2 * k + nic_number}"
                tag = (n + k + nic_number) % networks + 1
                c.nic(inner, tag, room, address, tap, f"eth{nic_number}", host)
    for one, other in combinations(range(hosts), 2):
        if (one, other) in ends:
            c.wire(ends[one, other], ends[other, one], kind="carried")
    return c.scene()

"""Flows of as many instances as are wanted, after those of one in our own captures."""

from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FLOWS = ROOT / "captures" / "flat-instance" / "compute" / "ovs-ofctl-dump-flows-br-int.txt"


def instances(lines: Iterable[str], first: int = 0) -> Iterator[list[str]]:
    """The flows of instance after instance on one bridge, each with a tag of its own."""
    lines = list(lines)
    for port in range(first, 1 << 20):
        high, low = divmod(port, 256)
        renamed = {
            "tap635485ff-6c": f"tap{port:08x}-6c",
            "fa:16:3e:55:2a:5d": f"fa:16:3e:{high // 256:02x}:{high % 256:02x}:{low:02x}",
            "172.16.0.112": f"172.{16 + high // 256}.{high % 256}.{low}",
            "reg5=0x3": f"reg5={port + 1:#x}",
            "load:0x3": f"load:{port + 1:#x}",
            "reg6=0x1": f"reg6={port % 4094 + 1:#x}",
            "load:0x1->NXM_NX_REG6": f"load:{port % 4094 + 1:#x}->NXM_NX_REG6",
            "dl_vlan=1": f"dl_vlan={port % 4094 + 1}",
            "mod_vlan_vid:1": f"mod_vlan_vid:{port % 4094 + 1}",
        }
        flows = []
        for line in lines:
            for old, new in renamed.items():
                line = line.replace(old, new)
            flows.append(line)
        yield flows

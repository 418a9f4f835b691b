"""Logical networks for the tests of their picture."""

import itertools
from pathlib import Path

from ovs_capture.diagram.logical.layout import LogicalLayout, lay_out_logical
from ovs_capture.diagram.logical.parts import LogicalScene, logical_scene
from ovs_capture.formats.reading import read
from ovs_capture.network.logical.join import logical_network
from ovs_capture.source import Source
from ovs_capture.store import load_target
from ovs_capture.translation import Translator

english = Translator("en").text
japanese = Translator("ja").text


def scene_of(text: str) -> LogicalScene:
    return logical_scene(logical_network(read(Source("captured.txt", text))))


def scene_of_target(path: Path) -> LogicalScene:
    hosts = load_target(path).hosts
    return logical_scene(logical_network(c for host in hosts for c in host.captures))


def layout_of(scene: LogicalScene) -> LogicalLayout:
    return lay_out_logical(scene, english)


def uuid(number: int) -> str:
    return f"00000000-0000-0000-0000-{number:012d}"


def crowd(*sizes: int, routers: int = 1) -> str:
    """``ovn-nbctl show`` of one switch for each size; the last leads outside."""
    lines = ["$ ovn-nbctl show"]
    for number, size in enumerate(sizes):
        lines.append(f"switch {uuid(number)} (neutron-{number}) (aka net{number})")
        for port in range(size):
            mac = f"fa:16:3e:{number:02x}:{port // 256:02x}:{port % 256:02x}"
            ip = f"10.{number}.{port // 250}.{port % 250 + 2}"
            lines.append(f"    port {uuid(1000 * (number + 1) + port)} (aka vm{number}-{port})")
            lines.append(f'        addresses: ["{mac} {ip}"]')
        if routers:
            lines.append(
                f"    port s{number}\n        type: router\n        router-port: r{number}"
            )
        if number == len(sizes) - 1:
            lines.append("    port provnet\n        type: localnet\n        tag: 7")
    for router in range(routers):
        lines.append(f"router {uuid(900 + router)} (r{router})")
        for number in range(router, len(sizes), routers):
            lines.append(f'    port r{number}\n        networks: ["10.{number}.0.1/16"]')
    return "\n".join(lines) + "\n"


def faults(layout: LogicalLayout) -> list[str]:
    """What no picture may have: boxes on each other or outside, lines through foreign boxes."""
    found: list[str] = []
    boxes = layout.boxes
    for index, box in enumerate(boxes):
        if box.x < 0 or box.y < 0 or box.right > layout.width or box.bottom > layout.height:
            found.append(f"{box.owner} is outside")
        for other in boxes[index + 1 :]:
            beside = box.right <= other.x or other.right <= box.x
            if not beside and box.y < other.bottom and other.y < box.bottom:
                found.append(f"{box.owner} lies on {other.owner}")
    for line in layout.lines:
        points = line.path.points
        for (x1, y1), (x2, y2) in itertools.pairwise(points):
            if x1 != x2 and y1 != y2:
                found.append(f"{line.owner} is aslant")
            for box in boxes:
                across = max(min(x1, x2), box.x + 1) < min(max(x1, x2) + 1, box.right - 1)
                along = max(min(y1, y2), box.y + 1) < min(max(y1, y2) + 1, box.bottom - 1)
                if across and along:
                    found.append(f"{line.owner} runs through {box.owner}")
    return found

"""draw.io: a layout as a file that diagrams.net opens, for an author who goes on by hand.

Lives here: ``write_drawio`` and ``read_drawio``, which are each other's inverse: what is in the
scene is in the file. A container is the parent of what stands in it, so that it moves with it; a
wire is an edge that knows both its ends; its corners are waypoints. Does not live here: any place.

Everything of the scene that has no look (kinds, evidence) is in attributes of an ``<object>``,
which draw.io keeps and shows as the shape's data. One page, no compression, nothing dated.
"""

import json
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from .paint import RADII
from .palette import DASHES, Theme, colour, network_key
from .places import Label, Layout, Point, RailLine, at_their_lines
from .scene import Bridge, Container, Interface, Port, Scene
from .text import printable

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Element = Container | Bridge | Port | Interface
LIGHT: Theme = "light"
ARROWS = {"up": "↑", "down": "↓", "both": "↑↓"}
BOXES = {
    "host": ("host", "edge", "ink"),
    "cloud": ("cloud", "edge", "ink"),
    "guest": ("guest", "edge", "ink"),
    "namespace": ("guest", "edge", "ink"),
    "process": ("process", "edge", "ink"),
    "bridge": ("bridge", "bridge-edge", "bridge-text"),
    "linux-bridge": ("bridge", "bridge-edge", "bridge-text"),
    "port": ("port", "port", "port-text"),
    "interface": ("interface", "interface-edge", "interface-text"),
}
TEXT = "text;html=0;strokeColor=none;fillColor=none;verticalAlign=middle;spacing=0;"
OWN_TEXT = ("name", "bridge", "title", "host")
LINE = 16  # height of a line of text
LISTS = (
    "containers", "bridges", "ports", "interfaces", "rails", "addresses", "wires", "callouts",
    "omitted",
)  # fmt: skip


def write_drawio(scene: Scene, layout: Layout, *, title: str) -> str:
    """The picture as an uncompressed ``.drawio`` file."""
    return _Writer(scene, layout).file(title)


def read_drawio(text: str) -> Scene:
    """The scene of a file that ``write_drawio`` made, whatever has been moved since.

    Where a cell lies (its parent) and what an edge joins (source, target) is taken from the
    drawing. Raises ValueError when the file holds no scene of ours.
    """
    try:
        root = ET.fromstring(text)
    except ET.ParseError as error:
        raise ValueError(f"not a draw.io file: {error}") from error
    found: dict[str, list[tuple[int, dict[str, object]]]] = {kind: [] for kind in LISTS}
    for item in root.iter("object"):
        if (kind := item.get("ovs")) not in found:
            continue
        fields = json.loads(item.get("fields", "{}"))
        cell = item.find("mxCell")
        if kind == "wires" and cell is not None:
            fields["ends"] = _ends(item, cell)
        elif kind in HOLDER and cell is not None and item.get("bundled") is None:
            parent = cell.get("parent")
            fields[HOLDER[kind]] = None if parent == LAYER else parent
        found[kind].append((int(item.get("order", "0")), fields))
    if not any(found.values()):
        raise ValueError("the file holds no scene")
    ordered = {k: [f for _, f in sorted(items, key=lambda i: i[0])] for k, items in found.items()}
    return Scene.from_json(ordered)


LAYER = "layer"
# The field that names the element in which another stands: in the drawing its parent.
HOLDER = {
    "containers": "parent", "bridges": "container", "ports": "bridge", "interfaces": "container",
    "addresses": "interface",
}  # fmt: skip


def _ends(item: ET.Element, cell: ET.Element) -> list[str]:
    """What an edge joins; where it ends on a box for several ports, the port is written down."""
    ends = []
    for side in ("source", "target"):
        drawn = cell.get(side, "")
        written = item.get(f"{side}-port")
        known = (item.get(f"{side}-box") or "") == drawn
        ends.append(written if written and known else drawn)
    return ends


def _rail_ids(layout: Layout) -> dict[str, RailLine]:
    """Every line of a network by the id of its shape: the first has the network's own."""
    found: dict[str, RailLine] = {}
    lines: Counter[str] = Counter()
    for line in layout.rails:
        again = lines[line.owner]
        found[f"{line.owner} {again + 1}" if again else line.owner] = line
        lines[line.owner] += 1
    return found


def _rounded(radius: int) -> str:
    """The style of a corner; draw.io wants twice its radius."""
    return f"rounded=1;absoluteArcSize=1;arcSize={2 * radius};" if radius else ""


class _Writer:
    def __init__(self, scene: Scene, layout: Layout) -> None:
        self.scene = scene
        self.layout = layout
        self.boxes = {box.owner: box for box in layout.boxes}
        self.rails = _rail_ids(layout)
        self.networks = dict(layout.networks)
        self.bundled = {port: owner for owner, ports in layout.bundles for port in ports}
        self.labels: dict[str, list[Label]] = {}
        for label in layout.labels:
            self.labels.setdefault(label.owner, []).append(label)
        self.root = ET.Element("root")
        ET.SubElement(self.root, "mxCell", id="page")
        ET.SubElement(self.root, "mxCell", {"id": LAYER, "parent": "page"})
        self.texts = 0
        self.bundles = dict(layout.bundles)
        self.ports = {port.id: port for port in scene.ports}
        self.port_names = {port.id: port.name for port in scene.ports}
        self.order = {
            (kind, json.dumps(asdict(element), sort_keys=True)): n
            for kind in LISTS
            for n, element in enumerate(getattr(scene, kind))
        }

    def file(self, title: str) -> str:
        for container in self._outermost_first():
            self._box("containers", container, container.parent)
        for bridge in self.scene.bridges:
            self._box("bridges", bridge, bridge.container)
        self._rails()
        self._wires()
        for port in self.scene.ports:
            if self.bundled.get(port.id, port.id) == port.id:
                self._box("ports", port, port.bridge)
            else:
                self._unseen("ports", port, port.id)
        for interface in self.scene.interfaces:
            self._box("interfaces", interface, interface.container)
        self._addresses()
        self._callouts()
        self._free_texts()
        for n, omission in enumerate(self.scene.omitted):
            self._unseen("omitted", omission, f"omitted{n}")
        graph = ET.Element(
            "mxGraphModel", grid="1", gridSize="1", page="0", math="0", shadow="0",
            pageWidth=str(self.layout.width), pageHeight=str(self.layout.height),
            background=colour("surface", "light"),
        )  # fmt: skip
        graph.append(self.root)
        page = ET.Element("diagram", id="picture", name=printable(title)[:60])
        page.append(graph)
        top = ET.Element("mxfile", host="ovs-capture", compressed="false")
        top.append(page)
        ET.indent(top, " ")
        return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(top, "unicode") + "\n"

    def _outermost_first(self) -> list[Container]:
        depth = {box.owner: box.depth for box in self.layout.boxes}
        return sorted(self.scene.containers, key=lambda c: depth[c.id])

    def _object(self, kind: str, element: "DataclassInstance", key: str, **more: str) -> ET.Element:
        """The ``<object>`` of an element: what draw.io shows, and the fields to read back."""
        fields = asdict(element)
        if "bundled" not in more:
            fields.pop(HOLDER.get(kind, ""), None)
        number = str(self.order[kind, json.dumps(asdict(element), sort_keys=True)])
        told = json.dumps(fields, ensure_ascii=True)
        more = {"ovs": kind, "order": number, "fields": told, **more}
        return ET.SubElement(self.root, "object", {"id": key, **more})

    def _box(self, kind: str, element: Element, parent: str | None) -> None:
        box = self.boxes[element.id]
        fill, edge, ink = BOXES[box.role]
        own = [t for t in self.labels.get(element.id, ()) if t.role in OWN_TEXT]
        inside = own if box.role in ("port", "interface") else []
        label = inside[0].text if inside else ""
        ports = self.bundles.get(element.id, ())
        attributes = {"label": printable(label)}
        if ports:
            attributes["names"] = ", ".join(printable(self.port_names[p]) for p in ports)
        item = self._object(kind, element, element.id, **attributes)
        style = (
            f"{_rounded(RADII.get(box.role, 0))}whiteSpace=nowrap;html=0;"
            f"fillColor={colour(fill, LIGHT)};"
            f"strokeColor={colour(edge, LIGHT)};fontColor={colour(ink, LIGHT)};fontSize=12;"
        )
        if kind in ("containers", "bridges"):
            style += "container=1;collapsible=0;dropTarget=0;"
        cell = self._vertex(item, style, parent)
        self._geometry(cell, box.x, box.y, box.width, box.height, parent)
        for label_ in self.labels.get(element.id, ()):
            if label_.role != "address" and label_ not in inside:
                self._text(label_, element.id)

    def _vertex(self, item: ET.Element, style: str, parent: str | None) -> ET.Element:
        return ET.SubElement(
            item, "mxCell", {"style": style, "vertex": "1", "parent": parent or LAYER}
        )

    def _geometry(
        self, cell: ET.Element, x: int, y: int, width: int, height: int, parent: str | None
    ) -> None:
        """The place of a cell, which draw.io counts from its parent's corner."""
        around = self.boxes.get(parent or "")
        if around is not None:
            x, y = x - around.x, y - around.y
        place = {"x": str(x), "y": str(y), "width": str(width), "height": str(height)}
        ET.SubElement(cell, "mxGeometry", {**place, "as": "geometry"})

    def _text(self, label: Label, parent: str | None, item: ET.Element | None = None) -> None:
        align = {"start": "left", "middle": "center", "end": "right"}[label.anchor]
        style = (
            f"{TEXT}align={align};fontSize={label.size:g};"
            f"fontColor={colour('muted' if label.role == 'subtitle' else 'ink', LIGHT)};"
        )
        if label.role == "bridge":
            style += f"fontColor={colour('bridge-text', LIGHT)};"
        if item is None:
            self.texts += 1
            item = ET.SubElement(
                self.root,
                "object",
                {"id": f"text{self.texts}", "label": label.text, "ovs-text": label.role},
            )
        cell = self._vertex(item, style, parent)
        half = LINE // 2
        self._geometry(cell, label.left, label.y - half, label.width, LINE, parent)

    def _rails(self) -> None:
        """A network's lines: the first is the network, a further one a mere shape of its colour."""
        elements = {rail.id: rail for rail in self.scene.rails}
        labels = at_their_lines(self.layout.rails, self.layout.labels)
        for key, line in sorted(self.rails.items(), key=lambda item: self._place(item[1])):
            if key == line.owner:
                item = self._object("rails", elements[key], key, label="")
            else:
                item = ET.SubElement(self.root, "object", {"id": key, "label": ""})
            value = colour(network_key(self.networks[line.owner]), LIGHT)
            cell = self._vertex(item, f"rounded=1;fillColor={value};strokeColor={value};", None)
            self._geometry(cell, line.left, line.y - 2, line.right - line.left, 4, None)
            for label in labels.get(line, ()):
                self._text(label, None)

    def _place(self, line: RailLine) -> int:
        return next(n for n, rail in enumerate(self.scene.rails) if rail.id == line.owner)

    def _wires(self) -> None:
        drawn = {path.owner: path for path in self.layout.wires}
        for wire in self.scene.wires:
            path = drawn[wire.id]
            points = path.points
            ends = [self._drawn_end(end, points) for end in wire.ends]
            if self._far(ends[0], points[0]) > self._far(ends[0], points[-1]):
                points = points[::-1]
            more: dict[str, str] = {}
            for side, end, box in zip(("source", "target"), wire.ends, ends, strict=True):
                if end != box:
                    more |= {f"{side}-port": end, f"{side}-box": box}
            item = self._object("wires", wire, wire.id, label="", **more)
            value = colour(network_key(self.networks[wire.id]), LIGHT)
            style = (
                f"edgeStyle=none;rounded=1;html=0;endArrow=none;strokeWidth=3;strokeColor={value};"
                "jumpStyle=arc;jumpSize=6;"
            )
            if path.carried:
                # Without fixDash draw.io takes the line's width for the unit of the pattern.
                style += f"dashed=1;dashPattern={DASHES};fixDash=1;"
            style += self._at("exit", ends[0], points[0]) + self._at("entry", ends[1], points[-1])
            cell = ET.SubElement(
                item,
                "mxCell",
                {
                    "style": style, "edge": "1", "parent": LAYER,
                    "source": ends[0], "target": ends[1],
                },
            )  # fmt: skip
            geometry = ET.SubElement(cell, "mxGeometry", {"relative": "1", "as": "geometry"})
            if len(points) > 2:
                corners = ET.SubElement(geometry, "Array", {"as": "points"})
                for x, y in points[1:-1]:
                    ET.SubElement(corners, "mxPoint", {"x": str(x), "y": str(y)})
            for label in self.labels.get(wire.id, ()):
                self._text(label, None)

    def _drawn_end(self, end: str, points: Sequence[Point]) -> str:
        """The id of the shape that an edge is joined to."""
        lines = [key for key, line in self.rails.items() if line.owner == end]
        if len(lines) < 2:
            return self.bundled.get(end, end)
        return min(lines, key=lambda key: min(abs(self.rails[key].y - y) for _, y in points))

    def _rect(self, owner: str) -> tuple[int, int, int, int]:
        if owner in self.boxes:
            box = self.boxes[owner]
            return box.x, box.y, box.width, box.height
        line = self.rails[owner]
        return line.left, line.y - 2, line.right - line.left, 4

    def _far(self, owner: str, point: Point) -> int:
        x, y, width, height = self._rect(owner)
        dx = max(x - point[0], 0, point[0] - x - width)
        return dx + max(y - point[1], 0, point[1] - y - height)

    def _at(self, side: str, owner: str, point: Point) -> str:
        """Where on its box an edge begins or ends, as fractions: so it stays there when moved."""
        x, y, width, height = self._rect(owner)
        fx = min(1.0, max(0.0, (point[0] - x) / width))
        fy = min(1.0, max(0.0, (point[1] - y) / height))
        return f"{side}X={fx:.5g};{side}Y={fy:.5g};{side}Dx=0;{side}Dy=0;{side}Perimeter=0;"

    def _addresses(self) -> None:
        for address in self.scene.addresses:
            label = self.labels[address.id][0]
            item = self._object("addresses", address, address.id, label=label.text)
            self._text(label, address.interface, item)

    def _callouts(self) -> None:
        placed = {line.owner: box for box in self.layout.callouts for line in box.lines}
        for callout in self.scene.callouts:
            box = placed.get(callout.id)
            if box is None:
                self._unseen("callouts", callout, callout.id)
                continue
            line = next(one for one in box.lines if one.owner == callout.id)
            n, first = box.lines.index(line), line.first.text
            arrow = ARROWS[line.arrow]
            gap = "\n" if len(box.lines) == 1 else " "
            item = self._object(
                "callouts", callout, callout.id, label=f"{first}{gap}{arrow}{gap}{line.second.text}"
            )
            style = (
                f"{_rounded(6)}html=0;whiteSpace=nowrap;fontSize=11;"
                f"fillColor={colour('callout', LIGHT)};strokeColor={colour('callout-edge', LIGHT)};"
                f"fontColor={colour('ink', LIGHT)};"
            )
            height = box.height // len(box.lines)
            parent = self.ports[callout.port].bridge
            cell = self._vertex(item, style, parent)
            self._geometry(cell, box.x, box.y + n * height, box.width, height, parent)

    def _free_texts(self) -> None:
        for label in self.labels.get("", ()):
            self._text(label, None)

    def _unseen(self, kind: str, element: "DataclassInstance", key: str) -> None:
        """What the picture does not draw by itself is kept, unseen, for those who read the file."""
        item = self._object(kind, element, key, label="", bundled="1")
        cell = self._vertex(item, "opacity=0;pointerEvents=0;", None)
        cell.set("visible", "0")
        self._geometry(cell, 0, 0, 1, 1, None)

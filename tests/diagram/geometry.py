"""What must hold for every layout, as lists of faults: an empty list is a good picture."""

from itertools import combinations, pairwise

from lxml import etree

from ovs_capture.diagram.layout import lay_out
from ovs_capture.diagram.paint import paint_svg
from ovs_capture.diagram.places import Layout, Point
from ovs_capture.diagram.scene import Scene
from ovs_capture.diagram.turning import Direction
from tests.diagram.scenes import english

Rect = tuple[str, float, float, float, float]
CONTAINERS = ("host", "guest", "namespace", "process", "cloud")
ROOTS = ("host", "cloud")
TEXT_HEIGHT = 0.8  # of the size: capitals and what hangs below the line

DRAWN = {"svg", "title", "desc", "g", "a", "rect", "path", "circle", "text"}


def faults(scene: Scene, direction: Direction = "down") -> list[str]:
    """Everything that is wrong with the picture of a scene."""
    layout = lay_out(scene, english, direction)
    return [
        *overlaps(layout),
        *contained(scene, layout),
        *loose_ends(scene, layout),
        *lying_on_each_other(scene, layout),
        *through_boxes(scene, layout),
    ]


def foreign_elements(scene: Scene) -> list[str]:
    """Elements of the painted picture that are none of ours, and texts that are lost."""
    layout = lay_out(scene, english)
    found: list[str] = []
    for mode in ("web", "static"):
        painted = paint_svg(
            layout, mode=mode, words=english, prefix="p", lang="en", title="t", description="d"
        )
        root = etree.fromstring(painted.encode())
        names = [etree.QName(element).localname for element in root.iter()]
        found += [f"{mode}: <{name}>" for name in sorted(set(names) - DRAWN)]
        written = sorted("".join(t.xpath("text()")) for t in root.iter("{*}text"))
        if written != sorted(layout.texts):
            found.append(f"{mode}: the texts are not those of the layout")
    return found


def changes(scene: Scene) -> list[str]:
    """Whether laying out twice gives two pictures."""
    texts = {lay_out(scene, english).text() for _ in range(2)}
    return ["not the same twice"] if len(texts) > 1 else []


def overlaps(layout: Layout) -> list[str]:
    """Pairs of things that share room and may not."""
    texts: list[Rect] = []
    for label in layout.labels:
        half = label.size * TEXT_HEIGHT / 2
        right = label.left + label.width
        texts.append((f"text {label.text}", label.left, label.y - half, right, label.y + half))
    texts += [
        (f"callout {c.port}", c.x, c.y, c.x + c.width, c.y + c.height) for c in layout.callouts
    ]
    boxes = {
        role: [
            (f"{role} {b.owner}", b.x, b.y, b.x + b.width, b.y + b.height)
            for b in layout.boxes
            if b.role == role
        ]
        for role in ("port", "interface", "bridge", "linux-bridge")
    }
    small = boxes["port"] + boxes["interface"]
    bridges = boxes["bridge"] + boxes["linux-bridge"]
    found = [f"{a[0]} on {b[0]}" for a, b in combinations(texts, 2) if _share(a, b)]
    found += [f"{a[0]} on {b[0]}" for a, b in combinations(small, 2) if _share(a, b)]
    found += [f"{a[0]} on {b[0]}" for a, b in combinations(bridges, 2) if _share(a, b)]
    found += [f"{a[0]} on {b[0]}" for a in boxes["interface"] for b in bridges if _share(a, b)]
    for text in texts:
        for box in small:
            if _share(text, box) and not _holds(box, text):
                found.append(f"{text[0]} on {box[0]}")
    return found + _boxes_apart(layout) + _texts_inside(layout)


def _boxes_apart(layout: Layout) -> list[str]:
    """Containers either hold each other or stand apart."""
    rects = [
        (f"{b.role} {b.owner}", b.x, b.y, b.x + b.width, b.y + b.height)
        for b in layout.boxes
        if b.role in CONTAINERS
    ]
    return [
        f"{a[0]} cuts {b[0]}"
        for a, b in combinations(rects, 2)
        if _share(a, b) and not _holds(a, b) and not _holds(b, a)
    ]


def _texts_inside(layout: Layout) -> list[str]:
    return [
        f"text {t.text} leaves the picture"
        for t in layout.labels
        if t.left < 0 or t.left + t.width > layout.width or not 0 < t.y < layout.height
    ]


def contained(scene: Scene, layout: Layout) -> list[str]:
    """What stands outside of the box that it belongs to; NICs straddle its border."""
    rects = _rects(layout)
    pairs = [(c.id, c.parent) for c in scene.containers if c.parent]
    pairs += [(b.id, b.container) for b in scene.bridges]
    pairs += [(p.id, p.bridge) for p in scene.ports]
    pairs += [(i.id, i.container) for i in scene.interfaces if not i.border]
    return [f"{a} outside of {b}" for a, b in pairs if not _holds(rects[b], rects[a])]


def _rects(layout: Layout) -> dict[str, Rect]:
    """Every element's box; that of a bundled port is the box of its bundle."""
    rects: dict[str, Rect] = {
        b.owner: (b.owner, b.x, b.y, b.x + b.width, b.y + b.height) for b in layout.boxes
    }
    for owner, ports in layout.bundles:
        rects |= {port: (port, *rects[owner][1:]) for port in ports}
    return rects


def loose_ends(scene: Scene, layout: Layout) -> list[str]:
    """Wires that do not run from one of their ends to the other, straight at every piece."""
    rects = _rects(layout)
    lines: dict[str, list[Rect]] = {}
    for r in layout.rails:
        lines.setdefault(r.owner, []).append((r.owner, r.left, r.y, r.right, r.y))
    paths = {wire.owner: wire for wire in layout.wires}
    found = [f"{wire.id} is not drawn" for wire in scene.wires if wire.id not in paths]
    for wire in scene.wires:
        if wire.id not in paths:
            continue
        points = paths[wire.id].points
        for (x1, y1), (x2, y2) in pairwise(points):
            if (x1 == x2) == (y1 == y2):
                found.append(f"{wire.id} is not straight at {x1},{y1} {x2},{y2}")
        # A network has a line over every row of hosts; any will do.
        ends = [lines[end] if end in lines else [rects[end]] for end in wire.ends]
        straight = [_touches_one(ends[0], points[0]), _touches_one(ends[1], points[-1])]
        back = [_touches_one(ends[1], points[0]), _touches_one(ends[0], points[-1])]
        if not all(straight) and not all(back):
            found.append(f"{wire.id} ends at {points[0]} and {points[-1]}")
    return found


def lying_on_each_other(scene: Scene, layout: Layout) -> list[str]:
    """Pieces of wires of different nets that lie on each other for more than a jump."""
    drawn = {port: owner for owner, ports in layout.bundles for port in ports}
    ends = {wire.id: {drawn.get(end, end) for end in wire.ends} for wire in scene.wires}
    pieces: list[tuple[str, Point, Point]] = [
        (w.owner, min(a, b), max(a, b)) for w in layout.wires for a, b in pairwise(w.points)
    ]
    found: list[str] = []
    for (one, p, q), (other, r, s) in combinations(pieces, 2):
        if one == other or ends[one] & ends[other]:
            continue
        if _square(ends, one, other):
            continue  # all four ends are wired to each other: one trunk tells the truth
        for axis in (0, 1):
            same = p[axis] == q[axis] == r[axis] == s[axis]
            across = 1 - axis
            if same and min(q[across], s[across]) - max(p[across], r[across]) > 2:
                found.append(f"{one} on {other} at {p} {q} / {r} {s}")
    return found


def _square(ends: dict[str, set[str]], one: str, other: str) -> bool:
    """Whether wires close the square over two wires, in one of the two ways to do so."""
    (a, b), (c, d) = sorted(ends[one]), sorted(ends[other])
    wired = list(ends.values())
    return ({a, d} in wired and {b, c} in wired) or ({a, c} in wired and {b, d} in wired)


def _share(a: Rect, b: Rect) -> bool:
    return a[1] < b[3] and b[1] < a[3] and a[2] < b[4] and b[2] < a[4]


def _holds(outer: Rect, inner: Rect) -> bool:
    return (
        outer[1] <= inner[1]
        and outer[2] <= inner[2]
        and inner[3] <= outer[3]
        and inner[4] <= outer[4]
    )


def _touches(rect: Rect, point: tuple[int, int]) -> bool:
    """Whether a point lies on a box's border (a port's may be that of its bridge) or on a rail."""
    x, y = point
    return rect[1] <= x <= rect[3] and rect[2] <= y <= rect[4]


def _touches_one(rects: list[Rect], point: tuple[int, int]) -> bool:
    return any(_touches(rect, point) for rect in rects)


def _around(end: str, around: dict[str, str | None]) -> set[str]:
    """What an interface, port or bridge stands in, the bridge of a port included."""
    found = []
    here = around.get(end)
    while here is not None:
        found.append(here)
        here = around.get(here)
    return set(found)


def through_boxes(scene: Scene, layout: Layout) -> list[str]:
    """Wires that run through a box that is none of their ends and does not hold one.

    From host to host a wire may pass a third that stands between: they stand side by side. What
    leaves a container does so by a NIC on its border; of wires to the inside of a container, which
    no capture shows, nothing is asked.
    """
    borders = {i.id for i in scene.interfaces if i.border}
    bridges = {b.id for b in scene.bridges}
    drawn = {port: owner for owner, ports in layout.bundles for port in ports}
    around: dict[str, str | None] = {c.id: c.parent for c in scene.containers}
    around |= {b.id: b.container for b in scene.bridges}
    around |= {p.id: p.bridge for p in scene.ports}
    around |= {i.id: i.container for i in scene.interfaces}
    ends = {wire.id: wire.ends for wire in scene.wires}
    found: list[str] = []
    for wire in layout.wires:
        own: set[str | None] = set()
        for end in ends[wire.owner]:
            here: str | None = drawn.get(end, end)
            while here is not None:
                own.add(here)
                here = around.get(here)
        roots = {key for key in own if key in around and around[key] is None}
        inside = [_around(end, around) for end in ends[wire.owner]]
        shared = (inside[0] & inside[1]) | bridges
        if any(
            one - shared and end not in borders
            for one, end in zip(inside, ends[wire.owner], strict=True)
        ):
            continue
        for (x1, y1), (x2, y2) in pairwise(wire.points):
            low, high = (min(x1, x2), min(y1, y2)), (max(x1, x2), max(y1, y2))
            for box in layout.boxes:
                if box.owner in own or (len(roots) > 1 and box.depth == 0 and box.role in ROOTS):
                    continue
                if (
                    low[0] < box.x + box.width - 1
                    and box.x + 1 < high[0] + (x1 == x2)
                    and low[1] < box.y + box.height - 1
                    and box.y + 1 < high[1] + (y1 == y2)
                ):
                    found.append(f"{wire.owner} through {box.role} {box.owner}")
    return found

"""Slots and blocks: the scene as what the layout moves about.

Lives here: the tree of blocks (hosts, what lives in them, bridges, single interfaces), the slots
in it, and how much room each text asks for. Does not live here: any decision about a place.

A *slot* is anything with one x: a NIC, an interface box, a bridge port, the end of a wire on a
bridge without port boxes, or a dummy where a long wire passes a band. A *block* is what stands in
a row: a leaf (one slot), a bridge (a top and a bottom row of slots) or a container (rows of
blocks). Everything beside a slot - callout, label, address - is an *extent* of it, so that nothing
is ever placed afterwards and nothing can overlap. All units are whole px.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from ..explain.message import Message
from .scene import Address, Bridge, Callout, Container, Interface, Port, Scene, Wire
from .text import printable, shorten, whole_width

NAME, TITLE, HOST_TITLE, SUBTITLE, LABEL = 12.0, 13.0, 15.0, 11.0, 11.5
NAME_EM, TITLE_EM = 24, 34  # a longer text loses its middle
BOX = 20  # height of a small box
HALF_BOX = BOX // 2
GAP = 14
TEXT_GAP = 6  # between a text and what it belongs to
TEXT_LINE = 14
PORT_MARGIN = 10  # between a bridge's border and its first port
LANE = 12  # between two wires under one box
WIRE = 2  # half of a wire's room
CALLOUT_INSIDE = 34  # how much of a callout lies over its bridge; the rest hangs out

Words = Callable[[Message], str]
Side = Literal["up", "down"]


@dataclass(slots=True, eq=False)
class Slot:
    """One x. ``half`` is half the box's width; ``left`` and ``right`` hold it and all beside it."""

    key: str
    half: int
    left: int = 0
    right: int = 0
    up: int = HALF_BOX
    down: int = HALF_BOX
    x: int = 0
    index: int = 0  # the slot's number in the separation graph

    def __post_init__(self) -> None:
        self.left = max(self.left, self.half)
        self.right = max(self.right, self.half)


@dataclass(slots=True, eq=False)
class Block:
    """What stands in a row. ``band`` is the band of its slots; a container's that of its NICs.

    ``rows`` of a container: band -> blocks from left to right. ``nest`` is the band where the
    containers inside begin: they are its last row. ``lanes`` of a bridge: the ends of wires that
    leave a port on the other side than its own, each led through the bridge at its own height.
    """

    key: str
    kind: Literal["leaf", "dummy", "bridge", "container"]
    parent: "Block | None" = None
    band: int = 0
    tops: list[Slot] = field(default_factory=list)
    bottoms: list[Slot] = field(default_factory=list)
    rows: dict[int, list["Block"]] = field(default_factory=dict)
    nest: int = 0
    lanes: list[Slot] = field(default_factory=list)
    width: int = 0  # at least
    height: int = 0  # exactly, of a box that is filled later
    margin: int = 0
    left: int = 0
    right: int = 0
    borders: tuple[int, int] = (0, 0)  # numbers in the separation graph

    @property
    def slot(self) -> Slot:
        """The slot of a leaf or dummy."""
        return self.tops[0]

    def top_level(self) -> "Block":
        block = self
        while block.parent is not None:
            block = block.parent
        return block

    def path(self) -> list["Block"]:
        """The containers around this block, outermost first, and the block itself."""
        found: list[Block] = [self]
        while found[-1].parent is not None:
            found.append(found[-1].parent)
        return found[::-1]


@dataclass(slots=True, eq=False)
class World:
    """The scene with its slots. Look-ups by element id; lists keep the order of the scene."""

    scene: Scene
    words: Words
    hosts: list[Block]
    clouds: list[Container]
    blocks: dict[str, Block]  # containers, bridges, interfaces
    slots: dict[str, Slot]  # interfaces, ports
    containers: dict[str, Container]
    bridges: dict[str, Bridge]
    ports: dict[str, Port]
    interfaces: dict[str, Interface]
    children: dict[str, list[Container]]
    addresses: dict[str, list[Address]]
    callouts: dict[str, list[Callout]]
    wires: list[Wire]  # those that the bands route
    rail_wires: list[tuple[Wire, str, str]]  # wire, rail, other end
    cloud_wires: list[tuple[Wire, str, str]]  # wire, rail, interface of a cloud
    narrow: bool = False  # of a cell: addresses under their NICs, not beside them
    ranks: Mapping[str, int] = field(default_factory=dict)  # of rails whose order is given
    tagged: Collection[str] = ()  # ports with a tag, or that stand for several with tags
    tracks: Collection[str] = ()  # rails that are no networks: wires to another row of hosts

    def block_of(self, end: str) -> Block:
        """The block that a wire's end belongs to: a port's is its bridge."""
        return self.blocks[self.ports[end].bridge if end in self.ports else end]

    def shown(self, text: str) -> str:
        """A term of the scene in the reader's language: ``untagged`` is the only one."""
        return self.words(UNTAGGED) if text == "untagged" else printable(text)


SEVERAL_TAGS = "tag ×"  # how a label begins that stands for several access ports (merging)
UNTAGGED = Message("untagged", {}, "picture")


def build(scene: Scene, words: Words) -> World:
    """The blocks and slots of a scene.

    Raises ValueError when an element refers to one that the scene does not have: a scene is made
    by us, so that is our mistake and no capture's.
    """
    check(scene)
    containers = {c.id: c for c in scene.containers}
    bridges = {b.id: b for b in scene.bridges}
    ports = {p.id: p for p in scene.ports}
    interfaces = {i.id: i for i in scene.interfaces}
    rails = {r.id for r in scene.rails}
    children: dict[str, list[Container]] = {c.id: [] for c in scene.containers}
    for container in scene.containers:
        if container.parent is not None:
            children[container.parent].append(container)
    world = World(
        scene=scene,
        words=words,
        hosts=[],
        clouds=[],
        blocks={},
        slots={},
        containers=containers,
        bridges=bridges,
        ports=ports,
        interfaces=interfaces,
        children=children,
        addresses={i.id: [] for i in scene.interfaces},
        callouts={p.id: [] for p in scene.ports},
        wires=[],
        rail_wires=[],
        cloud_wires=[],
    )
    for address in scene.addresses:
        world.addresses[address.interface].append(address)
    for callout in scene.callouts:
        world.callouts[callout.port].append(callout)
    world.tagged = frozenset(_tagged(scene))
    world.clouds = [c for c in scene.containers if _is_gateway(world, c)]
    _blocks(world)
    for wire in scene.wires:
        _sort_wire(world, wire, rails)
    return world


def check(scene: Scene) -> Scene:
    """The scene itself.

    Raises ValueError when an element refers to one that it does not have.
    """
    elements = (scene.bridges, scene.ports, scene.interfaces, scene.rails)
    ends = {element.id for group in elements for element in group}
    for kind, key, target, known in _references(scene, ends):
        if target not in known:
            raise ValueError(f"{kind} {key} refers to {target}, which the scene does not have")
    return scene


def _tagged(scene: Scene) -> Iterator[str]:
    yield from (port.id for port in scene.ports if port.tag is not None)
    for wire in scene.wires:
        if wire.label is not None and wire.label.startswith(SEVERAL_TAGS):
            yield from wire.ends


def _references(
    scene: Scene, ends: "set[str]"
) -> Iterator[tuple[str, str, str, "set[str] | dict[str, None]"]]:
    containers = {c.id for c in scene.containers}
    interfaces = {i.id for i in scene.interfaces}
    ports = {p.id for p in scene.ports}
    bridges = {b.id for b in scene.bridges}
    for container in scene.containers:
        if container.parent is not None:
            yield "container", container.id, container.parent, containers
    for bridge in scene.bridges:
        yield "bridge", bridge.id, bridge.container, containers
    for port in scene.ports:
        yield "port", port.id, port.bridge, bridges
    for interface in scene.interfaces:
        yield "interface", interface.id, interface.container, containers
    for address in scene.addresses:
        yield "address", address.id, address.interface, interfaces
    for callout in scene.callouts:
        yield "callout", callout.id, callout.port, ports
    for wire in scene.wires:
        for end in wire.ends:
            yield "wire", wire.id, end, ends


def _is_gateway(world: World, container: Container) -> bool:
    """Whether a cloud can stand above the rails: all that it has is interfaces on rails."""
    scene = world.scene
    if container.kind != "cloud" or container.parent is not None or world.children[container.id]:
        return False
    if any(b.container == container.id for b in scene.bridges):
        return False
    if any(i.container == container.id and not i.border for i in scene.interfaces):
        return False
    own = [i.id for i in scene.interfaces if i.container == container.id]
    rails = {r.id for r in scene.rails}
    for wire in scene.wires:
        a, b = wire.ends
        if (a in own and b not in rails) or (b in own and a not in rails):
            return False
    return bool(rails)


def _blocks(world: World) -> None:
    clouds = {c.id for c in world.clouds}
    for container in world.scene.containers:
        world.blocks[container.id] = Block(
            key=container.id,
            kind="container",
            width=title_width(world, container),
            margin=24 if container.parent is None else 14,
        )
    for container in world.scene.containers:
        block = world.blocks[container.id]
        if container.parent is not None:
            parent = world.blocks[container.parent]
            if block in parent.path():
                raise ValueError(f"container {container.id} lies inside itself")
            block.parent = parent
        elif container.id not in clouds:
            world.hosts.append(block)
    for bridge in world.scene.bridges:
        world.blocks[bridge.id] = Block(
            key=bridge.id,
            kind="bridge",
            parent=world.blocks[bridge.container],
            width=whole_width(title(bridge.name, TITLE), TITLE) + 2 * GAP,
            margin=PORT_MARGIN,
        )
    for interface in world.scene.interfaces:
        slot = Slot(interface.id, _half(interface.name))
        world.slots[interface.id] = slot
        world.blocks[interface.id] = Block(
            key=interface.id,
            kind="leaf",
            parent=world.blocks[interface.container],
            tops=[slot],
            bottoms=[slot],
        )
    for port in world.scene.ports:
        world.slots[port.id] = Slot(port.id, _half(port.name))


def _sort_wire(world: World, wire: Wire, rails: "set[str]") -> None:
    a, b = wire.ends
    if a in rails or b in rails:
        rail, other = (a, b) if a in rails else (b, a)
        if other in rails:
            raise ValueError(f"wire {wire.id} joins two rails")
        clouds = {c.id for c in world.clouds}
        if other in world.interfaces and world.interfaces[other].container in clouds:
            world.cloud_wires.append((wire, rail, other))
        else:
            world.rail_wires.append((wire, rail, other))
    elif a == b:
        raise ValueError(f"wire {wire.id} joins {a} with itself")
    else:
        world.wires.append(wire)


def _half(text: str) -> int:
    return max(22, (whole_width(name(text), NAME) + 1) // 2 + 10)


def name(text: str) -> str:
    """A name as it is drawn in a small box."""
    return shorten(printable(text), NAME, NAME_EM)


def title(text: str, size: float) -> str:
    """A container's title as it is drawn."""
    return shorten(printable(text), size, TITLE_EM)


def title_width(world: World, container: Container) -> int:
    """The width that a container needs for its title and subtitle, in px."""
    size = HOST_TITLE if container.parent is None else TITLE
    widest = whole_width(title(container.title, size), size)
    if container.subtitle:
        widest = max(widest, whole_width(title(container.subtitle, SUBTITLE), SUBTITLE))
    return widest + (72 if container.parent is None else 28)


@dataclass(frozen=True, slots=True)
class CalloutSize:
    """How a port's callouts are drawn: one as three lines, several as one line each. In px."""

    width: int
    height: int
    column: int  # width of the first column of the one-line form
    stacked: bool


def callout_size(world: World, callouts: list[Callout]) -> CalloutSize:
    """The size of the box that tells what a port does to tags; ``callouts`` is not empty."""
    outer = max(whole_width(world.shown(c.outer), LABEL) for c in callouts)
    inner = max(whole_width(world.shown(c.inner), LABEL) for c in callouts)
    if len(callouts) == 1:
        return CalloutSize(width=max(outer, inner) + 16, height=48, column=0, stacked=True)
    height = TEXT_LINE * len(callouts) + 8
    return CalloutSize(width=outer + inner + 46, height=height, column=outer, stacked=False)


def flatten(block: Block, band: int, side: Side) -> Iterator[Slot]:
    """The slots of a band inside a block from left to right: those with wires up, or down."""
    if block.kind != "container":
        if block.band == band:
            yield from block.tops if side == "up" else block.bottoms
        return
    if band > block.nest:
        for child in block.rows.get(block.nest, ()):
            if child.kind == "container":
                yield from flatten(child, band, side)
        return
    for child in block.rows.get(band, ()):
        yield from flatten(child, band, side)

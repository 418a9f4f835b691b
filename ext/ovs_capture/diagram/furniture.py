"""Furniture: boxes, titles, names, addresses and callouts with their places.

Lives here: everything of a picture that is not a line. Does not live here: heights (``heights``)
and what runs between the boxes (``wiring``).
"""

from typing import Literal

from .extents import Beside
from .heights import Heights, is_plain
from .places import Box, BoxRole, CalloutBox, CalloutLine, Label
from .slots import (
    BOX,
    CALLOUT_INSIDE,
    HALF_BOX,
    HOST_TITLE,
    LABEL,
    NAME,
    SUBTITLE,
    TEXT_GAP,
    TEXT_LINE,
    TITLE,
    Block,
    Slot,
    World,
    name,
    title,
)
from .strands import Strands
from .text import printable


class Furniture:
    """What stands in the picture, put together container by container."""

    def __init__(self, world: World, strands: Strands, beside: Beside, heights: Heights) -> None:
        self.world = world
        self.strands = strands
        self.beside = beside
        self.heights = heights
        self.boxes: list[Box] = []
        self.labels: list[Label] = []
        self.callouts: list[CalloutBox] = []
        self.edges: dict[str, tuple[int, int]] = {}  # slot -> y of its upper and lower end
        lowest = max((heights.content_bottom(host) for host in world.hosts), default=0)
        for host in world.hosts:
            self._container(host, lowest + heights.title_height(host), 0)
        self._interfaces()

    def _container(self, block: Block, bottom: int, depth: int) -> None:
        """A container down to ``bottom``, and all that it holds."""
        container = self.world.containers[block.key]
        top = self.heights.middle[block.band]
        if is_plain(block) and block.parent is not None:
            half = self.heights.plain_height(block) // 2
            top -= half
        box = Box(
            block.key,
            container.kind,
            block.left,
            top,
            block.right - block.left,
            bottom - top,
            depth,
        )
        self.boxes.append(box)
        self._titles(block, box, self.heights.content_bottom(block))
        nested = [b for b in block.rows.get(block.nest, ()) if b.kind == "container"]
        lowest = max((self.heights.lowest_of(b) for b in nested), default=0)
        plain = [b for b in nested if is_plain(b)]
        if len(nested) == 1 == len(plain):
            plain[0].left, plain[0].right = block.left + block.margin, block.right - block.margin
        for child in nested:
            self._container(
                child, self.heights.lowest_of(child) if is_plain(child) else lowest, depth + 1
            )
        for row in block.rows.values():
            for child in row:
                if child.kind == "bridge":
                    self._bridge(child, depth + 1)
                elif child.kind in ("leaf", "dummy"):
                    self._ends(child)

    def _titles(self, block: Block, box: Box, content: int) -> None:
        container = self.world.containers[block.key]
        size = HOST_TITLE if block.parent is None else TITLE
        text = title(container.title, size)
        full = full_text(container.title, text)
        subtitle = title(container.subtitle, SUBTITLE) if container.subtitle else None
        if block.parent is None:
            x = box.x + box.width - 28
            y = box.y + box.height - 24
            if subtitle is not None and container.subtitle:
                whole = full_text(container.subtitle, subtitle)
                self.labels.append(
                    Label(block.key, "subtitle", subtitle, x, y, "end", SUBTITLE, whole)
                )
                y -= 18
            self.labels.append(Label(block.key, "host", text, x, y, "end", size, full))
            return
        x = box.x + box.width // 2
        if is_plain(block):
            content = box.y
        y = (content + box.y + box.height) // 2
        if subtitle is not None and container.subtitle:
            whole = full_text(container.subtitle, subtitle)
            self.labels.append(
                Label(block.key, "subtitle", subtitle, x, y + 9, "middle", SUBTITLE, whole)
            )
            y -= 7
        self.labels.append(Label(block.key, "title", text, x, y, "middle", size, full))

    def _bridge(self, block: Block, depth: int) -> None:
        bridge = self.world.bridges[block.key]
        height = self.heights.bridge_height(block.band)
        top = self.heights.middle[block.band] - height // 2
        bottom = top + height
        role: BoxRole = "bridge" if bridge.kind == "ovs" else "linux-bridge"
        width = block.right - block.left
        self.boxes.append(Box(block.key, role, block.left, top, width, height, depth))
        boxed = [
            [s for s in row if s.key in self.world.ports] for row in (block.tops, block.bottoms)
        ]
        y = (top + bottom) // 2
        if boxed[0] and not boxed[1]:
            y += HALF_BOX // 2
        elif boxed[1] and not boxed[0]:
            y -= HALF_BOX // 2
        text = title(bridge.name, TITLE)
        self.labels.append(
            Label(
                block.key,
                "bridge",
                text,
                (block.left + block.right) // 2,
                y,
                "middle",
                TITLE,
                full_text(bridge.name, text),
            )
        )
        for row, at in ((block.tops, top), (block.bottoms, bottom - BOX)):
            for slot in row:
                self.edges[slot.key] = (top, bottom)
                if slot.key in self.world.ports:
                    self.small_box(slot, "port", self.world.ports[slot.key].name, at, depth + 1)
                    self._callout(slot, row is block.tops, top, bottom)

    def small_box(self, slot: Slot, role: BoxRole, text: str, y: int, depth: int) -> None:
        self.boxes.append(Box(slot.key, role, slot.x - slot.half, y, 2 * slot.half, BOX, depth))
        shown = name(text)
        middle = y + HALF_BOX
        self.labels.append(
            Label(slot.key, "name", shown, slot.x, middle, "middle", NAME, full_text(text, shown))
        )

    def _callout(self, slot: Slot, is_top: bool, top: int, bottom: int) -> None:
        if slot.key not in self.beside.callouts:
            return
        left, size = self.beside.callouts[slot.key]
        x = slot.x - slot.half - size.width - 1 if left else slot.x + slot.half + 1
        y = top + CALLOUT_INSIDE - size.height if is_top else bottom - CALLOUT_INSIDE
        if size.height < CALLOUT_INSIDE:
            y = top + 2 if is_top else bottom - size.height - 2
        flipped = not is_top and not self._faces_bridge(slot)
        lines: list[CalloutLine] = []
        for n, callout in enumerate(self.world.callouts[slot.key]):
            outer, inner = self.world.shown(callout.outer), self.world.shown(callout.inner)
            inwards: Literal["up", "down"] = "up" if flipped else "down"
            outwards: Literal["up", "down"] = "down" if flipped else "up"
            arrow: Literal["up", "down", "both"] = (
                "both"
                if callout.direction == "both"
                else inwards
                if callout.direction == "in"
                else outwards
            )
            if size.stacked:
                first, second = (inner, outer) if flipped else (outer, inner)
                middle = x + size.width // 2
                lines.append(
                    CalloutLine(
                        callout.id,
                        Label(callout.id, "label", first, middle, y + 10, "middle", LABEL),
                        Label(callout.id, "label", second, middle, y + 38, "middle", LABEL),
                        arrow,
                        middle,
                        y + 24,
                    )
                )
            else:
                at = y + 4 + TEXT_LINE * n + TEXT_LINE // 2
                start = x + 8
                lines.append(
                    CalloutLine(
                        callout.id,
                        Label(callout.id, "label", outer, start, at, "start", LABEL),
                        Label(
                            callout.id, "label", inner, start + size.column + 30, at, "start", LABEL
                        ),
                        arrow,
                        start + size.column + 15,
                        at,
                    )
                )
        self.callouts.append(CalloutBox(slot.key, x, y, size.width, size.height, tuple(lines)))

    def _faces_bridge(self, slot: Slot) -> bool:
        """Whether the wire of a port leads to another bridge: then its inner side lies that way."""
        for wire in self.world.wires:
            if slot.key in wire.ends:
                other = wire.ends[1] if wire.ends[0] == slot.key else wire.ends[0]
                interface = self.world.interfaces.get(other)
                return interface is None or interface.kind == "patch"
        return False

    def _ends(self, block: Block) -> None:
        middle = self.heights.middle[block.band]
        half = HALF_BOX if block.kind == "leaf" else 0
        self.edges[block.slot.key] = (middle - half, middle + half)

    def _interfaces(self) -> None:
        clouds = self.heights.cloud_blocks()
        anchor: Literal["start", "middle", "end"]
        for interface in self.world.scene.interfaces:
            block, slot = self.world.blocks[interface.id], self.world.slots[interface.id]
            if block.parent in clouds:
                continue
            depth = len(block.path()) - 1
            middle = self.heights.middle[block.band]
            self.small_box(slot, "interface", interface.name, middle - HALF_BOX, depth)
            side = self.beside.addresses.get(interface.id, "")
            lines = self.world.addresses[interface.id]
            for n, address in enumerate(lines):
                text = name(address.text)
                full = full_text(address.text, text)
                if side == "left":
                    x = slot.x - TEXT_GAP + min(0, self._leftmost_pin(slot))
                    y, anchor = middle - HALF_BOX - 9 - TEXT_LINE * n, "end"
                elif side == "under":
                    x, y, anchor = slot.x, middle + HALF_BOX + 9 + TEXT_LINE * n, "middle"
                elif side == "below":
                    x, anchor = slot.x + self.beside.address_x[interface.id], "start"
                    y = middle + 10 + TEXT_LINE * n
                else:
                    x, anchor = slot.x + self.beside.address_x[interface.id], "start"
                    y = middle + TEXT_LINE * n - TEXT_LINE * (len(lines) - 1) // 2
                self.labels.append(
                    Label(
                        address.id,
                        "address",
                        text,
                        x,
                        y,
                        anchor,
                        NAME,
                        full,
                    )
                )

    def _leftmost_pin(self, slot: Slot) -> int:
        return min((p.offset for p in self.strands.pins.get((slot.key, "up"), ())), default=0)


def full_text(text: str, shown: str) -> str | None:
    whole = printable(text)
    return whole if whole != shown else None

"""Heights: where every band, rail and track stands from top to bottom.

Lives here: step 7 of the layout. A band is as high as its highest box; the channel under it holds
what hangs out of both bands, the labels and the tracks.
"""

from .extents import Beside
from .routing import TRACK, Net
from .scene import Rail
from .slots import BOX, HALF_BOX, TEXT_GAP, TEXT_LINE, Block, World, flatten

MARGIN = 20
RAIL_PITCH = 42
RAIL_TRACK = 24  # from the lowest rail to the first track of a wire to another row of hosts
CHANNEL = 24  # between two bands without tracks
TRACK_CLEAR = 10  # between a track and the band or label next to it
BRIDGE_MIDDLE = 48  # of a bridge with callouts: three lines above, three below, the name between
PLAIN_MIDDLE = 32  # of a bridge without
LINUX_BRIDGE = 40
THROUGH, THROUGH_CLEAR = 3, 4  # between wires led through a bridge, and before the first
CLOUD = 40  # height of a gateway
BOX_TITLE, BOX_TITLES = 26, 44  # height of a box that shows its title alone, and with a subtitle


class Heights:
    """The y of bands, tracks and rails, and how low every container reaches. In px."""

    def __init__(
        self,
        world: World,
        beside: Beside,
        rails: list[Rail],
        channels: dict[int, list[Net]],
        count: int,
    ) -> None:
        self.world = world
        self.beside = beside
        self.rails = rails
        self.channels = channels
        self.count = count
        self.middle: dict[int, int] = {}  # of a band
        self.track: dict[int, int] = {}  # a channel's first track
        self.rail: dict[str, int] = {}
        self._find()

    def track_of(self, net: Net) -> int:
        """The y of a net's horizontal; the net has a track."""
        assert net.track is not None
        return self.track[net.channel] + net.track * TRACK

    def _find(self) -> None:
        ups, downs = self._band_extents()
        y = self._above_hosts()
        for band in range(self.count):
            self.middle[band] = y + ups[band]
            bottom = self.middle[band] + downs[band]
            under = self.beside.under.get(band, 0)
            over = self.beside.over.get(band + 1, 0)
            tracks = self.tracks(band)
            if tracks:
                self.track[band] = bottom + max(under, TEXT_GAP) + TRACK_CLEAR
                y = self.track[band] + (tracks - 1) * TRACK + TRACK_CLEAR + max(over, TEXT_GAP)
            else:
                y = bottom + max(CHANNEL, under + over + 4)

    def tracks(self, channel: int) -> int:
        found = [n.track for n in self.channels.get(channel, ()) if n.track is not None]
        return max(found) + 1 if found else 0

    def _band_extents(self) -> tuple[list[int], list[int]]:
        ups, downs = [HALF_BOX] * self.count, [HALF_BOX] * self.count
        for block in self.world.blocks.values():
            if block.kind == "bridge":
                half = self.bridge_height(block.band) // 2
                ups[block.band] = max(ups[block.band], half)
                downs[block.band] = max(downs[block.band], half)
            elif block.kind == "leaf" and block.key in self.world.slots:
                if block.top_level() in self.world.hosts:
                    slot = block.slot
                    ups[block.band] = max(ups[block.band], slot.up)
                    downs[block.band] = max(downs[block.band], slot.down)
            elif block.kind == "container" and block.parent is not None and is_plain(block):
                half = self.plain_height(block) // 2
                ups[block.band] = max(ups[block.band], half)
                downs[block.band] = max(downs[block.band], half)
        return ups, downs

    def bridge_height(self, band: int) -> int:
        tallest = LINUX_BRIDGE
        for bridge in self.world.scene.bridges:
            block = self.world.blocks[bridge.id]
            if block.band != band:
                continue
            rows = [
                [s for s in row if s.key in self.world.slots] for row in (block.tops, block.bottoms)
            ]
            middle = 2 * THROUGH_CLEAR + THROUGH * len(block.lanes) if block.lanes else 0
            if any(s.key in self.beside.callouts for row in rows for s in row):
                tallest = max(tallest, 2 * BOX + max(BRIDGE_MIDDLE, middle))
            elif any(rows):
                tallest = max(tallest, 2 * BOX + max(PLAIN_MIDDLE, middle))
        return tallest

    def plain_height(self, block: Block) -> int:
        return BOX_TITLES if self.world.containers[block.key].subtitle else BOX_TITLE

    def _above_hosts(self) -> int:
        """Place the rails; the result is the y of band 0."""
        y = MARGIN
        if self.world.clouds:
            lines = [
                len(self.world.addresses[i.id])
                for i in self.world.scene.interfaces
                if self.world.blocks[i.id].parent in self.cloud_blocks()
            ]
            y += CLOUD + HALF_BOX + max(CHANNEL, TEXT_LINE * max(lines, default=0) + 10)
        for n, rail in enumerate(self.rails):
            if n == 0 and rail.annotation:
                y += TEXT_LINE
            self.rail[rail.id] = y
            below = self.rails[n + 1 : n + 2]
            track = bool(below) and below[0].id in self.world.tracks
            y += (TRACK if rail.id in self.world.tracks else RAIL_TRACK) if track else RAIL_PITCH
        y += max(0, self.beside.drop - (CHANNEL if self.rails else 0))
        if tracks := self.tracks(-1):
            # Tracks run above the addresses, which stand right over their NICs.
            over = max(self.beside.drop, self.beside.over.get(0, 0)) + TRACK_CLEAR
            self.track[-1] = y
            y += (tracks - 1) * TRACK + over
        else:
            y += self.beside.over.get(0, 0)
        return y

    def cloud_blocks(self) -> list[Block]:
        return [self.world.blocks[c.id] for c in self.world.clouds]

    def lowest_of(self, block: Block) -> int:
        if block.height:
            return self.middle[block.band] + block.height
        if is_plain(block) and block.parent is not None:
            return self.middle[block.band] + self.plain_height(block) // 2
        return self.content_bottom(block) + self.title_height(block)

    def title_height(self, block: Block) -> int:
        lines = 15 if self.world.containers[block.key].subtitle else 0
        return (46 if block.parent is None else 34) + lines

    def content_bottom(self, block: Block) -> int:
        """The y under all that a container holds, without its title."""
        lowest = self.middle[block.band] + HALF_BOX
        for band, row in block.rows.items():
            for child in row:
                if child.kind == "container":
                    lowest = max(lowest, self.lowest_of(child))
                elif child.kind == "bridge":
                    hang = self.beside.under.get(band, 0)
                    lowest = max(lowest, self.middle[band] + self.bridge_height(band) // 2 + hang)
                elif child.kind == "leaf":
                    hang = self.beside.under.get(band, 0) if band else 0
                    lowest = max(lowest, self.middle[band] + child.slot.down + hang)
            if band and self._inside(band, block):
                lowest = max(lowest, self.track[band] + self.tracks(band) * TRACK)
        return lowest

    def _inside(self, channel: int, block: Block) -> bool:
        """Whether a bow of the channel hangs from a block inside ``block``."""
        own = {s.key for s in flatten(block, channel, "down")}
        return any(
            pin.slot.key in own
            for net in self.channels.get(channel, ())
            if net.track is not None
            for pin in net.tops
        )


def is_plain(block: Block) -> bool:
    """Whether a container shows its title and nothing else."""
    return not any(block.rows.values())

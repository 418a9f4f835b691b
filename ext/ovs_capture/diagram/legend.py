"""Legend: what the shapes and lines of a picture stand for, in a row under it.

Lives here: which entries a picture needs, and their places. An entry is made of what the picture
itself is made of, so that it looks the same in every theme. Does not live here: the words of
elements (``describe``).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from ..explain.message import Message
from .describe import PICTURE
from .heights import MARGIN
from .networks import TUNNELS
from .places import Box, BoxRole, Label, Layout, WirePath
from .slots import BOX, LABEL, TEXT_GAP, Words
from .text import whole_width

SAMPLE = 30  # px wide
LINE = 30
GAP = 26


@dataclass(frozen=True, slots=True)
class _Entry:
    """A sample: a box of ``role``, or a line of ``network``, dashed or not."""

    says: Message
    role: BoxRole | None = None
    network: str = ""
    carried: bool = False


def with_legend(layout: Layout, words: Words) -> Layout:
    """The layout with a legend of what it holds under everything else."""
    boxes, wires, labels, networks = [], [], [], []
    x, y = MARGIN, layout.height + LINE // 2 - MARGIN // 2
    widest = layout.width
    for n, entry in enumerate(_entries(layout)):
        text = words(entry.says)
        room = SAMPLE + TEXT_GAP + whole_width(text, LABEL)
        if x > MARGIN and x + room > layout.width - MARGIN:
            x, y = MARGIN, y + LINE
        owner = f"legend{n}"
        if entry.role is not None:
            boxes.append(Box(owner, entry.role, x, y - BOX // 2, SAMPLE, BOX))
        else:
            wires.append(WirePath(owner, ((x, y), (x + SAMPLE, y)), (), entry.carried))
        networks.append((owner, entry.network or "plain"))
        labels.append(Label("", "label", text, x + SAMPLE + TEXT_GAP, y, "start", LABEL))
        widest = max(widest, x + room + MARGIN)
        x += room + GAP
    if not labels:
        return layout
    return replace(
        layout,
        width=widest,
        height=y + LINE // 2 + MARGIN // 2,
        boxes=(*layout.boxes, *boxes),
        wires=(*layout.wires, *wires),
        labels=(*layout.labels, *labels),
        networks=(*layout.networks, *networks),
    )


def _entries(layout: Layout) -> Iterator[_Entry]:
    """Only what the picture has."""
    roles = {box.role for box in layout.boxes}
    known = dict(layout.networks)
    drawn = {known[wire.owner] for wire in layout.wires}
    kinds = {kind for _, kind in layout.kinds}
    if roles & {"bridge", "linux-bridge"}:
        yield _Entry(Message("bridge", {}, PICTURE), role="bridge")
    if "port" in roles:
        yield _Entry(Message("OVS port", {}, PICTURE), role="port")
    if "interface" in roles:
        yield _Entry(Message("network device or interface", {}, PICTURE), role="interface")
    if roles & {"guest", "namespace"}:
        yield _Entry(Message("guest or namespace", {}, PICTURE), role="guest")
    if layout.rails:
        yield _Entry(Message("wire, in the colour of its network", {}, PICTURE), network="net0")
    if "tagged" in drawn:
        yield _Entry(Message("behind an access port (tag)", {}, PICTURE), network="tagged")
    if "tunnel" in drawn:
        yield _Entry(Message("of a bridge of tunnels", {}, PICTURE), network="tunnel")
    if any(wire.carried for wire in layout.wires):
        says = (
            Message("carried by what is above: tunnel or VLAN", {}, PICTURE)
            if kinds & (TUNNELS | {"vlan"})
            else Message("carried by what is above", {}, PICTURE)
        )
        yield _Entry(says, network="plain", carried=True)

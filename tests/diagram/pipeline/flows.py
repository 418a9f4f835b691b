"""Flows of our own for graphs, and what must hold for every layout."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from ovs_capture.diagram.pipeline.layout import Rect, TableLayout, lay_out_tables
from ovs_capture.diagram.pipeline.parts import TablePicture, table_picture
from ovs_capture.explain.names import Names
from ovs_capture.explain.pipeline import recognise
from ovs_capture.formats.reading import read
from ovs_capture.network.correlate import correlate
from ovs_capture.openflow.flow import Flow
from ovs_capture.source import Source
from ovs_capture.store import load_target
from ovs_capture.subjects.dumps import dumps_of_host
from ovs_capture.translation import Translator

english, japanese = Translator("en").text, Translator("ja").text

CYCLE = """\
table=0, n_packets=500, priority=1 actions=resubmit(,1),resubmit(,2)
table=1, n_packets=300, priority=1 actions=resubmit(,2)
table=2, n_packets=20, priority=2 actions=resubmit(,1)
table=2, n_packets=250, priority=2,ip actions=resubmit(,2),resubmit(,3)
table=3, n_packets=50, priority=2,ip actions=ct(table=0,zone=1)
table=3, n_packets=15, priority=2,ip actions=NORMAL
table=3, n_packets=25, priority=1,ip actions=CONTROLLER:65535
table=3, n_packets=35, priority=0 actions=drop
table=7, n_packets=0, priority=0 actions=drop
"""
UNCOUNTED = """\
table=0, priority=1,in_port=9 actions=resubmit(,1)
table=0, priority=1,in_port=10 actions=goto_table:1
table=1, priority=1 actions=learn(table=2,NXM_OF_VLAN_TCI[0..11]),output:1
table=1, priority=2 actions=resubmit(,2)
table=2, priority=1 actions=drop
table=5, priority=1 actions=drop
"""
ONE = "table=0, n_packets=4, priority=0 actions=NORMAL\n"
LOOPS = """\
table=0, n_packets=7, priority=1 actions=resubmit(,0)
table=0, n_packets=8, priority=2 actions=ct(table=0)
table=0, n_packets=9, priority=3 actions=learn(table=0,NXM_OF_VLAN_TCI[0..11]),NORMAL
"""
HOSTILE = """\
table="a:b", n_packets=3, priority=1 actions=resubmit(,"x->y")
table="x->y", n_packets=3, priority=1 actions=resubmit(,"<b>\\N</b>")
table="<b>\\N</b>", n_packets=2, priority=1 actions=drop
table="<b>\\N</b>", n_packets=1, priority=1,ip actions=output:"];digraph{"
"""
SIXTY = "".join(
    f"table={n}, n_packets={n + 1}, priority={p} actions=resubmit(,{(n * 7 + p * p + 1) % 60})\n"
    for n in range(60)
    for p in range(1 + n % 3)
)
PORTS = "".join(
    f'table=0, n_packets={n}, in_port="tap{n}" actions=output:"veth{n}"\n' for n in range(1, 40)
)
TEXTS = {
    "cycle": CYCLE,
    "uncounted": UNCOUNTED,
    "one": ONE,
    "loops": LOOPS,
    "hostile": HOSTILE,
    "sixty": SIXTY,
    "ports": PORTS,
    "empty": "",
}


def flows_of(text: str) -> tuple[Flow, ...]:
    found = read(Source("dump.txt", "$ ovs-ofctl dump-flows br0\n" + text))
    return tuple(r for c in found for r in c.parsed.records if isinstance(r, Flow))


def picture_of(text: str, bridge: str = "br0") -> TablePicture:
    flows = flows_of(text)
    return table_picture(flows, Names.of(None, bridge, flows), recognise({bridge: flows}, None))


def picture_of_host(host: Path, bridge: str) -> TablePicture:
    return pictures_of_host(host)[bridge]


def pictures_of_host(host: Path) -> dict[str, TablePicture]:
    """The graphs of all bridges of a host whose flows were captured."""
    target = load_target(host)
    network = correlate(target.hosts[0], target.siblings(target.hosts[0]))
    dumps = dumps_of_host(target.hosts[0].captures, network, None)
    return {
        bridge: table_picture(dump.flows, dump.names, dump.pipeline)
        for bridge, dump in dumps.items()
    }


def layout_of(name: str) -> TableLayout:
    return lay_out_tables(picture_of(TEXTS[name]), english)


def faults(picture: TablePicture, layout: TableLayout) -> Iterator[str]:
    """Boxes on each other or outside, lines through boxes, lines that hang loose."""
    rects = {box.owner: box.rect for box in layout.boxes}
    solid = [*rects.items(), *((stop.owner, stop.label.rect) for stop in layout.stops)]
    for n, (owner, rect) in enumerate(solid):
        for other, taken in solid[:n]:
            if rect.hits(taken):
                yield f"{owner} stands on {other}"
        if not (layout.pane.x <= rect.x and rect.right <= layout.pane.right):
            yield f"{owner} is outside the pane"
        if not (layout.pane.y <= rect.y and rect.bottom <= layout.pane.bottom):
            yield f"{owner} is above or below the pane"
    links = {link.id: link for link in picture.links}
    for line in layout.lines:
        link = links[line.owner]
        first, last = line.path.points[0], line.path.points[-1]
        source, target = rects[link.source], rects[link.target]
        if not (source.x <= first[0] <= source.right and source.y <= first[1] <= source.bottom):
            yield f"{line.owner} does not begin at {link.source}"
        if not (target.x <= last[0] <= target.right and target.y <= last[1] <= target.bottom):
            yield f"{line.owner} does not end at {link.target}"
        for (x, y), (x2, y2) in pairwise(line.path.points):
            if x != x2 and y != y2:
                yield f"{line.owner} has a slope"
            low, high = sorted((x, x2)), sorted((y, y2))
            piece = Rect(low[0], high[0], low[1] - low[0] + 1, high[1] - high[0] + 1)
            for owner, rect in solid:
                inside = Rect(rect.x + 1, rect.y + 1, rect.width - 2, rect.height - 2)
                if piece.hits(inside):
                    yield f"{line.owner} runs through {owner}"
    drawn = {link.id for link in picture.links}
    if {line.owner for line in layout.lines} != drawn:
        yield "not every link is drawn once"
    missing = {t.id for t in picture.tables} - rects.keys()
    if missing:
        yield f"not drawn: {sorted(missing)}"


def shared(layout: TableLayout) -> Iterator[str]:
    """Lines that run on each other."""
    pieces = [
        (line.owner, a, b) for line in layout.lines for a, b in pairwise(line.path.points)
    ]  # fmt: skip
    for n, (owner, a, b) in enumerate(pieces):
        for other, c, d in pieces[:n]:
            if owner == other:
                continue
            for here, along in ((0, 1), (1, 0)):
                same = a[here] == b[here] == c[here] == d[here]
                low, high = sorted((a[along], b[along])), sorted((c[along], d[along]))
                if same and min(low[1], high[1]) - max(low[0], high[0]) > 0:
                    yield f"{owner} and {other} share a piece at {a[here]}"

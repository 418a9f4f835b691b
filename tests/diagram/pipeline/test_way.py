"""The way of a packet in the graph of tables."""

from lxml import etree

from ovs_capture.diagram.pipeline.layout import lay_out_tables
from ovs_capture.diagram.pipeline.paint import paint_tables
from ovs_capture.diagram.pipeline.parts import TablePicture, table_picture
from ovs_capture.diagram.pipeline.way import uncounted, way_in
from ovs_capture.openflow.flow import Flow
from ovs_capture.subjects.dumps import (
    Dump,
    dumps_of_host,
)
from tests.diagram.scenes import english
from tests.diagram.test_passage import PING, SEED, SPOOF
from tests.trace.pages import host_of, traced


def of_packet(packet: str) -> tuple[TablePicture, frozenset[str], Dump]:
    host, network = host_of(*SEED)
    dump = dumps_of_host(host.captures, network, None)["br-int"]
    found, _ = traced(*SEED, "br-int", packet)
    taken: list[Flow] = [s.flow for s in found.steps if s.bridge == "br-int" and s.flow]
    picture = table_picture(uncounted(dump.flows), dump.names, dump.pipeline)
    return picture, way_in(picture, taken, dump.names, dump.pipeline), dump


def tables(picture: TablePicture, way: frozenset[str]) -> list[int]:
    return [table.number for table in picture.tables if table.id in way]


def links(picture: TablePicture, way: frozenset[str]) -> list[tuple[int, int, str]]:
    numbers = {table.id: table.number for table in picture.tables}
    return [
        (numbers[link.source], numbers[link.target], link.kind)
        for link in picture.links
        if link.id in way and {link.source, link.target} <= numbers.keys()
    ]


def test_tables_and_links_that_it_took() -> None:
    picture, way, _ = of_packet(PING)
    assert tables(picture, way) == [0, 58, 60, 71, 72, 73, 91, 94]
    assert links(picture, way) == [
        (0, 58, "resubmit"),
        (58, 60, "resubmit"),
        (60, 71, "resubmit"),
        (71, 72, "ct"),
        (72, 73, "resubmit"),
        (73, 91, "resubmit"),
        (91, 94, "resubmit"),
    ]
    (stop,) = (stop for stop in picture.stops if stop.id in way)
    assert stop.kind == "NORMAL"


def test_a_drop_is_an_end() -> None:
    picture, way, _ = of_packet(SPOOF)
    assert tables(picture, way)[-1] == 93
    assert [stop.kind for stop in picture.stops if stop.id in way] == ["drop"]


def test_what_traffic_was_counted_does_not_matter() -> None:
    """The way is drawn even where no packet had gone before: table 94 has a link from 73 too."""
    picture, _, dump = of_packet(PING)
    assert not picture.counted
    assert len(picture.links) >= len(table_picture(dump.flows, dump.names, dump.pipeline).links)


def test_all_else_is_pale() -> None:
    picture, way, _ = of_packet(SPOOF)
    layout = lay_out_tables(picture, english)
    for mode in ("web", "static"):
        text = paint_tables(
            picture, layout, mode=mode, say=english, prefix="", lang="en", title="A",
            description="B", way=way,
        )  # fmt: skip
        root = etree.fromstring(text.encode())
        if mode == "static":
            assert len(list(root.iterfind(".//{*}g[@opacity]"))) > 3
            continue
        own = {e.get("data-ovs-el"): e.get("class") for e in root.iter("{*}g")}
        drawn = {key: "ovs-pale" in css for key, css in own.items() if key}
        assert drawn
        assert all(pale is (key not in way) for key, pale in drawn.items())

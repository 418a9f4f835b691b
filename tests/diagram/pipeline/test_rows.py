"""In which row a table stands."""

from ovs_capture.diagram.pipeline.rows import Size, rows_of
from tests.diagram.pipeline.flows import CYCLE, SIXTY, picture_of


def rows(text: str):
    picture = picture_of(text)
    ids = [*(table.id for table in picture.drawn), *(port.id for port in picture.ports)]
    sizes = {part: Size(100) for part in ids}
    return picture, rows_of(picture, sizes)


def test_a_table_stands_below_all_that_send_to_it() -> None:
    for text in (CYCLE, SIXTY):
        picture, found = rows(text)
        for link in picture.links:
            if link.source != link.target and link.id not in found.back:
                assert found.of[link.source] < found.of[link.target]


def test_ways_back_are_known() -> None:
    picture, found = rows(CYCLE)
    back = {(link.source, link.target) for link in picture.links if link.id in found.back}
    assert back == {("t2", "t1"), ("t3", "t0")}


def test_a_lane_passes_each_row_between() -> None:
    picture, found = rows(CYCLE)
    link = next(link for link in picture.links if (link.source, link.target) == ("t0", "t2"))
    assert found.lane(link) == (f"{link.id}r{found.of['t1']}",)
    back = next(link for link in picture.links if (link.source, link.target) == ("t3", "t0"))
    assert len(found.lane(back)) == found.of["t3"] - found.of["t0"] + 1


def test_without_tables_there_are_no_rows() -> None:
    assert rows("")[1].bodies == ()

"""Order: what holds for every graph, and what small ones must look like."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ovs_capture.diagram.pipeline import layout
from ovs_capture.diagram.pipeline.order import SPACE, Body, Pull, crossings, order
from tests.conftest import ROOT
from tests.diagram.pipeline.flows import TEXTS, english, picture_of, pictures_of_host

Graph = tuple[list[list[Body]], list[Pull]]


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    """Rows of boxes and lanes, and lines between neighbouring rows."""
    size = st.integers(0, 120)
    rows: list[list[Body]] = []
    pulls: list[Pull] = []
    for row in range(draw(st.integers(0, 6))):
        boxes = draw(st.lists(st.tuples(size, size, size), max_size=6))
        rows.append([Body(f"t{row}-{n}", *sizes) for n, sizes in enumerate(boxes)])
    for row in range(len(rows) - 1):
        if rows[row] and rows[row + 1]:
            ends = st.tuples(st.sampled_from(rows[row]), st.sampled_from(rows[row + 1]))
            found = draw(st.lists(ends, max_size=10))
            pulls += [Pull(a.id, b.id, draw(st.integers(0, 7))) for a, b in found]
    for lane in range(draw(st.integers(0, 3))):
        first = draw(st.integers(0, max(0, len(rows) - 1)))
        passed = [Body(f"e{lane}r{row}", 6, lane=f"e{lane}") for row in range(first, len(rows))]
        for row, body in enumerate(passed, first):
            rows[row].append(body)
        pulls += [Pull(a.id, b.id, 8) for a, b in pairwise(passed)]
    return rows, pulls


@st.composite
def trees(draw: st.DrawFn) -> Graph:
    """A tree from the top, the bodies of each row in any order."""
    rows = [[Body("n0", 50)]]
    pulls: list[Pull] = []
    count = 1
    for _ in range(draw(st.integers(1, 4))):
        parents = draw(st.lists(st.sampled_from(rows[-1]), min_size=1, max_size=7))
        children = [Body(f"n{count + n}", 50) for n in range(len(parents))]
        count += len(children)
        pulls += [Pull(a.id, b.id, 1) for a, b in zip(parents, children, strict=True)]
        rows.append(draw(st.permutations(children)))
    return rows, pulls


def ordered(rows: Sequence[Sequence[Body]], x: Mapping[str, int]) -> list[list[str]]:
    return [sorted((body.id for body in row), key=x.__getitem__) for row in rows]


def overlapping(rows: Sequence[Sequence[Body]], x: Mapping[str, int]) -> list[tuple[str, str]]:
    found = []
    for row in rows:
        for a, b in pairwise(sorted(row, key=lambda body: x[body.id])):
            if x[b.id] - b.box / 2 - b.left < x[a.id] + a.box / 2 + a.right + SPACE:
                found.append((a.id, b.id))
    return found


def test_nothing_has_no_places() -> None:
    assert order([], []) == {}
    assert order([[], []], []) == {}


def test_one_begins_at_the_left() -> None:
    assert order([[Body("a", 100, 20, 60)]], []) == {"a": 70}


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(graphs())
def test_nothing_of_a_row_overlaps(graph: Graph) -> None:
    rows, pulls = graph
    x = order(rows, pulls)
    assert x.keys() == {body.id for row in rows for body in row}
    assert overlapping(rows, x) == []
    assert min((x[b.id] - b.left - b.box / 2 for row in rows for b in row), default=0) >= 0
    assert order(rows, iter(pulls)) == x


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(trees())
def test_a_tree_is_drawn_without_crossings(graph: Graph) -> None:
    rows, pulls = graph
    assert crossings(ordered(rows, order(rows, pulls)), pulls) == 0


def test_crossings_are_counted() -> None:
    pulls = [Pull("a", "d", 1), Pull("b", "c", 1), Pull("b", "d", 1)]
    assert crossings([["a", "b"], ["c", "d"]], pulls) == 1
    assert crossings([["b", "a"], ["c", "d"]], pulls) == 0


def test_a_lane_is_led_around_what_it_would_cross() -> None:
    """Each row alone is as good as it gets: only the whole lane can be moved."""
    rows = [[Body("top", 50)]]
    pulls = []
    for row in range(1, 5):
        rows.append([Body(f"a{row}", 50), Body(f"e{row}", 6, lane="e"), Body(f"b{row}", 50)])
    rows.append([Body("left", 50), Body("right", 50)])
    for side in "ab":
        pulls += [Pull(f"{side}{row}", f"{side}{row + 1}", 4) for row in range(1, 4)]
        pulls += [Pull("top", f"{side}1", 4)]
    pulls += [Pull("a4", "left", 4), Pull("b4", "left", 4), Pull("b4", "right", 4)]
    way = ["top", *(f"e{row}" for row in range(1, 5)), "right"]
    pulls += [Pull(a, b, 1) for a, b in pairwise(way)]
    assert crossings(ordered(rows, order(rows, pulls)), pulls) == 0


def test_a_lane_is_straight_and_what_is_heavy_too() -> None:
    rows = [[Body("a", 100)], [Body("b", 100), Body("e1", 6, lane="e")],
            [Body("c", 300), Body("e2", 6, lane="e")], [Body("d", 100)]]  # fmt: skip
    pulls = [Pull("a", "b", 7), Pull("b", "c", 7), Pull("c", "d", 7), Pull("a", "e1", 1),
             Pull("e1", "e2", 8), Pull("e2", "d", 1)]  # fmt: skip
    x = order(rows, pulls)
    assert x["e1"] == x["e2"]
    assert x["a"] == x["b"] == x["c"] == x["d"]


def test_the_order_of_the_boxes_is_kept_where_it_costs_nothing() -> None:
    rows = [[Body("a", 80)], [Body("b", 80), Body("c", 80), Body("d", 80)]]
    pulls = [Pull("a", one, 1) for one in "bcd"]
    x = order(rows, pulls)
    assert x["b"] < x["c"] < x["d"]


def by_dot(rows: Sequence[Sequence[Body]], pulls: Sequence[Pull]) -> dict[str, float]:
    """Where Graphviz would put the bodies: the judge."""
    pygraphviz = pytest.importorskip("pygraphviz", exc_type=ImportError)
    graph = pygraphviz.AGraph(directed=True, strict=False, nodesep=SPACE / 72, ranksep=0.5)
    for row in rows:
        for body in row:
            width = (body.left + body.box + body.right) / 72
            graph.add_node(body.id, shape="box", label="", fixedsize=True, width=width,
                           height=0.1, group=body.lane)  # fmt: skip
        graph.add_subgraph([body.id for body in row], rank="same")
    for above, below in pairwise(rows):
        graph.add_edge(above[0].id, below[0].id, style="invis", weight=0)
    for pull in pulls:
        graph.add_edge(pull.upper, pull.lower, weight=pull.weight)
    graph.layout("dot")
    return {node: float(graph.get_node(node).attr["pos"].split(",")[0]) for node in graph.nodes()}


def seen(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Sequence[Sequence[Body]], list[Pull]]]:
    """What the layouts of the graphs that we have ask for."""
    asked: list[tuple[Sequence[Sequence[Body]], list[Pull]]] = []

    def spy(rows: Sequence[Sequence[Body]], pulls: Sequence[Pull]) -> dict[str, int]:
        asked.append((rows, list(pulls)))
        return order(rows, pulls)

    monkeypatch.setattr(layout, "order", spy)
    for text in ("cycle", "uncounted", "hostile", "ports"):
        layout.lay_out_tables(picture_of(TEXTS[text]), english)
    for host in ("flat-instance/compute", "ovs-vlan/cmp1", "ovs-vlan/cmp2", "ovs-vlan/net1",
                 "sixty-guests/compute", "ovn/hv1", "ovn/hv2"):  # fmt: skip
        for picture in pictures_of_host(ROOT / "captures" / host).values():
            layout.lay_out_tables(picture, english)
    return asked


def test_no_graph_that_we_have_has_more_crossings_than_by_dot(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = seen(monkeypatch)
    assert len(asked) > 15
    for rows, pulls in asked:
        ours = crossings(ordered(rows, order(rows, pulls)), pulls)
        theirs = crossings(ordered(rows, by_dot(rows, pulls)), pulls)  # type: ignore[arg-type]
        assert ours <= theirs, [body.id for row in rows for body in row]

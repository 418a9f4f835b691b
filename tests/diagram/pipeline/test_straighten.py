"""Straighten: the best there is, told by trying every place."""

from itertools import pairwise, product

from hypothesis import given, settings
from hypothesis import strategies as st

from ovs_capture.diagram.pipeline.straighten import Gap, Tie, straighten

Problem = tuple[list[list[int]], list[Gap], list[Tie]]


def cost(x: list[int] | tuple[int, ...], ties: list[Tie]) -> int:
    return sum(tie.weight * abs(x[tie.lower] - x[tie.upper] - tie.apart) for tie in ties)


def fits(x: list[int] | tuple[int, ...], gaps: list[Gap]) -> bool:
    return all(x[gap.right] - x[gap.left] >= gap.least for gap in gaps)


@st.composite
def problems(draw: st.DrawFn, *, most: int, rows: int, wide: int) -> Problem:
    sizes = draw(st.lists(st.integers(1, most), min_size=1, max_size=rows))
    numbers = iter(range(sum(sizes)))
    placed = [[next(numbers) for _ in range(size)] for size in sizes]
    gaps = [
        Gap(a, b, draw(st.integers(1, wide))) for row in placed for a, b in pairwise(row)
    ]  # fmt: skip
    ties = [
        Tie(draw(st.sampled_from(above)), draw(st.sampled_from(below)), draw(st.integers(0, 5)),
            draw(st.integers(-wide, wide)))
        for above, below in pairwise(placed)
        for _ in range(draw(st.integers(0, 4)))
    ]  # fmt: skip
    return placed, gaps, ties


def test_nothing() -> None:
    assert straighten([], [], []) == []


@settings(max_examples=60, deadline=None)
@given(problems(most=2, rows=3, wide=2))
def test_no_places_are_better(problem: Problem) -> None:
    rows, gaps, ties = problem
    x = straighten(rows, gaps, ties)
    assert fits(x, gaps)
    count = sum(map(len, rows))
    others = (p for p in product(range(-2, 4), repeat=count - 1) if fits((0, *p), gaps))
    assert cost(x, ties) <= min((cost((0, *p), ties) for p in others), default=1 << 30)


@settings(max_examples=150, deadline=None)
@given(problems(most=6, rows=6, wide=90))
def test_no_part_wants_to_move(problem: Problem) -> None:
    """A sum of distances is least where no set of bodies that moves by 1 px makes it less."""
    rows, gaps, ties = problem
    x = straighten(rows, gaps, ties)
    assert fits(x, gaps)
    best = cost(x, ties)
    for row in rows:
        for start in range(len(row)):
            for end in range(start + 1, len(row) + 1):
                for by in (-1, 1):
                    moved = [at + by * (n in row[start:end]) for n, at in enumerate(x)]
                    assert not fits(moved, gaps) or cost(moved, ties) >= best


def test_the_heavier_of_two_is_straight() -> None:
    x = straighten([[0], [1, 2]], [Gap(1, 2, 100)], [Tie(0, 1, 3), Tie(0, 2, 2)])
    assert x[0] == x[1] == x[2] - 100

"""The solver keeps every gap and moves no more than the gaps ask."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ovs_capture.diagram.vpsc import Constraint, Solver, Variable


def solved(desired: list[float], gaps: list[tuple[int, int, float]]) -> list[float]:
    variables = [Variable(d) for d in desired]
    Solver(variables, [Constraint(variables[a], variables[b], g) for a, b, g in gaps]).solve()
    return [v.position for v in variables]


def test_without_gaps_nothing_moves() -> None:
    assert solved([3.0, 1.0], []) == [3.0, 1.0]


def test_two_that_want_one_place_share_the_way() -> None:
    assert solved([0.0, 0.0], [(0, 1, 10.0)]) == pytest.approx([-5.0, 5.0])


def test_a_block_is_cut_where_it_hinders() -> None:
    variables = [Variable(0.0), Variable(0.0), Variable(0.0)]
    gaps = [Constraint(variables[0], variables[1], 10), Constraint(variables[1], variables[2], 10)]
    solver = Solver(variables, gaps)
    solver.solve()
    variables[2].desired = 100.0
    solver.solve()
    assert [v.position for v in variables] == pytest.approx([-5.0, 5.0, 100.0])


def test_weights_count() -> None:
    heavy, light = Variable(0.0, 9.0), Variable(0.0, 1.0)
    Solver([heavy, light], [Constraint(heavy, light, 10.0)]).solve()
    assert heavy.position == pytest.approx(-1.0)


def test_a_contradiction_is_said() -> None:
    with pytest.raises(ValueError, match="contradict"):
        solved([0.0, 0.0], [(0, 1, 10.0), (1, 0, 10.0)])


@given(
    st.lists(st.integers(-100, 100), min_size=2, max_size=12).flatmap(
        lambda d: st.tuples(
            st.just([float(x) for x in d]),
            st.lists(
                st.tuples(
                    st.integers(0, len(d) - 1), st.integers(0, len(d) - 1), st.integers(1, 30)
                ).filter(lambda g: g[0] < g[1]),
                max_size=20,
            ),
        )
    )
)
def test_every_gap_is_kept(problem: tuple[list[float], list[tuple[int, int, float]]]) -> None:
    desired, gaps = problem
    positions = solved(desired, gaps)
    assert all(positions[b] - positions[a] >= gap - 1e-4 for a, b, gap in gaps)


@given(st.lists(st.integers(-50, 50), min_size=2, max_size=8))
def test_a_chain_is_solved_as_regression_says(desired: list[int]) -> None:
    """For a chain of gaps the best positions are isotonic regression: no pair can do better."""
    chain = [(n, n + 1, 5.0) for n in range(len(desired) - 1)]
    positions = solved([float(d) for d in desired], chain)
    flat = [d - 5.0 * n for n, d in enumerate(desired)]
    assert [p - 5.0 * n for n, p in enumerate(positions)] == pytest.approx(isotonic(flat), abs=1e-3)
    assert all(b - a >= 5 - 1e-4 for a, b in pairwise(positions))


def isotonic(values: list[float]) -> list[float]:
    """Pool adjacent violators."""
    pools: list[list[float]] = []
    for value in values:
        pools.append([value])
        while len(pools) > 1 and mean(pools[-2]) > mean(pools[-1]):
            pools[-2:] = [pools[-2] + pools[-1]]
    return [mean(pool) for pool in pools for _ in pool]


def mean(values: list[float]) -> float:
    return sum(values) / len(values)

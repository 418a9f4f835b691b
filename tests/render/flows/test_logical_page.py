"""The parts of a page about logical flows."""

from typing import Any

import pytest

from ovs_capture.render.flows.logical_page import (
    Asked,
    listing_page,
)
from ovs_capture.render.library.captures import Place
from ovs_capture.render.view import FlowRow, GroupRow, plain
from tests.explain.logical.listings import modern, of_seed


@pytest.fixture
def place(tmp_path: Any) -> Place:
    return Place("x/y", None, None, ())


def test_every_flow_of_the_listing_is_on_the_page(place: Place) -> None:
    found = modern()
    page = listing_page(found, place, language="ja", anchor="a", raw="raw.txt")
    rows = [r for part in page.parts for s in part.sheets if s.view for r in s.view.flows]
    handed_on = sum(1 for part in page.parts for s in part.sheets if s.view is None)
    assert handed_on
    counted = sum(r.count if isinstance(r, GroupRow) else 1 for r in rows)
    assert 0 < len(found.flows) - counted < len(found.flows) * 0.3  # those that hand on
    assert all(plain(r.purpose) for r in rows)
    alone = next(r for r in rows if isinstance(r, FlowRow))
    assert plain(alone.raw).lstrip().startswith("table=")


def test_the_page_names_the_version_that_it_assumed(place: Place) -> None:
    page = listing_page(of_seed()[0], place, language="en", anchor="a", raw="raw.txt")
    assert any("OVN 2.5.90" in note for note in page.totals.notes)


def test_one_table_only(place: Place) -> None:
    page = listing_page(
        modern(), place, language="en", anchor="a", raw="raw.txt", asked=Asked(frozenset({2}))
    )
    numbers = {s.view.number for part in page.parts for s in part.sheets if s.view}
    assert numbers == {2}


def test_anchors_are_unique(place: Place) -> None:
    page = listing_page(modern(), place, language="en", anchor="a", raw="raw.txt")
    anchors = [s.anchor for part in page.parts for s in part.sheets if s.view]
    assert len(anchors) == len(set(anchors))

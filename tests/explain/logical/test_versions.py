"""The stages and their tables tell the versions of OVN."""

from ovs_capture.explain.logical.versions import told, versions_of
from ovs_capture.logical.stages import layouts
from ovs_capture.translation import Translator

from .listings import flow, modern, of_seed


def test_a_whole_listing_tells_the_version() -> None:
    found = versions_of(modern().flows)
    assert found is not None and "23.03.1" in found and "25.03.0" not in found


def test_the_second_seed_is_of_2016() -> None:
    found = versions_of(one for listing in of_seed() for one in listing.flows)
    assert found is not None
    assert {one.dialect for one in layouts() if found & set(one.versions)} == {"2016"}


def test_a_stage_in_no_known_table_tells_nothing() -> None:
    found = versions_of([flow("1", "next;", "ls_in_admission")._replace(table=77)])
    assert found is None
    assert "no version of OVN" in Translator("en").text(told(found))

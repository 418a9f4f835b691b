"""The tables of br-int by version, held against the extraction from every release tag."""

from pathlib import Path

import pytest

from ovs_capture.logical import stages
from ovs_capture.logical.stages import Bounds, between, layout_of, layouts, ranges, versions


def test_a_number_is_a_stage_only_together_with_the_version() -> None:
    old, new = layout_of("20.12.0"), layout_of("24.03.9")
    assert old is not None and new is not None
    assert {old.table("ls_in_l2_lkup"), new.table("ls_in_l2_lkup")} == {8 + 21, 8 + 27}
    assert old.table("LOCAL_OUTPUT") == 33
    assert new.physical_at(40) == "LOCAL_OUTPUT"


def test_a_version_that_nobody_knows_has_no_layout() -> None:
    assert layout_of("19.01.0") is None
    with pytest.raises(KeyError):
        between("19.01.0..2.5.0")


def test_ranges_are_inclusive_and_as_few_as_there_can_be() -> None:
    assert ranges(versions()) == (Bounds("2.5.0", "main"),)
    assert ranges(["22.03.1", "2.5.1", "2.5.0"]) == (
        Bounds("2.5.0", "2.5.1"),
        Bounds("22.03.1", "22.03.1"),
    )


def test_every_version_has_one_layout_whose_tables_do_not_overlap() -> None:
    listed = [version for layout in layouts() for version in layout.versions]
    assert sorted(listed) == sorted(versions())
    for layout in layouts():
        for name, number in layout.physical.items():
            assert layout.physical_at(number) == name
            assert layout.stages_at(number) == (), (layout.versions, name)
        for names in layout.stages.values():
            for name in names:
                table = layout.table(name)
                assert table is not None and name in layout.stages_at(table)


def test_every_stage_and_table_that_a_version_has_is_told() -> None:
    for layout in layouts():
        assert set(layout.physical) <= set(stages.physical_tables())
        for names in layout.stages.values():
            assert set(names) <= set(stages.stages())


def test_a_stage_is_named_after_its_pipeline() -> None:
    assert {(s.kind, s.direction) for s in stages.stages().values()} == {
        (kind, direction) for kind in stages.KINDS for direction in stages.DIRECTIONS
    }


@pytest.mark.needs("shared")
def test_tables_are_those_of_the_release_tags(shared: Path) -> None:
    yaml = pytest.importorskip("yaml")
    data = yaml.safe_load((shared / "knowledge" / "ovn_stages.yaml").read_text("utf-8"))
    ours = [version for version in versions() if not version.startswith("2.5.90")]
    assert ours == data["meta"]["verified_versions"]
    for version in ours:
        theirs = data["layouts"][data["version_to_layout"][version]]
        layout = layout_of(version)
        assert layout is not None
        for (kind, direction), names in layout.stages.items():
            key = f"{'switch' if kind == 'ls' else 'router'}_{direction}gress"
            assert list(names) == theirs[key.replace("outgress", "egress")]
        assert {name: theirs["physical"][name] for name in layout.physical} == layout.physical

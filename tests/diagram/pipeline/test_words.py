"""What the graph says."""

import pytest

from ovs_capture.diagram.pipeline import words
from tests.diagram.pipeline.flows import TEXTS, english, japanese, picture_of


@pytest.mark.parametrize(
    ("name", "samples"),
    [
        ("cycle", ["way", "ct", "drop", ""]),
        ("uncounted", ["way", "drop", ""]),
        ("one", [""]),
        ("empty", [""]),
    ],
)
def test_the_legend_has_what_is_drawn(name: str, samples: list[str]) -> None:
    found = [sample for sample, _ in words.legend(picture_of(TEXTS[name]))]
    assert [sample for sample in found if sample != "learn"] == samples


def test_the_description_names_the_tables() -> None:
    picture = picture_of(TEXTS["cycle"])
    told = english(words.description(picture, english))
    assert told == "Tables on the way: 0, 1, 2, 3. Never reached: 7."
    assert "到達しないテーブル: 7。" in japanese(words.description(picture, japanese))


def test_a_table_without_a_number_has_its_name() -> None:
    picture = picture_of('table="acl", n_packets=1, actions=drop\n')
    assert [words.table_name(table, english) for table in picture.tables] == ["? acl"]

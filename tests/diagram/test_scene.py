"""The scene's JSON form, there and back."""

import pytest

from ovs_capture.diagram.scene import Scene
from tests.diagram.scenes import NAMES, scene


@pytest.mark.parametrize("name", NAMES)
def test_json_there_and_back(name: str) -> None:
    drawn = scene(name)
    assert Scene.from_json(drawn.to_json()) == drawn


def test_provenance_survives() -> None:
    raw = {
        "rails": [{"id": "n0", "title": "10.0.0.0/24", "source": [{"file": "a.txt", "line": 3}]}]
    }
    (rail,) = Scene.from_json(raw).rails
    assert (rail.source[0].file, rail.source[0].line) == ("a.txt", 3)


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param({"boxes": [{"id": "n0"}]}, id="unknown-list"),
        pytest.param({"rails": [{"id": "n0", "title": "x", "colour": "red"}]}, id="unknown-field"),
    ],
)
def test_what_is_no_scene_is_said(raw: dict[str, list[dict[str, str]]]) -> None:
    with pytest.raises(TypeError):
        Scene.from_json(raw)

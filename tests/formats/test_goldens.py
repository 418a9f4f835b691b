"""Every pair ``tests/formats/<format>/<what-it-shows>.txt`` and ``.golden``.

A golden holds what reading the file says: captures, records, marks, then diagnostics with carets.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from ovs_capture.formats.registry import BY_NAME

HERE = Path(__file__).parent
# The flows have their own notation and their own tests.
CASES = sorted(path for path in HERE.glob("*/*.txt") if path.parent.name != "ovs_ofctl_dump_flows")


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_reading(
    path: Path, told: Callable[[Path], str], golden: Callable[[Path, str], None]
) -> None:
    golden(path.with_suffix(".golden"), told(path))


def test_every_format_has_a_case_and_every_case_a_format() -> None:
    directories = {path.parent.name for path in CASES} | {"ovs_ofctl_dump_flows"}
    assert directories == set(BY_NAME)


def test_no_golden_is_left_over() -> None:
    goldens = {path.with_suffix(".txt") for path in HERE.glob("*/*.golden")}
    assert {path for path in goldens if not path.exists()} == set()


@pytest.mark.parametrize("name", sorted(set(BY_NAME) - {"raw", "ovs_ofctl_dump_flows"}))
def test_every_format_has_an_error_case(name: str) -> None:
    assert any("^" in path.read_text() for path in (HERE / name).glob("*.golden"))

"""The captures of the laboratory are as its commands printed them, byte for byte.

The laboratory is not in the repository; without it this test is skipped.
"""

from pathlib import Path

import pytest


@pytest.mark.parametrize("scenario", ["ovs-vlan", "linuxbridge", "ovn"])
def test_every_capture_is_one_of_the_laboratory(
    shared: Path, captures: Path, scenario: str
) -> None:
    hosts = [path for path in (captures / scenario).iterdir() if path.is_dir()]
    assert len(hosts) >= 2
    for host in hosts:
        printed = {
            path.read_bytes()
            for path in (shared / "lab" / "captures" / scenario / host.name).glob("*.txt")
        }
        ours = list(host.glob("*.txt"))
        assert ours
        assert [path.name for path in ours if path.read_bytes() not in printed] == []

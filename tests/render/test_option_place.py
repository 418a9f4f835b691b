"""The line and column of what an option says, in every way in which an option is written."""

import pytest

from ovs_capture.render.option_place import option_place

MYST = "```{ovs-trace} lab/node:br-int\n:lang: ja\n:packet: in_port=1,ip\n```\n"
YAML = "```{ovs-trace} lab/node:br-int\n---\nlang: ja\npacket: in_port=1,ip\n---\n```\n"
REST = "Words.\n\n.. ovs-trace:: lab/node:br-int\n   :packet: in_port=1,\n     ip\n   :lang: ja\n"
NEXT = "```{ovs-trace} a:b\n```\n\n```{ovs-trace} c:d\n:packet: x\n```\n"


@pytest.mark.parametrize(
    ("text", "directive", "offset", "place"),
    [
        (MYST, 1, 0, (3, 10)),
        (MYST, 1, 10, (3, 20)),
        (MYST, 1, 99, (3, 22)),
        (YAML, 1, 0, (4, 9)),
        (REST, 3, 0, (4, 13)),
        # One blank stands between the words of two lines.
        (REST, 3, 11, (5, 6)),
        (REST, 3, 12, (5, 7)),
        (NEXT, 1, 0, None),
        (NEXT, 4, 0, (5, 10)),
        ("", 1, 0, None),
        ("```{ovs-trace} a:b\n:packet:\n```", 1, 0, (2, 9)),
    ],
)
def test_places(text: str, directive: int, offset: int, place: tuple[int, int] | None) -> None:
    assert option_place(text.split("\n"), directive, "packet", offset) == place

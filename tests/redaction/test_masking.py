"""Secrets become asterisks, and nothing else changes."""

from ovs_capture.formats.reading import read
from ovs_capture.redaction.masking import (
    masked,
    masked_text,
    secrets_of,
    stars,
)
from ovs_capture.source import Source, Span


def test_the_length_stays() -> None:
    source = Source("a", "x secret y\n")
    assert masked(source, [Span(2, 8)]) == "x ****** y\n"
    assert masked(source.part(Span(2, 11)), [Span(2, 8)]) == "****** y\n"
    assert stars("ab\nc") == "**\n*"


def test_a_command() -> None:
    said = "openstack --os-password hunter2! server list"
    assert masked_text(said) == "openstack --os-password ******** server list"
    assert masked_text("ip link") == "ip link"


def test_secrets_are_counted_at_the_first() -> None:
    (capture,) = read(Source("a.txt", "$ mysql --password hunter2!\npassword = other!\n"))
    found = secrets_of(capture)
    assert found is not None
    assert found.place == (1, 20)
    assert found.args == {"count": 2}
    assert secrets_of(read(Source("a.txt", "$ ip link\n"))[0]) is None

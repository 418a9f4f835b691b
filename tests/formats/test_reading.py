"""How a capture's format is told, and what is said of any capture."""

import pytest

from ovs_capture.diagnostic import Code
from ovs_capture.formats.base import Kind
from ovs_capture.formats.command import read_command
from ovs_capture.formats.reading import read, read_output
from ovs_capture.source import Source, decode

LEASE = "1715862686 fa:16:3e:55:2a:5d 172.16.0.112 host 01:fa:16:3e:55:2a:5d\n"
HOST = "fa:16:3e:55:2a:5d,host-1.openstacklocal,172.16.0.112\n"


def only(text: str, name: str = "t.txt", format_name: str | None = None):
    (capture,) = read(Source(name, text), format_name=format_name)
    return capture


def test_nothing_recognises_an_empty_file() -> None:
    capture = only("")
    assert (capture.format.name, capture.recognised) == ("raw", "none")
    assert [problem.code for problem in capture.parsed.diagnostics] == [Code.EMPTY]


def test_no_output_of_a_command_is_no_problem() -> None:
    assert only("$ ip link\n").parsed.diagnostics == ()


def test_unknown_text_is_raw_and_no_problem() -> None:
    capture = only("$ uname -a\nLinux\n")
    assert (capture.format.name, capture.recognised) == ("raw", "none")
    assert capture.parsed.diagnostics == ()


def test_bytes_that_are_no_text_are_one_problem_at_the_first() -> None:
    capture = only(decode(b"$ uname\nab\xff\xfe c \x80\n"))
    (problem,) = capture.parsed.diagnostics
    assert str(problem) == "t.txt:2:3: not-utf8: 3 bytes are not UTF-8; they are shown as \\xNN"


@pytest.mark.parametrize(
    ("text", "name", "told"),
    [
        (f"$ cat /var/lib/neutron/dhcp/N/leases\n{LEASE}", "dnsmasq_leases", "command"),
        (f"$ cat leases-of-a-copy\n{LEASE}", "dnsmasq_leases", "content"),
        (LEASE, "dnsmasq_leases", "content"),
        (HOST, "dnsmasq_host", "content"),
        ("(...)\n" + HOST, "dnsmasq_host", "content"),
        (HOST + LEASE, "raw", "none"),
    ],
)
def test_how_it_is_told(text: str, name: str, told: str) -> None:
    capture = only(text)
    assert (capture.format.name, capture.recognised) == (name, told)


def test_a_format_that_is_asked_for_wins() -> None:
    capture = only(LEASE, format_name="dnsmasq_host")
    assert (capture.format.name, capture.recognised) == ("dnsmasq_host", "asked")
    with pytest.raises(KeyError):
        only(LEASE, format_name="nothing")


def test_output_with_a_command_given_apart() -> None:
    capture = read_output(Source("page.md", HOST), read_command("cat /x/dhcp/N/host"))
    assert (capture.format.name, capture.recognised) == ("dnsmasq_host", "command")
    assert capture.line == 1


def test_the_line_of_a_capture_is_its_command_s() -> None:
    source = Source("page.md", f"$ date\nnow\n$ cat /x/dhcp/N/host\n{HOST}", first_line=10)
    assert [capture.line for capture in read(source)] == [10, 12]


def test_a_secret_takes_the_place_of_other_marks() -> None:
    text = (
        "$ virsh dumpxml 1\n<interface type='user'>\n"
        "<source dev='x' password='fa:16:3e:55:2a:5d'/>\n</interface>\n"
    )
    marks = only(text).marks
    assert [(m.kind, m.value) for m in marks if m.kind in (Kind.MAC, Kind.SECRET, Kind.DEVICE)] == [
        (Kind.DEVICE, "x"),
        (Kind.SECRET, ""),
    ]


def test_secrets_of_the_command_stand_apart() -> None:
    text = "$ openstack --os-password hush server list\n"
    capture = only(text)
    assert [text[s.start : s.end] for s in capture.command_secrets] == ["hush"]
    assert capture.secrets == ()


def test_what_is_forgotten_is_read_again() -> None:
    capture = only(LEASE)
    before = capture.parsed
    capture.reading.forget()
    assert not capture.reading.is_remembered
    assert [capture.has(type(record)) for record in before.records] == [True]
    assert not capture.reading.is_remembered  # the classes were not
    assert capture.parsed == before
    assert capture.parsed is not before
    assert capture.reading.is_remembered

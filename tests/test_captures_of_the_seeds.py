"""The captures are those of the two documents that the project began with, byte for byte.

The documents are not in the repository; without them these tests are skipped. Only the indentation
of the second document's lists was taken away: it belongs to the page.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

FLAT = "000_70f299ec2078a543.txt"
SELFSERVICE = "004_b44f8d868c90348a.txt"

# In the order of the document: each is a fenced block of shell and the fenced block after it.
FLAT_FILES = [
    "client/openstack-server-create.txt",
    "client/openstack-server-list.txt",
    "client/ssh-cirros-ip-addr.txt",
    "controller/dnsmasq-leases.txt",
    "controller/dnsmasq-host.txt",
    "controller/dnsmasq-addn-hosts.txt",
    "compute/virsh-list.txt",
    "compute/virsh-dumpxml.txt",
    "compute/ip-d-link-show.txt",
    "compute/ovs-vsctl-show.txt",
    "compute/ovs-dpctl-show.txt",
    "compute/ovs-ofctl-dump-flows-br-provider.txt",
    "compute/ovs-ofctl-dump-flows-br-mgmt.txt",
    "compute/ovs-ofctl-dump-flows-br-int.txt",
]
# First line of the block in the document (from 1), its indentation there.
SELFSERVICE_FILES = {
    "controller/1-openstack-network-create.txt": (17, 4),
    "controller/1-ovn-nb-logical-switch.txt": (48, 4),
    "controller/1-ovn-sb-datapath-binding.txt": (58, 6),
    "controller/1-ovn-sb-lflow-list.txt": (64, 6),
    "controller/2-openstack-subnet-create.txt": (130, 4),
    "controller/2-ovn-nb-logical-switch-port.txt": (161, 4),
    "controller/2-ovn-sb-port-binding.txt": (196, 6),
    "controller/2-ovn-sb-multicast-group.txt": (220, 6),
    "controller/2-ovn-sb-lflow-list.txt": (229, 4),
    "compute-without-dhcp-agent/ovs-ofctl-dump-flows-br-int.txt": (268, 6),
    "compute-with-dhcp-agent/ovs-ofctl-show-br-int.txt": (280, 6),
    "compute-with-dhcp-agent/ovs-ofctl-dump-flows-br-int.txt": (292, 6),
}


def fenced(page: bytes) -> Iterator[tuple[bytes, list[bytes]]]:
    """(language, lines) of each fenced block that is no directive."""
    language: bytes | None = None
    block: list[bytes] = []
    for line in page.split(b"\n"):
        if language is None and line.startswith(b"```"):
            language, block = line[3:], []
        elif line == b"```" and language is not None:
            if not language.startswith(b"{"):
                yield language, block
            language = None
        elif language is not None:
            block.append(line)


def indented(page: bytes, first: int, width: int) -> bytes:
    """The block at line ``first`` without its page's indentation: it ends where that is left."""
    block = []
    for line in page.split(b"\n")[first - 1 :]:
        if line[:width].strip(b" ") or len(line) < width:
            break
        block.append(line[width:])
    return b"\n".join(block).rstrip(b"\n") + b"\n"


def test_flat_instance(shared: Path, captures: Path) -> None:
    blocks = list(fenced((shared / "seeds" / FLAT).read_bytes()))
    assert [language for language, _ in blocks[::2]] == [b"sh"] * len(FLAT_FILES)
    for name, (_, command), (_, output) in zip(FLAT_FILES, blocks[::2], blocks[1::2], strict=True):
        prompts = [b"$ "] + [b"> "] * (len(command) - 1)
        typed = [prompt + line for prompt, line in zip(prompts, command, strict=True)]
        expected = b"".join(line + b"\n" for line in typed + output)
        assert (captures / "flat-instance" / name).read_bytes() == expected, name


@pytest.mark.parametrize("name", SELFSERVICE_FILES)
def test_selfservice(shared: Path, captures: Path, name: str) -> None:
    page = (shared / "seeds" / SELFSERVICE).read_bytes()
    assert (captures / "selfservice" / name).read_bytes() == indented(
        page, *SELFSERVICE_FILES[name]
    )


def test_no_capture_is_left_out(shared: Path) -> None:
    """Every line of the second document that is indented as its captures are is in one of them."""
    page = (shared / "seeds" / SELFSERVICE).read_bytes()
    lines = page.split(b"\n")
    inside = {
        number
        for first, width in SELFSERVICE_FILES.values()
        for number in range(first, first + indented(page, first, width).count(b"\n"))
    }
    outside = [line for number, line in enumerate(lines, 1) if number not in inside]
    left = [line.strip() for line in outside if line.startswith(b" " * 4)]
    prose = [b"\xe2\x80\xa2 ", b"Note", b"These actions do not create flows on any nodes."]
    assert [line for line in left if line and not any(map(line.startswith, prose))] == []


def test_no_capture_is_added(captures: Path) -> None:
    expected = {f"flat-instance/{name}" for name in FLAT_FILES}
    expected |= {f"selfservice/{name}" for name in SELFSERVICE_FILES}
    found = {
        path.relative_to(captures).as_posix()
        for scenario in ("flat-instance", "selfservice")
        for path in (captures / scenario).rglob("*.txt*")
    }
    assert found == expected

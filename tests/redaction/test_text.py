"""Every way in which an address, a MAC or a UUID is printed, and what only looks like one."""

from ipaddress import IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ovs_capture.redaction.pseudonyms import Pseudonyms
from ovs_capture.redaction.text import Known, redacted

UUID = "635485ff-6c1e-4a34-8c55-cbe8bb0a1a8e"


def said(text: str, *others: str) -> str:
    known = Known()
    for one in (text, *others):
        known.learn(one)
    return redacted(text, known, Pseudonyms(b"k"))


ADDRESS, MAC = said("192.168.1.2"), said("fa:16:3e:55:2a:5d")
BARE = MAC.replace(":", "")
NEW = said(UUID)
HEX = "".join(f"{int(octet):02x}" for octet in ADDRESS.split("."))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("nw_src=192.168.1.2,tp_dst=80", f"nw_src={ADDRESS},tp_dst=80"),
        ("192.168.1.2:6642", f"{ADDRESS}:6642"),
        ("192.168.1.2/24", f"{ADDRESS}/24"),
        ("192.168.1.2-192.168.1.2", f"{ADDRESS}-{ADDRESS}"),
        ("load:0xc0a80102->NXM_OF_ARP_SPA[]", f"load:0x{HEX}->NXM_OF_ARP_SPA[]"),
        ("nw_src=0xc0a80102,nw_dst=3232235778", f"nw_src=0x{HEX},nw_dst={int(HEX, 16)}"),
        ("nw_src=0xc0a80102/0xffffff00", f"nw_src=0x{HEX}/0xffffff00"),
        ("NXM_OF_IP_SRC[]=0xc0a80102", f"NXM_OF_IP_SRC[]=0x{HEX}"),
        ("load:3232235778->NXM_OF_IP_DST[0..31]", f"load:{int(HEX, 16)}->NXM_OF_IP_DST[0..31]"),
        ("set_field:0xc0a80102/0xffffffff->ip_src", f"set_field:0x{HEX}/0xffffffff->ip_src"),
        ("eth_src=0xfa163e552a5d", f"eth_src=0x{BARE}"),
        ("load:0xfd000000000000000000000000000001->NXM_NX_IPV6_SRC[]",
         f"load:0x{int(IPv6Address(said('fd00::1'))):032x}->NXM_NX_IPV6_SRC[]"),
        ("vxlan-c0a80102", f"vxlan-{HEX}"),
        ("2.1.168.192.in-addr.arpa", ".".join(reversed(ADDRESS.split("."))) + ".in-addr.arpa"),
        ("host-192-168-1-2.openstacklocal", f"host-{ADDRESS.replace('.', '-')}.openstacklocal"),
        ("FA:16:3E:55:2A:5D", MAC.upper()),
        ("mod_dl_src:fa:16:3e:55:2a:5d,", f"mod_dl_src:{MAC},"),
        ("set_field:fa:16:3e:55:2a:5d->eth_dst", f"set_field:{MAC}->eth_dst"),
        ("mac:fa:16:3e:55:2a:5d", f"mac:{MAC}"),
        ("set_field:fd00::1->ipv6_src", f"set_field:{said('fd00::1')}->ipv6_src"),
        ("from fd00::1: icmp", f"from {said('fd00::1')}: icmp"),
        ("fe:16:3e:55:2a:5d", f"fe{MAC[2:]}"),
        ("fa-16-3e-55-2a-5d", MAC.replace(":", "-")),
        ("load:0xfa163e552a5d->NXM_NX_ARP_SHA[]", f"load:0x{BARE}->NXM_NX_ARP_SHA[]"),
        ("tap635485ff-6c qvb635485ff-6c", f"tap{NEW[:11]} qvb{NEW[:11]}"),
        ("tbr-635485ff-6", f"tbr-{NEW[:10]}"),
        ("ovnmeta-" + UUID, "ovnmeta-" + NEW),
        (UUID.replace("-", ""), NEW.replace("-", "")),
        (UUID.upper(), NEW.upper()),
        ("fe80::f816:3eff:fe55:2a5d/64", f"fe80::f816:3eff:fe{BARE[6:8]}:{BARE[8:]}/64"),
    ],
)  # fmt: skip
def test_forms(text: str, expected: str) -> None:
    assert said(text) == expected


@pytest.mark.parametrize(
    ("text", "other", "expected"),
    [
        ("load:0xc0a80102->NXM_NX_REG0[]", "192.168.1.2", f"load:0x{HEX}->NXM_NX_REG0[]"),
        ("reg0=0xc0a80102", "192.168.1.2", f"reg0=0x{HEX}"),
        (
            "set_field:0xfd000000000000000000000000000001->xxreg0",
            "fd00::1",
            f"set_field:0x{int(IPv6Address(said('fd00::1'))):032x}->xxreg0",
        ),
        ("01:fa:16:3e:55:2a:5d", "fa:16:3e:55:2a:5d", f"01:{MAC}"),
        ("8000.fa163e552a5d", "", f"8000.{MAC.replace(':', '')}"),
        ("dpid:0000fa163e552a5d", "fa:16:3e:55:2a:5d", f"dpid:0000{MAC.replace(':', '')}"),
        ("cookie=0x635485ff", UUID, f"cookie=0x{NEW[:8]}"),
        ("635485ff", UUID, NEW[:8]),
        (
            "userdata=00.00.00.02.c0.a8.01.02.fa.16.3e.55.2a.5d",
            "192.168.1.2 fa:16:3e:55:2a:5d",
            "userdata=00.00.00.02."
            + ".".join(HEX[at : at + 2] for at in range(0, 8, 2))
            + f".{MAC.replace(':', '.')}",
        ),
    ],
)
def test_forms_that_another_place_explains(text: str, other: str, expected: str) -> None:
    assert said(text, other) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "cookie=0x495e20e8d5566065, duration=377.8s",
        "load:0x3->NXM_NX_REG5[]",
        "reg0=0xc0a80102",
        "0.0.0.0/0 127.0.0.1 255.255.255.0 255.255.255.255 224.0.0.18 169.254.169.254",
        "ff:ff:ff:ff:ff:ff 00:00:00:00:00:00 01:80:c2:00:00:00 33:33:00:00:00:01",
        ":: ::1 ff02::1 ::/0",
        "12:34:56 up 3 days",
        'ovs_version: "3.3.1"',
        "OID 1.3.6.1.4.1",
        "00000000-0000-0000-0000-000000000000",
        "20240515 12345678",
        "tp_dst=0xfff0/0xfff0",
    ],
)
def test_what_stays(text: str) -> None:
    assert said(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "ct_mark=0xc0a80102",
        "ct_mark=0xc0a80102/0xc0a80102",
        "load:0xc0a80102->NXM_NX_CT_MARK[]",
        "set_field:0xc0a80102->tun_id",
        "metadata=0xc0a80102",
        "tp_src=3232235778",
        "load:0xc0a8->NXM_OF_IP_SRC[16..31]",
        "nw_src=99999999999",
    ],
)
def test_numbers_of_fields_that_hold_no_address(text: str) -> None:
    """Not even where an address of that number is known."""
    assert said(text, "192.168.1.2") == text


def test_a_table_stays_rectangular() -> None:
    table = (
        "+------------+----+\n| Networks   | ID |\n+------------+----+\n"
        "| n=10.0.0.2 | a  |\n| n=8.8.8.8  | b  |\n+------------+----+"
    )
    made = said(table).split("\n")
    assert len({len(line) for line in made}) == 1
    assert made[3] != table.split("\n")[3]
    assert made[1].startswith("| Networks ")


def test_columns_of_blanks_stay() -> None:
    text = "10.0.0.2        next\n10.0.0.3        next"
    assert [line.index("next") for line in said(text).split("\n")] == [16, 16]


@given(st.text(alphabet="0123456789abcdef:./-x| +\n", max_size=60))
def test_any_text_keeps_its_lines(text: str) -> None:
    assert said(text).count("\n") == text.count("\n")


def test_a_name_that_holds_an_address() -> None:
    """The address within is replaced like any other: the name is known all the same."""
    known = Known(names=frozenset({"acme-10.0.0.0", "web01"}))
    text = "| acme-10.0.0.0 | 10.0.0.0/24 | web01 | acme-10.0.0.0 |"
    known.learn(text)
    pseudonyms = Pseudonyms(b"k")
    made = redacted(text, known, pseudonyms)
    assert "acme" not in made
    assert "web01" not in made
    assert made.split()[1] == made.split()[7] == pseudonyms.seen["acme-10.0.0.0"]

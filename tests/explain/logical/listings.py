"""Listings for the tests of logical flows: small ones, a whole one of a laboratory, the seed's."""

import gzip
from pathlib import Path

from ovs_capture.formats.reading import read
from ovs_capture.logical.flow import LogicalFlow
from ovs_capture.source import Source
from ovs_capture.subjects.listings import (
    Listing,
    listing_of,
)

HERE = Path(__file__).parent
SEED = HERE.parents[2] / "captures" / "selfservice" / "controller"


def listing(text: str, name: str = "x.txt") -> Listing:
    captures = read(Source(name, text))
    found = listing_of(captures, captures, None)
    assert found is not None
    return found


def modern() -> Listing:
    """Every logical flow of OVN 23.03 with Neutron's usual networks, ACLs, DHCP, NAT, balancers."""
    packed = (HERE / "ovn-23.03-lflow-list.txt.gz").read_bytes()
    return listing(gzip.decompress(packed).decode())


def of_seed() -> tuple[Listing, ...]:
    """The listings of the second seed: OVN of 2016."""
    return tuple(
        listing("$ ovn-sbctl lflow-list\n" + _output(file), file.name)
        for file in sorted(SEED.glob("*lflow-list.txt"))
    )


def _output(file: Path) -> str:
    text = file.read_text("utf-8")
    return text.partition("\n")[2] if text[:1] in "$#" else text


def flow(match: str, actions: str, stage: str = "ls_in_acl", priority: int = 100) -> LogicalFlow:
    """One flow as a modern OVN prints it."""
    head = 'Datapath: "net" (0b214af6-8910-489c-926a-fd0ed16a8251)  Pipeline: ingress'
    line = f"  table=8 ({stage:<19}), priority={priority:<5}, match=({match}), action=({actions})"
    (one,) = listing(f"$ ovn-sbctl lflow-list\n{head}\n{line}\n").flows
    return one

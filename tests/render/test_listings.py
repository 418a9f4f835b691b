"""Which capture of a file is the listing, and what the others add."""

from ovs_capture.formats.reading import read
from ovs_capture.render.listings import listing_of
from ovs_capture.source import Source

UUID = "0b214af6-8910-489c-926a-fd0ed16a8251"
PORT = "39b23721-46f4-4747-af54-7e12f22b3397"
SHOW = f"""$ ovn-nbctl show
switch {UUID} (neutron-net) (aka private)
    port {PORT} (aka vm1)
        addresses: ["fa:16:3e:00:00:01 10.0.0.5"]
"""
FLOWS = f"""$ ovn-sbctl lflow-list
Datapath: "net" ({UUID})  Pipeline: ingress
  table=0 (ls_in_port_sec_l2  ), priority=50   , match=(inport == "{PORT}"), action=(next;)
"""


def test_names_of_ports_come_from_the_other_captures() -> None:
    captures = read(Source("x.txt", SHOW + FLOWS))
    found = listing_of(captures, captures, None)
    assert found is not None and len(found.flows) == 1
    owner = found.names.owner(PORT)
    assert owner is not None and owner.shown == "vm1"


def test_a_file_without_logical_flows_is_none() -> None:
    captures = read(Source("x.txt", SHOW))
    assert listing_of(captures, captures, None) is None

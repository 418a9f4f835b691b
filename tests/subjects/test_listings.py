"""Which capture of a file is the listing, and what the others add."""

from ovs_capture.formats.reading import read
from ovs_capture.source import Source
from ovs_capture.subjects.listings import (
    flows_about,
    listing_of,
)

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


def test_names_of_ports_come_from_rows_too() -> None:
    row = (
        f"$ ovn-sbctl list Port_Binding\nlogical_port : {PORT}\n"
        'external_ids : {"neutron:port_name"=vm9}\n'
    )
    captures = read(Source("x.txt", row + FLOWS))
    found = listing_of(captures, captures, None)
    assert found is not None
    owner = found.names.owner(PORT)
    assert owner is not None and owner.shown == "vm9"


ABOUT = f"""$ ovn-nbctl list Port_Group
_uuid : 3f629641-5476-4c23-9789-84582707fa0e
name : pg_web
acls : []
ports : [7f007217-3d91-462e-9b02-7af00082f316]

$ ovn-nbctl list Logical_Switch_Port
_uuid : 7f007217-3d91-462e-9b02-7af00082f316
name : "{PORT}"
"""
LINE = "  table=0 (ls_in_acl          ), priority=50   , match=({}), action=(next;)\n"


def test_flows_about_a_port_name_it_its_addresses_or_its_groups() -> None:
    matches = (
        "1",
        "outport == @pg_web && ip4",
        "outport == @pg_webmail && ip4",
        "ip4.dst == 10.0.0.5",
        "ip4.dst == 10.0.0.50",
        "ip4.dst == 110.0.0.5",
        "eth.dst == fa:16:3e:00:00:01",
        'inport == "other"',
    )
    text = SHOW + ABOUT + FLOWS + "".join(LINE.format(match) for match in matches)
    captures = read(Source("x.txt", text))
    found = listing_of(captures, captures, None)
    assert found is not None and len(found.flows) == 9
    wanted = frozenset({0, 2, 4, 7})
    assert flows_about(found, captures, "vm1") == wanted == flows_about(found, captures, PORT)
    assert flows_about(found, captures, "nobody") == frozenset()

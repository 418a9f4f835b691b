"""Names by key and rows by cookie, from the rows of the southbound database."""

from ovs_capture.formats.reading import read
from ovs_capture.network.southbound import Southbound, southbound
from ovs_capture.source import Source

ROWS = """\
$ ovn-sbctl list Datapath_Binding
_uuid               : 0b214af6-8910-489c-926a-fd0ed16a8251
external_ids        : {logical-switch="15e2c80b-1461-4003-9869-80416cd97de5", name=sw0}
tunnel_key          : 5

$ ovn-sbctl list Port_Binding
_uuid               : 3e463ca0-951c-46fd-b6cf-05392fa3aa1f
datapath            : 0b214af6-8910-489c-926a-fd0ed16a8251
logical_port        : "a203b410"
tunnel_key          : 2
type                : ""

$ ovn-sbctl list Multicast_Group
_uuid               : c08d0102-c414-4a47-98d9-dd3fa9f9901c
datapath            : 0b214af6-8910-489c-926a-fd0ed16a8251
name                : _MC_flood
tunnel_key          : 65535

$ ovn-sbctl --version
ovn-sbctl 22.03.2
Open vSwitch Library 2.17.0
DB Schema 20.21.0
"""


def of(text: str) -> Southbound:
    return southbound(read(Source("rows.txt", text)))


def test_no_rows_name_nothing() -> None:
    nothing = southbound(())
    assert nothing.datapath(1) is None and nothing.port(1, 1) is None
    assert nothing.rows_of(0x3E463CA0) == () and nothing.logical_of(1) == ()


def test_keys_have_names() -> None:
    found = of(ROWS)
    datapath = found.datapath(5)
    assert datapath is not None and (datapath.name, datapath.kind) == ("sw0", "ls")
    port, group = found.port(5, 2), found.port(5, 65535)
    assert port is not None and (port.name, port.group) == ("a203b410", False)
    assert group is not None and (group.name, group.group) == ("_MC_flood", True)
    assert found.port(4, 2) is None


def test_a_key_that_two_rows_claim_is_nobodys() -> None:
    twice = ROWS.replace(
        "$ ovn-sbctl list Multicast_Group",
        """_uuid               : ffffffff-951c-46fd-b6cf-05392fa3aa1f
datapath            : 0b214af6-8910-489c-926a-fd0ed16a8251
logical_port        : "another"
tunnel_key          : 2
type                : ""

$ ovn-sbctl list Multicast_Group""",
    )
    assert of(twice).port(5, 2) is None


def test_a_cookie_is_the_beginning_of_a_rows_uuid() -> None:
    assert [(row.table, row.name) for row in of(ROWS).rows_of(0xC08D0102)] == [
        ("Multicast_Group", "_MC_flood")
    ]


def test_a_version_is_the_programs_and_not_the_librarys() -> None:
    assert [one.version for one in of(ROWS).versions] == ["22.03.2"]

"""Names that are somebody's, and names that are words of the tools."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ovs_capture.formats.reading import read
from ovs_capture.redaction.names import any_of, names_in, proper
from ovs_capture.source import Source

PROJECTS = """\
$ openstack project list
+----------------------------------+----------+
| ID                               | Name     |
+----------------------------------+----------+
| 0b39d5a1f1b3461ea62e5a3d9f7e1f0a | acme-crm |
| 1b39d5a1f1b3461ea62e5a3d9f7e1f0a | admin    |
| 2b39d5a1f1b3461ea62e5a3d9f7e1f0a | service  |
+----------------------------------+----------+
"""
SERVER = """\
$ openstack server show web01
+--------------+----------------------------------+
| Field        | Value                            |
+--------------+----------------------------------+
| name         | web01                            |
| project_id   | 0b39d5a1f1b3461ea62e5a3d9f7e1f0a |
| project_name | acme-crm                         |
+--------------+----------------------------------+
"""
DOMAIN = """\
$ virsh dumpxml 1
<domain type='kvm'>
  <name>instance-00000001</name>
  <metadata>
    <nova:instance xmlns:nova="http://openstack.org/xmlns/libvirt/nova/1.1">
      <nova:name>web01</nova:name>
      <nova:owner>
        <nova:user uuid="0b39d5a1f1b3461ea62e5a3d9f7e1f0a">j.doe</nova:user>
        <nova:project uuid="0b39d5a1f1b3461ea62e5a3d9f7e1f0a">acme-crm</nova:project>
      </nova:owner>
    </nova:instance>
  </metadata>
</domain>
"""
FORM = """\
$ openstack server show web01
+-----------------+-----------------------------------------------------+
| Field           | Value                                               |
+-----------------+-----------------------------------------------------+
| addresses       | acme-net=10.0.0.5, 192.0.2.7; acme-dmz=172.16.0.112 |
| flavor          | acme.small (0)                                      |
| image           | acme-cirros (9a2cd7c6-0f1c-4d83-9e45-5b22b08d8a91)  |
| key_name        | acme-key                                            |
| name            | web01                                               |
| security_groups | name='acme-web'                                     |
|                 | name='default'                                      |
+-----------------+-----------------------------------------------------+
"""
NEW_FLAVOR = """\
$ openstack server show web01
+--------+-----------------------------------------------------------------+
| Field  | Value                                                           |
+--------+-----------------------------------------------------------------+
| flavor | disk='1', original_name='acme.tiny', name='acme.tiny', vcpus='1' |
| image  | N/A (booted from volume)                                        |
+--------+-----------------------------------------------------------------+
"""
VOLUMES = """\
$ openstack volume list
+--------------------------------------+------------+--------+------+-------------+
| ID                                   | Name       | Status | Size | Attached to |
+--------------------------------------+------------+--------+------+-------------+
| 9a2cd7c6-0f1c-4d83-9e45-5b22b08d8a91 | acme-disk0 | in-use |    1 |             |
+--------------------------------------+------------+--------+------+-------------+
"""
AGENTS = """\
$ openstack extension list --network
+-------------------------+---------------+
| Name                    | Alias         |
+-------------------------+---------------+
| Neutron Extra DHCP opts | extra_dhcp_op |
+-------------------------+---------------+
"""
NETWORKS = """\
$ neutron net-list
+--------------------------------------+----------+---------+
| id                                   | name     | subnets |
+--------------------------------------+----------+---------+
| 9a2cd7c6-0f1c-4d83-9e45-5b22b08d8a91 | acme-net |         |
| 8a2cd7c6-0f1c-4d83-9e45-5b22b08d8a91 | vxlan    |         |
+--------------------------------------+----------+---------+
"""
OVN_SHOW = """\
$ ovn-nbctl show
switch 22d79095-d316-416e-8839-51a24b00d658 (neutron-a64e580d-5966-556a-895f-11033bc49115) \
(aka acme-net)
    port c8e33d72-a665-51cd-8c0a-ed94a5072185 (aka acme-vm0)
switch 32d79095-d316-416e-8839-51a24b00d658 (acme-plain)
router 1f5163e0-4988-40d2-970f-ad50fc48ab01 (neutron-30904806-51c7-5c04-8df9-cffca35f8696) \
(aka acme-gw)
"""
OVN_ROWS = """\
$ ovn-nbctl list Logical_Switch_Port
_uuid               : c492d2cc-654f-404c-8618-9f9e4ea3b103
external_ids        : {"neutron:network_name"=neutron-a64e580d-5966-556a-895f-11033bc49115, \
"neutron:port_name"=acme-vm0, "neutron:revision_number"="4", "neutron:subnet_name"="acme sub"}
name                : "4a94ede4-375f-5a7a-afe3-cf362a0c2740"
"""
BINDING = """\
$ ovn-sbctl list Datapath_Binding
_uuid               : a82763cd-8faa-484c-944d-6fef2f3327fe
external_ids        : {name=neutron-a64e580d-5966-556a-895f-11033bc49115, name2=acme-net}
tunnel_key          : 2
"""
LFLOWS = """\
$ ovn-sbctl lflow-list
Datapath: "neutron-136d7642-8be3-5c08-8309-f029cf954ce0" aka "acme-net" \
(d9323ede-8388-4cd9-83c4-ecb88441d773)  Pipeline: ingress
  table=0 (ls_in_check_port_sec), priority=100  , match=(eth.src[40]), action=(drop;)
"""
FLAVORED = DOMAIN.replace("<nova:owner>", "<nova:flavor name='acme.small'/><nova:owner>")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (PROJECTS, {"acme-crm"}),
        (SERVER, {"web01", "acme-crm"}),
        (DOMAIN, {"instance-00000001", "web01", "j.doe", "acme-crm"}),
        (
            FORM,
            {"web01", "acme-net", "acme-dmz", "acme.small", "acme-cirros", "acme-key", "acme-web"},
        ),
        (NEW_FLAVOR, {"acme.tiny"}),
        (VOLUMES, {"acme-disk0"}),
        (AGENTS, set()),
        (NETWORKS, {"acme-net"}),
        (OVN_SHOW, {"acme-net", "acme-vm0", "acme-plain", "acme-gw"}),
        (OVN_ROWS, {"acme-vm0", "acme sub"}),
        (BINDING, {"acme-net"}),
        (LFLOWS, {"acme-net"}),
        (FLAVORED, {"instance-00000001", "web01", "j.doe", "acme-crm", "acme.small"}),
        ("$ openstack network list\n+---+\n| Name |\n", set()),
    ],
)
def test_names_of_captures(text: str, names: set[str]) -> None:
    assert {name for capture in read(Source("x.txt", text)) for name in names_in(capture)} == names


@pytest.mark.parametrize(
    "name",
    ["admin", "Default", "db", "10.0.0.1", "", "0" * 8 + "a" * 24, "vxlan",
     "neutron-a64e580d-5966-556a-895f-11033bc49115"],
)  # fmt: skip
def test_names_that_stay(name: str) -> None:
    assert list(proper(name)) == []


NAMES = st.sets(st.text(st.sampled_from("ab.(|"), min_size=1, max_size=5), min_size=1, max_size=9)


@given(NAMES, st.text(st.sampled_from("ab.(| "), max_size=20))
def test_any_of_is_the_longest_that_fits(names: set[str], text: str) -> None:
    plain = "|".join(re.escape(one) for one in sorted(names, key=lambda one: (-len(one), one)))
    assert re.findall(any_of(names), text) == re.findall(plain, text)


def test_names_that_begin_each_other() -> None:
    names = ["a" * length for length in range(1, 2000)]
    assert re.fullmatch(any_of(names), names[-1])

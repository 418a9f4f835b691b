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


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (PROJECTS, {"acme-crm"}),
        (SERVER, {"web01", "acme-crm"}),
        (DOMAIN, {"instance-00000001", "web01", "j.doe", "acme-crm"}),
        ("$ openstack network list\n+---+\n| Name |\n", set()),
    ],
)
def test_names_of_captures(text: str, names: set[str]) -> None:
    assert {name for capture in read(Source("x.txt", text)) for name in names_in(capture)} == names


@pytest.mark.parametrize("name", ["admin", "Default", "db", "10.0.0.1", "", "0" * 8 + "a" * 24])
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

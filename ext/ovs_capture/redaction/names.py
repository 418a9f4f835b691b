"""Names that somebody gave: which there are in captures, and where in a text one stands.

Hosts, guests, projects and users; networks, subnets, routers, ports, images, flavors, security
groups, volumes and whatever else of OpenStack has a name; OVN's logical switches and routers, by
their own names or by those that Neutron gave. A name that is also a word of the tools themselves
(``admin``, ``default``, ``router``, ``vxlan``) stays: replaced wherever it stands, it would take
the sense from what it says elsewhere. A name that holds a UUID (``neutron-a64e580d-...``) follows
that.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from os.path import commonprefix

from ..formats.base import Kind
from ..formats.openstack_table import Resource, Row
from ..formats.ovn_nbctl_names import NamedRow
from ..formats.ovn_rows import ShownDatapath, ShownPort
from ..formats.ovsdb_list import OvsdbRow
from ..formats.reading import Capture

# What a host does; the projects and users that every OpenStack has; types of networks and devices;
# what printers say themselves.
ROLES = frozenset(
    """
    compute controller network client host node storage
    admin service services default public private internal external provider shared
    neutron nova glance cinder keystone placement octavia heat swift horizon barbican designate
    router server bridge switch port system ovs ovn root none null true false
    subnet image flavor volume group guest instance user project tenant security flow flows table
    flat vlan vxlan gre geneve stt local localnet localport virtual remote patch internal tunnel
    tap tun veth dummy bond vrf loopback link ether inet inet6 scope global dynamic static kernel
    proto metric master type state mode mtu address addresses options name names tag trunk access
    native metadata dhcp dhcpv4 dhcpv6 snat dnat fip ingress egress drop allow reject accept deny
    tcp udp icmp icmpv6 arp ipv4 ipv6 priority actions match output controller active standby error
    enabled disabled available booted
    """.split()  # noqa: SIM905 (as a list it would be 40 lines)
)
# Objects of OpenStack whose names are somebody's, as the clients' commands call them, and fields
# that name one in the others.
_OBJECTS = frozenset(
    {
        *("server", "project", "tenant", "user", "domain", "group", "aggregate", "server group"),
        *("network", "net", "subnet", "subnet pool", "subnetpool", "address scope", "port"),
        *("router", "security group", "address group", "network trunk", "network qos policy"),
        *("image", "flavor", "keypair", "stack", "loadbalancer", "loadbalancer listener"),
        *("loadbalancer pool", "loadbalancer member", "loadbalancer healthmonitor"),
        *("volume", "volume snapshot", "volume backup", "volume type", "snapshot"),
    }
)
_FIELDS = frozenset(
    {
        *("project", "project name", "tenant", "tenant name", "user", "user name", "key name"),
        *("image", "image name", "flavor", "flavor name", "original name", "volume name"),
        *("network name", "subnet name", "router name", "port name", "security group name"),
    }
)
# Fields that name networks or groups within: `provider=172.16.0.112; web=10.0.0.5`, `name='web'`.
_ADDRESSES = frozenset({"networks", "addresses"})
_NETWORK = re.compile(r"(?:^|[;\n])\s*([^=;\n]+?)=")
_GROUPS = frozenset({"security groups", "flavor"})
_QUOTED_NAME = re.compile(r"\bname='([^']*)'")
# An image or a flavor, and behind it its ID; of an instance on a volume there is no image.
_WITH_ID = re.compile(r"(.*?) \((?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{1,32})\)")
_NO_IMAGE = re.compile(r"N/A(?: .*)?")
# nova/virt/libvirt/config.py, LibvirtConfigGuestMetaNovaOwner, LibvirtConfigGuestMetaNovaFlavor.
_OF_DOMAIN = re.compile(
    r"<nova:(?:user|project)\b[^>\n]*>([^<\n]+)</|<nova:flavor\b[^>\n]*?\bname=[\"']([^\"'\n]+)"
)
# neutron/common/ovn/constants.py OVN_*_NAME_EXT_ID_KEY; northd.c copies one as name2 of a datapath.
_KEY = re.compile(r"(?:neutron:\w+_name|name2)")
_OWN_NAME = frozenset({"Logical_Switch", "Logical_Router"})
_DATAPATH = re.compile(r'^[ \t]*Datapath: *"([^"\n]*)"(?: +aka +"([^"\n]*)")?', re.MULTILINE)
# How deep groups of a regular expression stand in each other.
_DEEPEST = 20
_ID = re.compile(r"(?<![0-9a-f])[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}(?![0-9a-f])")


def names_in(capture: Capture) -> Iterator[str]:
    """The names that somebody gave, as far as a capture tells that they are names."""
    for mark in capture.marks:
        if mark.kind in (Kind.GUEST, Kind.HOST):
            yield from proper(mark.value)
    for name in _told(capture):
        yield from proper(name)


def _told(capture: Capture) -> Iterator[str]:
    for record in capture.parsed.records:
        match record:
            case Row():
                yield from _of_openstack(record.object, record.cells)
            case Resource():
                yield from _of_openstack(record.object, record.fields)
            case ShownDatapath():
                yield from (record.name, record.aka or "")
            case ShownPort():
                yield record.aka or ""
            case NamedRow() if record.table in _OWN_NAME:
                yield record.name or ""
            case OvsdbRow():
                external = record.map("external_ids")
                yield from (name for key, name in external.items() if _KEY.fullmatch(key))
                if record.table in _OWN_NAME:
                    yield record.text("name") or ""
    if capture.format.name == "virsh_dumpxml":
        for found in _OF_DOMAIN.findall(capture.source.window):
            yield from found
    if capture.format.name == "ovn_sbctl_lflow_list":
        for found in _DATAPATH.findall(capture.source.window):
            yield from found


def _of_openstack(listed: str | None, cells: dict[str, str]) -> Iterator[str]:
    """The names in a row or a resource; where no command tells of what, ``name`` is a name."""
    for heading, text in cells.items():
        field = heading.lower().replace("_", " ")
        if field == "name" and (listed is None or listed in _OBJECTS):
            yield text
        elif field in _ADDRESSES:
            yield from _NETWORK.findall(text)
        elif field in _GROUPS and (found := _QUOTED_NAME.findall(text)):
            yield from found
        elif field in _FIELDS and not _NO_IMAGE.fullmatch(text):
            with_id = _WITH_ID.fullmatch(text)
            yield with_id[1] if with_id else text


def proper(name: str) -> Iterator[str]:
    """The name, if it is one that only its owner has."""
    if (
        len(name) > 2
        and name.lower() not in ROLES
        and any(char.isalpha() for char in name)
        and not _ID.search(name)
        and "\n" not in name
    ):
        yield name


def any_of(names: Iterable[str]) -> str:
    """A regular expression for any of some names, the longest first, that asks each letter once."""
    return _any_of(sorted(set(names)), 0)


def _any_of(names: list[str], depth: int) -> str:
    """``names``: sorted, so that those with one beginning stand together."""
    begin = commonprefix(names)  # noqa: RUF071 (of names, letter by letter, not of paths)
    rest = [name[len(begin) :] for name in names]
    if len(rest) == 1:
        return re.escape(begin)
    if depth > _DEEPEST:
        longest = sorted(rest, key=len, reverse=True)
        return f"{re.escape(begin)}(?:{'|'.join(map(re.escape, longest))})"
    longer = [name for name in rest if name]
    branches = [_any_of(list(group), depth + 1) for _, group in groupby(longer, lambda one: one[0])]
    optional = "?" if len(longer) < len(rest) else ""
    return f"{re.escape(begin)}(?:{'|'.join(branches)}){optional}"

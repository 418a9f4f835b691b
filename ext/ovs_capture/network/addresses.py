"""Which address a MAC has, by the best source, and where sources disagree.

Order of sources (CORRELATION.md): the device's own ``ip addr``, dnsmasq's leases, its host file,
OVN's ``addresses``, port security flows, iptables anti-spoofing, the API's port list. The best is
drawn; a lesser one that disagrees is told.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_interface, ip_network
from itertools import combinations

from ..diagnostic import Code, Diagnostic
from ..formats.dnsmasq_host import DhcpHost
from ..formats.dnsmasq_leases import Lease
from ..formats.ip_addr import AddressedLink
from ..formats.ip_neigh import Neighbour
from ..formats.iptables_list import ListedRule
from ..formats.iptables_save import SavedRule
from ..formats.reading import Capture
from .cloud import Cloud, CloudPort
from .devices import drawn_address
from .flow_shapes import exact
from .model import DeviceAddress, Evidence
from .naming import leads_to
from .ovsdb import PortAddress, port_addresses
from .pool import of_each_host, once
from .snapshot import FlowDump, facts, place_of

OWN, LEASES, DHCP_HOST, OVN, FLOWS, IPTABLES, API = range(7)


@dataclass(frozen=True, slots=True)
class Claim:
    """A source says that a MAC has an address. ``network``: what keeps equal addresses apart."""

    mac: str
    address: DeviceAddress
    source: int
    network: str | None = None

    @property
    def evidence(self) -> Evidence:
        return self.address.evidence[0]


@dataclass(frozen=True)
class Claims:
    """All claims of a scenario, by MAC."""

    by_mac: dict[str, tuple[Claim, ...]] = field(default_factory=dict)

    def of(self, mac: str | None) -> tuple[DeviceAddress, ...]:
        """The addresses of the best source; equal ones of other sources add their evidence."""
        claims = self.by_mac.get(mac, ()) if mac else ()
        found: list[DeviceAddress] = []
        for family in (4, 6):
            same = [claim for claim in claims if _family(claim.address) == family]
            if not same:
                continue
            best = min(claim.source for claim in same)
            for claim in same:
                if claim.source == best and all(a.ip != claim.address.ip for a in found):
                    found.append(_with_evidence(claim.address, same))
        return tuple(found)

    def disagreements(self, mac: str, what: str) -> Iterator[Diagnostic]:
        """A lesser source that names only other addresses than the best one."""
        for family in (4, 6):
            same = [c for c in self.by_mac.get(mac, ()) if _family(c.address) == family]
            if not same:
                continue
            best = min(claim.source for claim in same)
            ours = [claim for claim in same if claim.source == best]
            known = {claim.address.ip for claim in ours}
            for source in sorted({claim.source for claim in same} - {best}):
                theirs = [claim for claim in same if claim.source == source]
                if known.isdisjoint(claim.address.ip for claim in theirs):
                    where = theirs[0].evidence
                    args = {
                        "what": what,
                        "best": ours[0].address.ip,
                        "best_from": ours[0].evidence.file,
                        "other": theirs[0].address.ip,
                        "other_from": where.file,
                    }
                    yield Diagnostic(Code.ADDRESS_DISAGREES, where.capture.source, where.span, args)

    def twice(self) -> Iterator[Diagnostic]:
        """Addresses that two MACs claim in one network."""
        first_of: dict[str, str] = {}
        # Every host goes through the claims of all: mostly none is rivalled.
        if all(
            first_of.setdefault(claim.address.ip, mac) == mac
            for mac, of_mac in self.by_mac.items()
            for claim in of_mac
        ):
            return
        by_ip: dict[str, list[Claim]] = {}
        for of_mac in self.by_mac.values():
            allowed = sum(claim.source == FLOWS for claim in of_mac) if len(of_mac) > 1 else 0
            for claim in of_mac:
                # A VIP (/32, or one of several allowed addresses) is meant to move between MACs.
                moves = claim.source == FLOWS and allowed > 1
                longest = 32 if _family(claim.address) == 4 else 128
                if claim.address.prefixlen != longest and not moves:
                    by_ip.setdefault(claim.address.ip, []).append(claim)
        for ip_text, rivals in sorted(by_ip.items()):
            pair = next((p for p in combinations(rivals, 2) if _rivals(*p)), None)
            if pair is not None:
                first, second = pair
                where = second.evidence
                args = {
                    "what": ip_text,
                    "first": first.mac,
                    "first_from": first.evidence.file,
                    "second": second.mac,
                    "second_from": where.file,
                }
                yield Diagnostic(Code.ADDRESS_TWO_MACS, where.capture.source, where.span, args)


def _rivals(one: Claim, other: Claim) -> bool:
    if one.mac == other.mac:
        return False
    # Tenants may use the same prefix: two known networks keep equal addresses apart.
    return one.network is None or other.network is None or one.network == other.network


def _family(address: DeviceAddress) -> int:
    return 6 if ":" in address.ip else 4


def _with_evidence(address: DeviceAddress, claims: Iterable[Claim]) -> DeviceAddress:
    equal = [claim.address for claim in claims if claim.address.ip == address.ip]
    return replace(
        address,
        prefixlen=next((a.prefixlen for a in equal if a.prefixlen is not None), None),
        evidence=tuple(dict.fromkeys(e for a in equal for e in a.evidence)),
    )


def claims(captures: Sequence[Capture], dumps: Iterable[FlowDump], cloud: Cloud) -> Claims:
    """Every claim of a scenario's captures. ``dumps``: of the host's own bridges."""
    known: dict[str, list[Claim]] = {}

    def add(claim: Claim | None) -> None:
        if claim is not None:
            known.setdefault(claim.mac, []).append(claim)

    for told in (_by_links, _by_leases, _by_dhcp_hosts):
        for claim in of_each_host(captures, told):
            add(claim)
    for logical in port_addresses(captures):
        add(once(captures, _by_ovn, logical))
    for mac, address in _anti_spoofing(captures):
        add(_claim(mac, address, IPTABLES))
    for port in cloud.ports:
        for claim in once(captures, _by_api, port):
            add(claim)
    of_servers = {ip for server in cloud.servers for ip in server.ips}
    for mac, allowed in _port_security(dumps).items():
        # Allowed address pairs stand beside the port's own address: the one that others name.
        named = {claim.address.ip for claim in known.get(mac, ())}
        own = [a for a in allowed if a.ip in named] or [a for a in allowed if a.ip in of_servers]
        for address in own or allowed:
            add(_claim(mac, address, FLOWS))
    _confirm(known, captures)
    return Claims({mac: tuple(found) for mac, found in known.items()})


def _claim(
    mac: str | None, address: DeviceAddress, source: int, network: str | None = None
) -> Claim | None:
    if mac and (normal := _normal(address)) and drawn_address(normal, ()):
        return Claim(mac.lower(), normal, source, network)
    return None


def _by_links(captures: Sequence[Capture]) -> list[Claim | None]:
    return [
        _claim(
            link.address,
            DeviceAddress(inet.local, inet.prefixlen, (Evidence(capture, inet.span),)),
            OWN,
        )
        for capture in _latest(captures, AddressedLink)
        for link, _ in facts((capture,), AddressedLink)
        # docker0, virbr0: every host has the same prefix behind its own.
        if leads_to(link.ifname) != "bridge"
        for inet in link.addresses
    ]


def _by_leases(captures: Sequence[Capture]) -> list[Claim | None]:
    return [
        _claim(lease.mac, DeviceAddress(lease.ip, None, (evidence,)), LEASES, _network_of(capture))
        for capture in _latest(captures, Lease)
        for lease, evidence in facts((capture,), Lease)
    ]


def _by_dhcp_hosts(captures: Sequence[Capture]) -> list[Claim | None]:
    return [
        _claim(host.mac, DeviceAddress(ip, None, (evidence,)), DHCP_HOST, _network_of(capture))
        for capture in _latest(captures, DhcpHost)
        for host, evidence in facts((capture,), DhcpHost)
        for ip in host.ips
    ]


def _by_ovn(port: PortAddress) -> Claim | None:
    return _claim(port.mac, DeviceAddress(port.ip, None, (port.evidence,)), OVN, port.network)


def _by_api(port: CloudPort) -> tuple[Claim | None, ...]:
    return tuple(
        _claim(port.mac, DeviceAddress(ip, None, (port.evidence,)), API) for ip in port.ips
    )


def _confirm(known: dict[str, list[Claim]], captures: Sequence[Capture]) -> None:
    """Neighbours that answered for an address with its MAC prove it as well.

    A cache gives no address of its own: behind a MAC are virtual and floating addresses too.
    """
    for mac, ip, evidence in of_each_host(captures, _neighbours):
        same = known.get(mac, [])
        for index, claim in enumerate(same):
            if claim.address.ip == ip:
                proofs = (*claim.address.evidence, evidence)
                same[index] = replace(claim, address=replace(claim.address, evidence=proofs))
                break


def _neighbours(captures: Sequence[Capture]) -> list[tuple[str, str, Evidence]]:
    """Those that answered: MAC, address."""
    found = []
    for capture in _latest(captures, Neighbour):
        for neighbour, evidence in facts((capture,), Neighbour):
            address = _normal(DeviceAddress(neighbour.dst, None, (evidence,)))
            if address is not None and neighbour.lladdr and neighbour.state != "FAILED":
                found.append((neighbour.lladdr, address.ip, evidence))
    return found


def _port_security(dumps: Iterable[FlowDump]) -> dict[str, list[DeviceAddress]]:
    """Exact ``dl_src`` with exact ``nw_src`` or ``arp_spa``: what a port may send as."""
    found: dict[str, dict[str, DeviceAddress]] = {}
    for dump in dumps:
        for flow, evidence in dump.flows:
            mac = exact(flow, "eth_src")
            ip = exact(flow, "ip_src") or exact(flow, "arp_spa")
            if mac and ip and ip != "0.0.0.0":
                found.setdefault(mac, {}).setdefault(ip, DeviceAddress(ip, None, (evidence,)))
    return {mac: list(addresses.values()) for mac, addresses in found.items()}


def _anti_spoofing(captures: Sequence[Capture]) -> Iterator[tuple[str, DeviceAddress]]:
    """``RETURN ... IP ... MAC``: what the Linux bridge agent lets a port send as.

    Several addresses of one MAC are allowed address pairs: none of them is known to be the port's.
    """
    found: dict[str, dict[str, DeviceAddress]] = {}
    for allowed in (_by_listed_rules, _by_saved_rules):
        for mac, address in of_each_host(captures, allowed):
            found.setdefault(mac, {}).setdefault(address.ip, address)
    for mac, addresses in found.items():
        by_family = [[a for a in addresses.values() if _family(a) == family] for family in (4, 6)]
        yield from ((mac, same[0]) for same in by_family if len(same) == 1)


def _by_listed_rules(captures: Sequence[Capture]) -> list[tuple[str, DeviceAddress]]:
    return list(_allowed(captures, ListedRule))


def _by_saved_rules(captures: Sequence[Capture]) -> list[tuple[str, DeviceAddress]]:
    return list(_allowed(captures, SavedRule))


def _allowed(
    captures: Sequence[Capture], kind: type[ListedRule] | type[SavedRule]
) -> Iterator[tuple[str, DeviceAddress]]:
    """Each MAC and address that a rule lets pass."""
    for capture in _latest(captures, kind):
        if place_of(capture).ssh is not None:
            continue
        for rule, evidence in facts((capture,), kind):
            assert isinstance(rule, ListedRule | SavedRule)
            ip, _, length = (rule.source or "").partition("/")
            if rule.target == "RETURN" and rule.mac and length in ("", "32", "128"):
                address = DeviceAddress(ip, None, (evidence,))
                if _normal(address) is not None and ip not in ("0.0.0.0", "::"):
                    yield rule.mac, address


def _latest(captures: Sequence[Capture], kind: type) -> list[Capture]:
    """Of several captures of one command at one place, the last is the state."""
    last: dict[object, Capture] = {}
    for number, capture in enumerate(captures):
        if not capture.has(kind):
            continue
        # An ssh target is no identity: one floating IP may reach several guests, so all count.
        place = place_of(capture)
        key: object = number
        if capture.command is not None and place.ssh is None:
            directory = capture.source.name.rpartition("/")[0]
            key = (directory, place, capture.command.words, capture.command.filters)
        last.pop(key, None)
        last[key] = capture
    return list(last.values())


def _network_of(capture: Capture) -> str | None:
    """The network's UUID in a path like ``/var/lib/neutron/dhcp/<network>/leases``."""
    for word in capture.command.words if capture.command else ():
        parts = word.split("/")
        if len(parts) > 1 and len(parts[-2]) == 36 and parts[-2].count("-") == 4:
            return parts[-2]
    return None


def _normal(address: DeviceAddress) -> DeviceAddress | None:
    try:
        ip = ip_address(address.ip.strip("[]"))
    except ValueError:
        return None
    return replace(address, ip=str(ip))


def network_of(text: str) -> IPv4Network | IPv6Network | None:
    """A prefix as a printer writes it; None for what is none: ``0/24``, ``10.0.0.0/99``."""
    try:
        return ip_network(text, strict=False)
    except ValueError:
        return None


def prefix(address: DeviceAddress) -> str | None:
    """The network of an address with a real prefix: ``172.16.0.0/24``; None for a /32."""
    if address.prefixlen is None:
        return None
    try:
        interface = ip_interface(f"{address.ip}/{address.prefixlen}")
    except ValueError:
        return None
    if address.prefixlen == interface.max_prefixlen or interface.is_link_local:
        return None
    return str(interface.network)

"""Which agent wrote these flows, told from the flows themselves.

Lives here: recognition, its evidence, and the releases that the evidence leaves. A pipeline is
recognised only by flows of known shapes; where the evidence does not suffice there is none, and the
page says so. What does not fit is told as well: it is evidence against the table or the release.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from .. import knowledge
from ..network.model import Network
from ..network.southbound import Southbound
from ..openflow.flow import Flow
from .fitting import Fitted, fitted
from .kinds import kinds
from .message import Message, Ref
from .names import Names
from .ovn import recognition as ovn
from .ovn.joins import Joins
from .ovn.keys import Keys, entries
from .ovn.shapes import part_of
from .shapes import Releases, Shape

INTEGRATION, TUNNEL, PHYSICAL, TRUNK = "br-int", "br-tun", "br-phys", "tbr-"

# How many telling shapes of the integration bridge it takes, and what part of its flows must be
# known: two could be a coincidence of a hand-written pipeline, and OVN's br-int knows none.
_TELLING = 3
_PART = 0.6
_FIREWALL_TABLE = 71


class Evidence(NamedTuple):
    """One thing found. ``shape``: how it looks. ``releases``: where the agent writes it so."""

    shape: str
    meaning: Message
    releases: Releases
    fits: bool

    @property
    def since(self) -> int | None:
        return self.releases.first

    @property
    def until(self) -> int | None:
        return self.releases.until


@dataclass(frozen=True)
class Pipeline:
    """A recognised pipeline. ``roles``: of each bridge (``br-int``, ``br-phys`` ...).

    ``releases``: the majors that fit best, consecutive or not, lowest first. ``asked``: the author
    said so in host.toml, and the evidence may be none. ``fits``: of each bridge with a role, its
    flows with their shapes. ``told_version``: the version where it is no major (OVN). ``keys``: of
    each bridge of OVN, what its numbers stand for. ``joins``: the rows that its flows are made of.
    """

    name: str
    title: Message
    roles: Mapping[str, str]
    releases: tuple[int, ...]
    evidence: tuple[Evidence, ...] = ()
    driver: Message | None = None
    asked: bool = False
    told_version: Message | None = None
    keys: Mapping[str, Keys] = field(default_factory=dict, compare=False, repr=False)
    joins: Mapping[str, Joins] = field(default_factory=dict, compare=False, repr=False)
    fits: Mapping[str, tuple[Fitted, ...]] = field(default_factory=dict, compare=False, repr=False)

    def shapes_of(
        self, bridge: str | None, flows: Sequence[Flow], names: Names
    ) -> Iterable[Fitted]:
        """Flows of ``bridge`` with their shapes; found already where it is the whole dump."""
        role = self.roles.get(bridge or "")
        if role is None:
            return [Fitted(kind.flows, ()) for kind in kinds(flows)]
        found = self.fits.get(bridge or "", ())
        known = {id(flow) for one in found for flow in one.flows}
        if len(known) == len(flows) and all(id(flow) in known for flow in flows):
            return found
        return fitted(role, flows, names)

    def naming(self, names: Names) -> Names:
        """The names of a bridge with what the recognised pipeline adds to them."""
        keys = self.keys.get(names.bridge or "")
        return names if keys is None else names.with_ovn(keys)

    @property
    def version(self) -> Message | None:
        """``Neutron 24 (2024.1 Caracal)``, ``OVN 23.03.1``; None when every release fits."""
        if self.told_version is not None:
            return self.told_version
        if not self.releases or set(self.releases) >= set(_all_releases()):
            return None
        first, last = self.releases[0], self.releases[-1]
        if first == last:
            return Message(
                "Neutron %(major)s (%(release)s)", {"major": first, "release": release_name(first)}
            )
        return Message(
            "Neutron %(first)s to %(last)s (%(first_release)s to %(last_release)s)",
            {
                "first": first,
                "last": last,
                "first_release": release_name(first),
                "last_release": release_name(last),
            },
        )


def release_name(major: int) -> str:
    """``2024.1 Caracal``."""
    name: str = knowledge.table("openstack_releases")["neutron"][str(major)]
    return name


def _all_releases() -> tuple[int, ...]:
    return tuple(sorted(int(major) for major in knowledge.table("openstack_releases")["neutron"]))


def recognise(
    dumps: Mapping[str, Sequence[Flow]],
    network: Network | None,
    asked: str | None = None,
    names: Mapping[str, Names] | None = None,
) -> Pipeline | None:
    """The pipeline of a host's bridges. ``asked``: host.toml's ``pipeline``, which overrides.

    ``names``: those of each bridge, where they are known already.
    """
    if asked == "none":
        return None
    if names is None:
        names = {bridge: Names.of(network, bridge, flows) for bridge, flows in dumps.items()}
    found = None if asked == "ovn" else _neutron(dumps, names, asked)
    return found or (_ovn(dumps, network, names, asked) if asked != "neutron-ovs" else None)


def _ovn(
    dumps: Mapping[str, Sequence[Flow]],
    network: Network | None,
    names: Mapping[str, Names],
    asked: str | None,
) -> Pipeline | None:
    """OVN's integration bridge among the bridges."""
    database = (network.southbound if network is not None else None) or Southbound()
    roles: dict[str, str] = {}
    fits: dict[str, tuple[Fitted, ...]] = {}
    keys: dict[str, Keys] = {}
    joins: dict[str, Joins] = {}
    evidence: list[Evidence] = []
    told: ovn.Recognised | None = None
    for bridge, flows in dumps.items():
        forced = asked == "ovn" and (bridge == INTEGRATION or len(dumps) == 1)
        recognised = ovn.recognise(flows, database, asked=forced) if flows else None
        if recognised is None:
            continue
        told = told or recognised
        roles[bridge] = part_of(recognised.layouts, set(recognised.kinds.values()))
        keys[bridge] = Keys(
            recognised.versions,
            database,
            recognised.kinds,
            entries(flows, recognised.inport),
            recognised.inport,
            recognised.outport,
        )
        joins[bridge] = Joins.of(flows, recognised.layouts, recognised.kinds, database)
        fits[bridge] = fitted(roles[bridge], flows, names[bridge].with_ovn(keys[bridge]))
        evidence += [
            Evidence(clue.look, clue.meaning, Releases(None, None), clue.fits)
            for clue in recognised.clues
        ]
        evidence += _unknown(bridge, fits[bridge])
    if told is None:
        return None
    return Pipeline(
        name="ovn",
        title=Message("OVN integration bridge"),
        roles=roles,
        releases=(),
        evidence=tuple(evidence),
        driver=told.dialect,
        asked=asked == "ovn",
        told_version=told.version,
        keys=keys,
        joins=joins,
        fits=fits,
    )


def _neutron(
    dumps: Mapping[str, Sequence[Flow]], names: Mapping[str, Names], asked: str | None
) -> Pipeline | None:
    """The bridges of Neutron's agent."""
    forced = asked == "neutron-ovs"
    roles: dict[str, str] = {}
    fits: dict[str, tuple[Fitted, ...]] = {}
    for wanted, fitting in (
        (INTEGRATION, _is_integration),
        (TUNNEL, _is_tunnel),
        (PHYSICAL, _is_physical),
        (TRUNK, _is_trunk),
    ):
        if wanted != INTEGRATION and not forced and not roles:
            continue
        for bridge, flows in dumps.items():
            if bridge in roles or not flows:
                continue
            found = fitted(wanted, flows, names[bridge])
            if fitting(found, names[bridge]) or (forced and bridge == wanted):
                roles[bridge], fits[bridge] = wanted, found
    if not roles and not forced:
        return None
    releases = _releases(fit for found in fits.values() for fit in found)
    return Pipeline(
        name="neutron-ovs",
        title=Message("Neutron Open vSwitch agent"),
        roles=roles,
        releases=releases,
        evidence=tuple(_evidence(fits, releases)),
        driver=_driver(fits, roles),
        asked=forced,
        fits=fits,
    )


def _known_part(found: Sequence[Fitted]) -> float:
    known = sum(len(one.flows) for one in found if one.shapes)
    return known / sum(len(one.flows) for one in found)


def _telling(found: Sequence[Fitted]) -> set[tuple[int, str]]:
    return {(s.table, s.id) for one in found for s in one.shapes if s.evidence is not None}


def _is_integration(found: Sequence[Fitted], names: Names) -> bool:
    return len(_telling(found)) >= _TELLING and _known_part(found) >= _PART


def _is_tunnel(found: Sequence[Fitted], names: Names) -> bool:
    return len(_telling(found)) >= 1 and _known_part(found) >= _PART


def _is_physical(found: Sequence[Fitted], names: Names) -> bool:
    """All flows known, and one is about what comes through a patch port.

    A bridge that only switches normally is nobody's in particular.
    """
    if _known_part(found) < 1:
        return False
    ports = {
        clause.value or ""
        for one in found
        for flow in one.flows
        for clause in flow.match.clauses
        if clause.field == "in_port"
    }
    return any(names.is_patch(port) or port.startswith("phy-") for port in ports)


def _is_trunk(found: Sequence[Fitted], names: Names) -> bool:
    # Neutron: trunk_manager.py, gen_trunk_br_name
    return _known_part(found) == 1 and (names.bridge or "").startswith(TRUNK)


def _covers(fit: Fitted, release: int) -> bool:
    return any(release in shape.releases for shape in fit.shapes)


def _releases(fits: Iterable[Fitted]) -> tuple[int, ...]:
    """The releases in which most of the known flows are written just so."""
    known = [fit for fit in fits if fit.shapes]
    score = Counter(
        {
            release: sum(len(fit.flows) for fit in known if _covers(fit, release))
            for release in _all_releases()
        }
    )
    best = max(score.values(), default=0)
    return tuple(release for release in _all_releases() if best and score[release] == best)


def _evidence(fits: Mapping[str, Sequence[Fitted]], releases: Sequence[int]) -> Iterable[Evidence]:
    told: set[tuple[str, int, str]] = set()
    odd: list[Evidence] = []
    for found in fits.values():
        for fit in found:
            for shape in _best(fit.shapes, releases):
                key = (shape.bridge, shape.table, shape.id)
                suits = any(release in shape.releases for release in releases)
                if key in told or (suits and shape.evidence is None):
                    continue
                told.add(key)
                if suits and shape.evidence is not None:
                    yield Evidence(
                        _look(fit.flows[0]), Message(shape.evidence), shape.releases, True
                    )
                else:
                    meaning = Message("Does not fit: written so in other releases")
                    odd.append(Evidence(_look(fit.flows[0]), meaning, shape.releases, False))
    yield from odd
    for bridge, found in fits.items():
        yield from _unknown(bridge, found)


def _unknown(bridge: str, found: Iterable[Fitted]) -> Iterator[Evidence]:
    """What the agent is not known to write."""
    unknown = [flow for fit in found if not fit.shapes for flow in fit.flows]
    if unknown:
        meaning = Message(
            "Does not fit: flows of %(bridge)s without a known shape: %(count)s",
            {"count": len(unknown), "bridge": Ref("bridge", bridge)},
        )
        yield Evidence(_look(unknown[0]), meaning, Releases(None, None), False)


def _best(shapes: Sequence[Shape], releases: Sequence[int]) -> Sequence[Shape]:
    """The first shape of the concluded releases, else the first at all."""
    suiting = [s for s in shapes if any(release in s.releases for release in releases)]
    return (suiting or list(shapes))[:1]


def _look(flow: Flow) -> str:
    """``table=71 priority=95 rarp``: enough to find the flow in the dump."""
    look = f"table={flow.table} priority={flow.priority}"
    for clause in flow.match.clauses[:1]:
        mask = "" if clause.mask is None else f"/{clause.mask}"
        look += f" {clause.key}" + ("" if clause.value is None else f"={clause.value}{mask}")
    return look


def _driver(fits: Mapping[str, Sequence[Fitted]], roles: Mapping[str, str]) -> Message | None:
    """The firewall driver: only openvswitch installs tables of its own."""
    firewall = any(
        fit.flows[0].table == _FIREWALL_TABLE and fit.shapes
        for bridge, found in fits.items()
        if roles[bridge] == INTEGRATION
        for fit in found
    )
    return Message("openvswitch firewall driver") if firewall else None

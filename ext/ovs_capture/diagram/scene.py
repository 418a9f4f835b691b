"""The scene: what a picture shows, before anything has a place or a colour.

Lives here: the frozen elements of DESIGN section 7 and their JSON form, which is the contract of
``ovs-capture topology -o x.json``. Does not live here: how a model becomes a scene (``compose``),
where things go (``layout``), how they look (``paint``).

Ids are ``n0, n1 ...``: a name never is an id, so nothing from a capture reaches an XML attribute
that a browser interprets. The scene is the same in every language; the painter translates.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

ContainerKind = Literal["host", "guest", "namespace", "process", "cloud"]
BridgeKind = Literal["ovs", "linux"]
InterfaceKind = Literal[
    "nic", "bond", "vlan", "vxlan", "geneve", "gre", "patch", "tap", "veth", "internal", "macvlan",
    "guest-nic",
]  # fmt: skip


@dataclass(frozen=True, slots=True, order=True)
class Origin:
    """A capture line that proves an element: ``file`` as the user named it, ``line`` from 1."""

    file: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Container:
    """A box: a host, or what lives in it. ``parent`` is the id of the box around it."""

    id: str
    kind: ContainerKind
    title: str
    subtitle: str | None = None
    parent: str | None = None
    source: tuple[Origin, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Bridge:
    """A switch. Linux bridges have no port boxes: wires end on the bridge itself."""

    id: str
    kind: BridgeKind
    name: str
    container: str
    source: tuple[Origin, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Port:
    """A port of an OVS bridge. ``side`` is a wish: towards the NICs or towards the guests."""

    id: str
    name: str
    bridge: str
    tag: int | None = None
    side: Literal["top", "bottom"]
    source: tuple[Origin, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Interface:
    """A network device, or a patch or tunnel interface.

    ``border``: it straddles its container's top border.
    """

    id: str
    kind: InterfaceKind
    name: str
    container: str
    border: bool = False
    source: tuple[Origin, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rail:
    """A network, drawn as a line above the hosts."""

    id: str
    title: str
    annotation: str | None = None
    source: tuple[Origin, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """An address beside the interface that has it, without its prefix length."""

    id: str
    interface: str
    text: str
    source: tuple[Origin, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wire:
    """What joins two elements: ids of rails, interfaces, ports, or bridges of kind ``linux``."""

    id: str
    ends: tuple[str, str]
    kind: Literal["wire", "carried"] = "wire"
    label: str | None = None
    source: tuple[Origin, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Callout:
    """What a port does to a tag: ``outer`` on the wire's side, ``inner`` on the side of br-int."""

    id: str
    port: str
    outer: str
    inner: str
    direction: Literal["in", "out", "both"]
    source: tuple[Origin, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Omission:
    """What the captures show and the picture leaves out.

    ``reason`` is one of the drop rules of CORRELATION.md.
    """

    kind: Literal["container", "bridge", "port", "interface", "tunnel"]
    name: str
    reason: str
    source: tuple[Origin, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Everything that one picture shows, in drawing order of the natural sort."""

    containers: tuple[Container, ...] = ()
    bridges: tuple[Bridge, ...] = ()
    ports: tuple[Port, ...] = ()
    interfaces: tuple[Interface, ...] = ()
    rails: tuple[Rail, ...] = ()
    addresses: tuple[Address, ...] = ()
    wires: tuple[Wire, ...] = ()
    callouts: tuple[Callout, ...] = ()
    omitted: tuple[Omission, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The scene as the flat lists of DESIGN section 7, ready for ``json.dump``."""
        return asdict(self)

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> "Scene":
        """The scene that ``to_json`` wrote.

        Raises TypeError for a field that an element does not have: the file is not a scene.
        """
        return cls(**{name: tuple(_element(name, item) for item in raw[name]) for name in raw})


_ELEMENTS: dict[str, type] = {
    "containers": Container,
    "bridges": Bridge,
    "ports": Port,
    "interfaces": Interface,
    "rails": Rail,
    "addresses": Address,
    "wires": Wire,
    "callouts": Callout,
    "omitted": Omission,
}


def _element(name: str, item: Mapping[str, Any]) -> Any:
    fields = dict(item)
    fields["source"] = tuple(Origin(**origin) for origin in fields.get("source", ()))
    if "ends" in fields:
        fields["ends"] = tuple(fields["ends"])
    if name not in _ELEMENTS:
        raise TypeError(f"a scene has no {name}")
    return _ELEMENTS[name](**fields)


def roots_of(scene: Scene) -> dict[str, str]:
    """For every container, bridge, port and interface the outermost container around it."""
    around: dict[str, str | None] = {c.id: c.parent for c in scene.containers}
    around |= {b.id: b.container for b in scene.bridges}
    around |= {p.id: p.bridge for p in scene.ports}
    around |= {i.id: i.container for i in scene.interfaces}
    found: dict[str, str] = {}
    for start in around:
        here = start
        while (parent := around[here]) is not None:
            here = parent
        found[start] = here
    return found

"""Small scenarios written as one text, and what the model and the picture say of them as text.

``==> host/file.txt <==`` begins a file of the scenario (``==> scenario.toml <==`` is its own).
"""

import re
from collections.abc import Iterator
from pathlib import Path

from ovs_capture.diagnostic import Diagnostic
from ovs_capture.diagram.scene import Scene
from ovs_capture.network.model import Network
from ovs_capture.store import Target, load_target

_FILE = re.compile(r"^==> (\S+) <==\n", re.MULTILINE)


def unpack(text: str, directory: Path) -> Path:
    """Write the files of a scenario; the path of the scenario."""
    parts = _FILE.split(text)
    assert not parts[0].strip(), "text before the first ==> file <=="
    scenario = directory / "scenario"
    scenario.mkdir()
    for name, content in zip(parts[1::2], parts[2::2], strict=True):
        path = scenario / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content.removesuffix("\n"), "utf-8")
    return scenario


def load(text: str, directory: Path, host: str | None = None) -> Target:
    """The scenario as a target, or one host of it."""
    scenario = unpack(text, directory)
    return load_target(scenario / host if host else scenario)


def told_scene(scene: Scene) -> Iterator[str]:
    """A scene with names for ids, one element a line."""
    names = {c.id: c.title for c in scene.containers}
    names |= {b.id: b.name for b in scene.bridges}
    names |= {p.id: f"{names[p.bridge]}:{p.name}" for p in scene.ports}
    names |= {i.id: f"{names[i.container]}/{i.name}" for i in scene.interfaces}
    names |= {r.id: r.title for r in scene.rails}
    for c in scene.containers:
        inside = f" in {names[c.parent]}" if c.parent else ""
        yield f"{c.kind} {c.title}" + (f" ({c.subtitle})" if c.subtitle else "") + inside
    for b in scene.bridges:
        yield f"bridge {b.name}, {b.kind}, in {names[b.container]}"
    for p in scene.ports:
        tag = f", tag {p.tag}" if p.tag is not None else ""
        yield f"port {names[p.id]}, {p.side}{tag}"
    for i in scene.interfaces:
        yield f"interface {names[i.id]}, {i.kind}" + (", on the border" if i.border else "")
    for r in scene.rails:
        yield f"rail {r.title}" + (f" ({r.annotation})" if r.annotation else "")
    for a in scene.addresses:
        yield f"address {names[a.interface]} {a.text}"
    for w in scene.wires:
        label = f" '{w.label}'" if w.label else ""
        yield f"{w.kind} {names[w.ends[0]]} -- {names[w.ends[1]]}{label}"
    for t in scene.callouts:
        yield f"callout {names[t.port]} {t.outer} | {t.inner}, {t.direction}"
    for o in scene.omitted:
        yield f"left out: {o.kind} {o.name}: {o.reason}"


def told_diagnostics(found: tuple[Diagnostic, ...], directory: Path) -> Iterator[str]:
    for diagnostic in found:
        yield str(diagnostic).replace(f"{directory.as_posix()}/", "")


def one(networks: tuple[Network, ...], name: str) -> Network:
    """The model of the host with this directory name."""
    return next(network for network in networks if network.key.endswith(f"/{name}"))

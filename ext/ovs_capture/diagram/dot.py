"""DOT: a scene as a graph for Graphviz and for other programs.

Lives here: clusters for containers; a bridge is a bold box, a port an ellipse beside it. Does not
live here: any place; Graphviz finds its own.

Nodes are named by element ids. A name from a capture only ever is a label, escaped: in DOT a colon
in a node's name would begin a port, and a backslash in a label a code of its own.
"""

from graphviz import Graph, escape, nohtml

from .scene import Scene
from .text import printable


def write_dot(scene: Scene) -> str:
    """The scene as an undirected graph."""
    graph = Graph("picture", node_attr={"shape": "box", "fontname": "sans-serif"})
    graph.attr(compound="true", rankdir="TB")
    for rail in scene.rails:
        label = rail.title if rail.annotation is None else f"{rail.title}\n{rail.annotation}"
        graph.node(rail.id, label=dot_label(label), shape="plaintext")
    for container in scene.containers:
        if container.parent is None:
            _cluster(scene, container.id, graph)
    for port in scene.ports:
        graph.edge(port.bridge, port.id, style="dotted")
    for wire in scene.wires:
        style = {"style": "dashed"} if wire.kind == "carried" else {}
        text = {"label": dot_label(wire.label)} if wire.label else {}
        graph.edge(*wire.ends, id=wire.id, **style, **text)
    return str(graph.source)


def _cluster(scene: Scene, key: str, graph: Graph) -> None:
    """A container with all that it holds."""
    container = next(c for c in scene.containers if c.id == key)
    with graph.subgraph(name=f"cluster_{key}") as inside:
        title = container.title
        if container.subtitle:
            title += f"\n{container.subtitle}"
        inside.attr(label=dot_label(title), style="rounded")
        # Graphviz draws no cluster without a node.
        inside.node(f"{key}_inside", label="", shape="point", style="invis")
        for bridge in scene.bridges:
            if bridge.container == key:
                inside.node(bridge.id, label=dot_label(bridge.name), style="bold")
                for port in scene.ports:
                    if port.bridge == bridge.id:
                        inside.node(port.id, label=dot_label(port.name), shape="ellipse")
        for interface in scene.interfaces:
            if interface.container == key:
                own = [a.text for a in scene.addresses if a.interface == interface.id]
                inside.node(interface.id, label=dot_label("\n".join([interface.name, *own])))
        for child in scene.containers:
            if child.parent == key:
                _cluster(scene, child.id, inside)


def dot_label(text: str) -> str:
    """A label that Graphviz shows as it is: no escape of its own, no HTML."""
    lines = (printable(line) for line in text.split("\n"))
    escaped: str = nohtml("\\n".join(escape(line) for line in lines))
    return escaped

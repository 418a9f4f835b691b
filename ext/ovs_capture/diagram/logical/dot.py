"""Dot: the logical network as DOT text for people and other tools; every part with its label.

Ids are our own; what a capture says stands in labels only, escaped (see ``pipeline.dot``).
"""

import graphviz

from ..dot import dot_label
from . import words
from .parts import LogicalScene


def write_logical_dot(scene: LogicalScene, say: words.Say) -> str:
    """One node a physical network, switch, router and port; one edge a link."""
    dot = graphviz.Graph(
        graph_attr={"label": dot_label(say(words.TITLE))}, node_attr={"shape": "box"}
    )
    facts: dict[str, list[str]] = {}
    for fact in scene.facts:
        line = f"{say(words.head(fact))} {say(words.value(fact))}"
        facts.setdefault(fact.owner, []).append(line)
    for network in scene.networks:
        dot.node(network.id, dot_label(say(words.network(network))), style="rounded")
    for one in scene.datapaths:
        lines = [one.title, say(words.subtitle(one)), *facts.get(one.id, ())]
        shape = {"shape": "octagon"} if one.kind == "router" else {}
        dot.node(one.id, dot_label("\n".join(lines)), **shape)
    for port in scene.ports:
        lines = [say(words.bundle(port)), *map(say, words.span(port))]
        dot.node(port.id, dot_label("\n".join(lines)), style="rounded")
        dot.edge(port.datapath, port.id)
    for link in scene.links:
        dot.edge(*link.ends, label=dot_label("\n".join(sum(link.labels, ()))))
    source: str = dot.source
    return source

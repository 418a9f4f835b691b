"""Palette: the colours of pictures, light and dark, and the stylesheet made of them.

Lives here: VISUAL.md section 3 as a table, and what is derived from it. The painter's static mode
takes values from here; its web mode names the custom properties, which ``css`` defines. The text of
``css`` is kept as ``render/assets/ovs-picture.css``; a test holds the two together.

Custom properties, each ``--ovs-pic-NAME`` on ``.ovs-picture``: the keys of ``COLOURS``, and
``width``, the picture's own in px, which the svg itself sets.

Classes: ``ovs-picture`` (the svg); ``ovs-el`` (a group that stands for an element) with its role:
``ovs-host ovs-guest ovs-namespace ovs-process ovs-cloud ovs-bridge ovs-port ovs-interface ovs-rail
ovs-wire ovs-callout ovs-address``; ``ovs-n-NETWORK`` (its network); inside a group ``ovs-shape``
(the rectangle), ``ovs-line`` (a line in its network's colour), ``ovs-hit`` (a wider, unseen one for
the pointer), ``ovs-dot``, ``ovs-arrow``, ``ovs-muted`` (a text of second rank); ``ovs-link`` (an
anchor). A packet's way has ``ovs-taken`` (its lines), ``ovs-course`` (their arrows), ``ovs-disc``
(numbers of steps), and all else ``ovs-pale``, interfaces on a ``ovs-ground``. In the graph of
tables ``ovs-node``, ``ovs-aside``,
``ovs-port`` and ``ovs-way`` are groups, ``ovs-pane``, ``ovs-way-line``, ``ovs-w-KIND``,
``ovs-head-KIND``, ``ovs-f-COLOUR`` and ``ovs-halo`` what they hold. The page's script sets
``ovs-on`` on what it emphasises, ``ovs-off`` on what steps back.

Data: ``data-ovs-el`` (element id), ``data-ovs`` (entity key, where known), ``data-ovs-way`` (ids of
the elements on the same way, space between).
"""

from typing import Literal

Theme = Literal["light", "dark"]

COLOURS: dict[str, tuple[str, str]] = {
    "surface": ("#ffffff", "#16191d"),
    "ink": ("#1b2027", "#e8ebef"),
    "muted": ("#4a5562", "#b3bcc8"),
    "host": ("#dae8fc", "#1d2b40"),
    "edge": ("#6c8ebf", "#54749f"),
    "guest": ("#b9d2f8", "#27426b"),
    "process": ("#8fb6f3", "#35588c"),
    "cloud": ("#eef3fb", "#182335"),
    "bridge": ("#b09b00", "#5c5200"),
    "bridge-edge": ("#8a7a00", "#857700"),
    "bridge-text": ("#16191d", "#fff7c2"),
    "port": ("#6b5d00", "#3b3400"),
    "port-text": ("#ffffff", "#fff7c2"),
    "interface": ("#e3c800", "#c9b100"),
    "interface-edge": ("#8a7a00", "#f0d93a"),
    "interface-text": ("#16191d", "#16191d"),
    "callout": ("#ffe6cc", "#4a3418"),
    "callout-edge": ("#d79b00", "#d79b00"),
    "net0": ("#1a73ff", "#5b9dff"),
    "net1": ("#7a0000", "#ff7b7b"),
    "net2": ("#7c3aed", "#b197fc"),
    "net3": ("#0e8fa3", "#5fd4e3"),
    "net4": ("#c026a8", "#f29ae2"),
    "net5": ("#5f6b7a", "#aab6c4"),
    "overlay": ("#f08c2e", "#ffb066"),
    "tagged": ("#f08c2e", "#ffb066"),
    "tunnel": ("#16a34a", "#4ade80"),
    "plain": ("#5f6b7a", "#aab6c4"),
    # The graph of tables.
    "pane": ("#fbfaee", "#1a1a14"),
    "pane-edge": ("#d8cd7a", "#4d4720"),
    "node": ("#fffdf0", "#232116"),
    "node-edge": ("#b09b00", "#5c5200"),
    "table-number": ("#6b5d00", "#d9c65c"),
    "way": ("#6f6a4a", "#a39c74"),
    "ct": ("#6540b8", "#bda4f4"),
    "drop": ("#a8161c", "#ff8a80"),
}
NETWORKS = ("net0", "net1", "net2", "net3", "net4", "net5", "overlay", "tagged", "tunnel", "plain")
CYCLE = ("net2", "net3", "net4", "net5")  # for the seventh rail and those above

WIRE, RAIL, STRONG = "3", "3.5", "5"
PALE = ".36"  # opacity of what a packet does not go by
DASHES = "5 4"


def network_key(network: str) -> str:
    """The colour of a network: those beyond the palette take its further colours again."""
    if network in COLOURS:
        return network
    return CYCLE[(int(network.removeprefix("net")) - 2) % len(CYCLE)]


def colour(name: str, theme: Theme) -> str:
    """A colour's value in a theme."""
    return COLOURS[name][theme == "dark"]


def css() -> str:
    """The stylesheet of pictures in pages."""
    return "\n".join(
        [
            "/* Made by ovs_capture.diagram.palette; edit there. */",
            ".ovs-picture {",
            *_properties("light", "  "),
            "  display: block;",
            "  max-width: 100%;",
            "  height: auto;",
            "  fill: var(--ovs-pic-ink);",
            "  stroke: none;",
            "}",
            "@media not print {",
            '  [data-theme="dark"] .ovs-picture {',
            *_properties("dark", "    "),
            "  }",
            "}",
            "@media screen and (prefers-color-scheme: dark) {",
            '  [data-theme="auto"] .ovs-picture {',
            *_properties("dark", "    "),
            "  }",
            "}",
            "/* In a box that scrolls a picture shrinks little, then scrolls. */",
            ".ovs-scroll > .ovs-picture { min-width: calc(.85 * var(--ovs-pic-width)); }",
            *_shapes(),
            *_lines(),
            *_emphasis(),
            *_passage(),
            *_graph(),
            "",
        ]
    )


def _properties(theme: Theme, indent: str) -> list[str]:
    return [f"{indent}--ovs-pic-{name}: {colour(name, theme)};" for name in COLOURS]


def _shapes() -> list[str]:
    rules: list[str] = []
    for role, fill, edge in (
        ("host", "host", "edge"),
        ("guest", "guest", "edge"),
        ("namespace", "guest", "edge"),
        ("process", "process", "edge"),
        ("cloud", "cloud", "edge"),
        ("bridge", "bridge", "bridge-edge"),
        ("port", "port", None),
        ("interface", "interface", "interface-edge"),
        ("callout", "callout", "callout-edge"),
    ):
        stroke = f"var(--ovs-pic-{edge})" if edge else "none"
        rules.append(
            f".ovs-picture .ovs-{role} > .ovs-shape {{ fill: var(--ovs-pic-{fill});"
            f" stroke: {stroke}; stroke-width: 1; }}"
        )
    rules += [
        f".ovs-picture .ovs-{role} > text {{ fill: var(--ovs-pic-{role}-text); }}"
        for role in ("bridge", "port", "interface")
    ]
    rules += [
        ".ovs-picture text.ovs-muted { fill: var(--ovs-pic-muted); }",
        ".ovs-picture text { text-decoration: none; font-style: normal; }",
        ".ovs-picture .ovs-arrow { fill: none; stroke: var(--ovs-pic-ink); stroke-width: 1.2; }",
        ".ovs-picture a { text-decoration: none; }",
    ]
    return rules


def _lines() -> list[str]:
    rules = [
        f".ovs-picture .ovs-line {{ fill: none; stroke-width: {WIRE}; stroke-linejoin: round; }}",
        f".ovs-picture .ovs-rail > .ovs-line {{ stroke-width: {RAIL}; }}",
        ".ovs-picture .ovs-hit { fill: none; stroke: transparent; stroke-width: 13;"
        " pointer-events: stroke; }",
    ]
    for network in NETWORKS:
        value = f"var(--ovs-pic-{network})"
        rules += [
            f".ovs-picture .ovs-n-{network} > .ovs-line {{ stroke: {value}; }}",
            f".ovs-picture .ovs-n-{network} > .ovs-dot {{ fill: {value}; }}",
        ]
    return rules


def _emphasis() -> list[str]:
    """What is pointed at gets a thicker edge, its network thicker lines; nothing turns pale.

    The path itself needs the page's script (``ovs-on``); without it the network stands in.
    """
    focus = ".ovs-picture .ovs-link:focus-visible > .ovs-el"
    rules = [
        ".ovs-picture .ovs-since-edge { fill: none; stroke: var(--ovs-pic-ink);"
        " stroke-width: 2; stroke-dasharray: 5 3; pointer-events: none; }",
        ".ovs-picture .ovs-since-dot { fill: var(--ovs-pic-ink); }",
        ".ovs-picture .ovs-since-sign { fill: var(--ovs-pic-surface); }",
        ".ovs-picture .ovs-el:hover > .ovs-shape,",
        f"{focus} > .ovs-shape,",
        ".ovs-picture .ovs-on > .ovs-shape { stroke: var(--ovs-pic-ink); stroke-width: 2; }",
        ".ovs-picture .ovs-el:hover > .ovs-line,",
        f"{focus} > .ovs-line,",
        f".ovs-picture .ovs-on > .ovs-line {{ stroke-width: {STRONG}; }}",
        f".ovs-picture :is(.ovs-off, .ovs-pale) {{ opacity: {PALE}; }}",
        ".ovs-picture .ovs-link:focus-visible {",
        "  outline: 2px solid var(--ovs-pic-ink);",
        "  outline-offset: 2px;",
        "}",
    ]
    for network in NETWORKS:
        if network == "plain":
            continue  # what no network feeds has nothing in common
        wires = f".ovs-n-{network} > .ovs-line {{ stroke-width: {STRONG}; }}"
        rules += [
            ".ovs-picture:not(:has(.ovs-on))"
            f":has(.ovs-n-{network}:is(:hover, :focus-within)) {wires}"
        ]
    return rules


def _passage() -> list[str]:
    """The way of a packet: strong lines with arrows, and the numbers of its steps."""
    rules = [
        f".ovs-picture .ovs-wire > .ovs-taken {{ stroke-width: {STRONG}; }}",
        ".ovs-picture .ovs-course { stroke: var(--ovs-pic-surface); stroke-width: 1.2; }",
        ".ovs-picture .ovs-disc > .ovs-shape { fill: var(--ovs-pic-port);"
        " stroke: var(--ovs-pic-surface); stroke-width: 1.5; }",
        ".ovs-picture .ovs-ground { fill: var(--ovs-pic-surface); }",
        ".ovs-picture .ovs-disc > text { fill: var(--ovs-pic-port-text); }",
    ]
    return rules + [
        f".ovs-picture .ovs-n-{network} > .ovs-course {{ fill: var(--ovs-pic-{network}); }}"
        for network in NETWORKS
    ]


def _graph() -> list[str]:
    """The graph of tables: pane, nodes, ways, ends, and the halo of a number on a line."""
    rules = [
        ".ovs-picture .ovs-pane { fill: var(--ovs-pic-pane); stroke: var(--ovs-pic-pane-edge); }",
        ".ovs-picture .ovs-node > .ovs-shape { fill: var(--ovs-pic-node);"
        " stroke: var(--ovs-pic-node-edge); stroke-width: 1; }",
        ".ovs-picture .ovs-aside > .ovs-shape { fill: transparent;"
        " stroke: var(--ovs-pic-node-edge); stroke-width: 1; stroke-dasharray: 3 3; }",
        ".ovs-picture .ovs-way-line { fill: none; stroke-linejoin: round; }",
        ".ovs-picture .ovs-halo { stroke: var(--ovs-pic-pane); stroke-width: 4px;"
        " paint-order: stroke; }",
        ".ovs-picture .ovs-way:hover > .ovs-way-line { stroke: var(--ovs-pic-ink); }",
    ]
    for line in ("way", "ct", "drop"):
        value = f"var(--ovs-pic-{line})"
        rules += [
            f".ovs-picture .ovs-w-{line} {{ stroke: {value}; }}",
            f".ovs-picture .ovs-head-{line} {{ fill: {value}; }}",
        ]
    return rules + [
        f".ovs-picture text.ovs-f-{name} {{ fill: var(--ovs-pic-{name}); }}"
        for name in ("ink", "muted", "port-text", "table-number", "ct", "drop")
    ]


if __name__ == "__main__":
    print(css(), end="")

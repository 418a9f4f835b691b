"""What counts by itself in a capture, and says nothing about any other capture.

Packets, bytes and durations differ each time that a command is run; no port, address or name is
known by them. Lives here: which words of a text those are. Only what is a counter wherever it
stands is taken for one, so that two texts that differ here join alike with every other capture.
"""

import re

_COUNTERS = re.compile(
    r"""
    # Flows, groups, meters: ovs-ofctl(8), dump-flows; lib/ofp-flow.c, ofputil_flow_stats_format.
    \b(?: duration | idle_age | hard_age | n_packets | n_bytes
        | n_offload_packets | n_offload_bytes )= (?P<openflow> [0-9.]+ )
    # Datapath flows: lib/dpif.c, dpif_flow_stats_format.
  | \bpackets: (?P<packets> \d+ ),[ ]bytes: (?P<bytes> \d+ ),[ ]used: (?P<used> [0-9.]+s | never )
    # ovs-vsctl list Interface: ovs-vswitchd.conf.db(5), column statistics.
  | ^statistics[ ]*:[ ]\{ (?P<column> [a-z0-9_]+ = \d+ (?: ,[ ][a-z0-9_]+ = \d+ )* ) \}
    """,
    re.VERBOSE | re.MULTILINE,
)


def without_counters(text: str) -> str:
    """A text in which every counter is as good as any other: ``n_packets=#``."""
    return _COUNTERS.sub(_blanked, text)


def _blanked(match: re.Match[str]) -> str:
    if match["column"] is not None:
        return re.sub(r"=\d+", "=#", match[0])
    blanked = match[0]
    for group in ("used", "bytes", "packets", "openflow"):
        if match[group] is not None:
            start, end = match.start(group) - match.start(), match.end(group) - match.start()
            blanked = f"{blanked[:start]}#{blanked[end:]}"
    return blanked

"""``ovs-ofctl dump-ports-desc BRIDGE [PORT]``: the ports of a switch.

Sample::

    OFPST_PORT_DESC reply (xid=0x2):
     1(ovn-cmp2-0): addr:aa:55:aa:55:00:13
         config:     0
         state:      0
         speed: 0 Mbps now, 0 Mbps max

Grammar::

    dump = "OFPST_PORT_DESC reply" [" (OF1.3)"] " (xid=" HEX "):" *port

Ports: ``ofp_ports``.
"""

import re

from ..source import Source
from .base import Findings, Format, Parsed
from .ofp_ports import read_port_line
from .ofp_reply import asks, begins_with, header

_HEADER = header("OFPST_PORT_DESC")


def parse(source: Source) -> Parsed:
    """The ports in the order of the capture."""
    found = Findings(source, FORMAT.name)
    for offset, line in found.lines():
        if not (_HEADER.fullmatch(line) or read_port_line(found, offset, line)):
            found.unknown_line(offset, line)
    return found.parsed()


FORMAT = Format(
    name="ovs_ofctl_dump_ports_desc",
    title="the ports of an OpenFlow switch (ovs-ofctl dump-ports-desc)",
    parse=parse,
    command=asks("dump-ports-desc"),
    detect=begins_with(_HEADER),
    hint=re.compile(r"ports.desc"),
)

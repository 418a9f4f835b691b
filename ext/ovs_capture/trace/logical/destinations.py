"""Where a load balancer sends: ``10.0.0.1:80``."""

from ipaddress import ip_address
from typing import NamedTuple

from ...openflow.values import decimal


class Destination(NamedTuple):
    """``bits`` 32 or 128 tells the family; ``port`` None: it stays."""

    bits: int
    address: int
    port: int | None


def parse_destination(text: str) -> Destination | None:
    """``10.0.0.1``, ``10.0.0.1:80``, ``[fd00::1]:80``; None when it is none."""
    address, port = text, None
    if text.startswith("["):
        address, _, rest = text[1:].partition("]")
        port = rest.removeprefix(":") or None
    elif text.count(":") == 1:
        address, _, port = text.partition(":")
    number = None if port is None else decimal(port)
    if port is not None and (number is None or not 0 < number < 1 << 16):
        return None
    try:
        found = ip_address(address)
    except ValueError:
        return None
    bits = 32 if found.version == 4 else 128
    return Destination(bits, int(found), number)

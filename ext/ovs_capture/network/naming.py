"""What the name of a device or a namespace stands for, by ``knowledge/devices.toml``.

A name alone never makes a device a NIC: conventions only tell what a thing is *not*, or what the
id inside it belongs to.
"""

import re
from functools import cache
from typing import Any

from ..knowledge import table


@cache
def _names() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(row["pattern"]), row["leads_to"]) for row in table("devices")["names"])


def leads_to(device: str) -> str | None:
    """``end``, ``bridge`` or ``system`` by a naming convention; None where there is none."""
    return next((kind for pattern, kind in _names() if pattern.fullmatch(device)), None)


def device_kind(info_kind: str) -> str:
    """The model's word for the first word of a detail line; ``other`` for kinds we do not draw."""
    row: dict[str, Any] = table("devices")["kinds"].get(info_kind, {})
    return str(row.get("kind", "other"))


@cache
def uplink_kinds() -> frozenset[str]:
    """Kinds of device that lead out of the host: a physical NIC, and what is built on one."""
    rows = table("devices")["kinds"].values()
    return frozenset({"nic"} | {row["kind"] for row in rows if row.get("uplink")})


def overlay(kind: str, details: dict[str, str]) -> str | None:
    """``VXLAN 267`` for a device that carries one network, from its detail line."""
    row = table("devices")["overlay"].get(kind)
    number = details.get(row["key"]) if row else None
    return f"{row['word']} {number}" if row and number else None


def namespace_kind(name: str) -> tuple[str, str | None]:
    """``(kind, id)`` of a namespace; the id is a network's or a router's UUID."""
    for row in table("devices")["namespaces"]:
        if name.startswith(row["prefix"]):
            return row["kind"], name.removeprefix(row["prefix"])
    return "other", None


def api_programs() -> frozenset[str]:
    return frozenset(table("devices")["api"]["programs"])


def tunnel_tables() -> dict[str, Any]:
    return dict(table("devices")["tunnel_tables"])


# The UUID at the end of an OVN patch port's name, which its label leaves out.
_UUID_SUFFIX = re.compile(r"-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def patch_label(name: str) -> str:
    """``patch-br-int-to-provnet`` for ``patch-br-int-to-provnet-<uuid>``."""
    return _UUID_SUFFIX.sub("", name)

"""A site of many captures, a page each, for what a second build costs.

Its scenarios are those of our own captures, each time with MAC addresses and UUIDs of its own, so
that they are different clouds, as on a real site: a page depends on its own scenario.
"""

import re
from hashlib import sha256
from pathlib import Path

CONF = """\
project = "large"
extensions = ["myst_parser", "ovs_capture"]
exclude_patterns = ["captures"]
html_theme = "basic"
"""
_MAC = r"(?:[0-9a-f]{2}:){5}[0-9a-f]{2}"
_UUID = r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}"
_IDENTITY = re.compile(rf"\b(?:(?P<mac>{_MAC})|(?P<uuid>{_UUID}))\b")
# Broadcast, unset and multicast addresses are the same everywhere.
_SHARED = re.compile("(?:[0-9a-f][13579bdf]:|00:00:00:00:00:00)")


def write_site(top: Path, models: Path, captures: int) -> list[Path]:
    """The site under ``top``, from the scenarios in ``models``; its captures, in order of pages."""
    sources = sorted(models.glob("*/*/*.txt"))
    (top / "conf.py").write_text(CONF)
    written: list[Path] = []
    for number in range(captures):
        round_, index = divmod(number, len(sources))
        source = sources[index]
        key = f"{source.parts[-3]}-{round_}/{source.parts[-2]}/{source.name}"
        path = top / "captures" / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(as_of(f"cloud{round_}", source.read_text()))
        page = f"# Capture {number}\n\n```{{ovs-capture}} {key}\n```\n"
        (top / f"page{number:03}.md").write_text(page)
        written.append(path)
    (top / "index.md").write_text("# Large\n\n```{toctree}\n:glob:\n\npage*\n```\n")
    return written


def as_of(cloud: str, text: str) -> str:
    """The same capture of another cloud; every text keeps its length."""

    def other(match: re.Match[str]) -> str:
        found = match[0]
        if match["mac"]:
            if _SHARED.match(found):
                return found
            # A tap's fe:16:3e:... and its guest's fa:16:3e:... stay a pair.
            digest = sha256(f"{cloud} {found[9:]}".encode()).hexdigest()
            return ":".join((found[:8], digest[:2], digest[2:4], digest[4:6]))
        digest = sha256(f"{cloud} {found}".encode()).hexdigest()
        return f"{found[:8]}-{digest[:4]}-4{digest[4:7]}-8{digest[7:10]}-{digest[10:22]}"

    return _IDENTITY.sub(other, text)

"""What a build keeps for the next one is good only for the code that made it.

Sphinx keeps each page as our directives made it, and reads a page again when its captures change
but not when an extension does. Here is the number that tells it so. Captures need no cache beside
that one: reading a capture costs less than loading what was read of it.
"""

from hashlib import sha256
from pathlib import Path

from ... import __version__

PACKAGE = Path(__file__).resolve().parents[2]
# Code, facts and words. A .mo is only another form of its .po.
_MAKES_PAGES = (".py", ".toml", ".po")


def code_version(package: Path = PACKAGE) -> int:
    """A number that is another one for every other code, also in a checkout. Never 0."""
    digest = sha256(__version__.encode())
    files = sorted(path for path in package.rglob("*") if path.suffix in _MAKES_PAGES)
    for path in files:
        data = path.read_bytes()
        digest.update(f"{path.relative_to(package).as_posix()} {len(data)}\n".encode())
        digest.update(data)
    # Sphinx takes 0 for "nothing kept".
    return int.from_bytes(digest.digest()[:8]) | 1

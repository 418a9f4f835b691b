"""What nothing recognises: shown as captured. The last resort, and not a diagnostic."""

from ..source import Source
from .base import Format, Parsed


def parse(source: Source) -> Parsed:
    return Parsed()


FORMAT = Format(
    name="raw", title="text that no reader recognises", parse=parse, detect=lambda source: True
)

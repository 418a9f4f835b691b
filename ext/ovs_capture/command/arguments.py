"""Arguments that several subcommands have."""

import argparse
import os
from collections.abc import Sequence
from pathlib import Path

from ..translation import LANGUAGES


def add_language(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--lang", choices=LANGUAGES, default=_locale_language())


def _locale_language() -> str:
    """The language of the environment if we speak it, else English (POSIX: LC_ALL wins)."""
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(variable):
            return value[:2] if value[:2] in LANGUAGES else "en"
    return "en"


def file_ending(name: str, suffixes: Sequence[str]) -> Path:
    path = Path(name)
    if path.suffix.lower() not in suffixes:
        raise argparse.ArgumentTypeError(f"{name!r} does not end in {', '.join(suffixes)}")
    return path

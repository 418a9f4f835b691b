"""Facts of the field as TOML tables, each row with its source.

May not know: any capture. A table is loaded once; an unknown key in a row is an error of ours and
raises at load time. Words in these tables are English msgids: the keys that hold them are named by
the file's own ``translatable`` list, and the catalogues must have them all.
"""

import tomllib
from collections.abc import Collection, Mapping
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def table(name: str) -> dict[str, Any]:
    """The TOML file ``name`` (without suffix) of this room; FileNotFoundError if there is none."""
    return tomllib.loads((files(__package__) / f"{name}.toml").read_text(encoding="utf-8"))


def require_known(row: Mapping[str, Any], keys: Collection[str], place: object) -> None:
    """KeyError when a row has a key that no code reads; ``place`` says which row it is."""
    if unknown := row.keys() - set(keys):
        raise KeyError(f"{place}: unknown key {', '.join(sorted(unknown))}")

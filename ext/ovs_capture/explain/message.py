"""Messages: what is said, before it is said in a language.

Lives here: ``Message`` (a msgid with named holes) and what may fill a hole. Does not live here:
any translation, which happens in ``render`` only.

A hole ``%(port)s`` is filled by text, a number, a ``Ref`` (a name that the page marks and links),
another ``Message``, or a ``Series`` (items joined as the language joins them). Nothing is glued
outside a message, because Japanese puts the holes in another order.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from ..network.model import Scope

# What a name or a value stands for; the page gives each kind one hue (VISUAL.md section 3).
RefKind = Literal[
    "device", "bridge", "address", "mac", "vlan", "table", "register", "guest", "namespace", "host",
    "uuid", "cookie", "counter", "field", "code",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ref:
    """A name or value inside a sentence.

    ``value`` is canonical, ``text`` is what is shown (default: ``value``).
    ``scope``: where the name means something, when that is not the root namespace of the host that
    is spoken of: the ``eth0`` of a guest is not the host's.
    """

    kind: RefKind
    value: str
    text: str | None = None
    scope: Scope | None = None

    @property
    def shown(self) -> str:
        return self.value if self.text is None else self.text


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence or phrase: an English ``msgid`` with named holes, and what fills them.

    ``context`` is the gettext context (msgctxt): it keeps apart the two forms that Japanese has
    where English has one (``mid``: 設定し, ``end``: 設定する).
    """

    msgid: str
    params: Mapping[str, "Param"] = field(default_factory=dict)
    context: str | None = None


@dataclass(frozen=True, slots=True)
class Series:
    """Items joined the language's way.

    ``style``: ``and`` (a, b and c), ``or``, ``steps`` (do a, do b), ``plain`` (a, b), ``clauses``
    (a; b), ``sentences`` (A. B.).
    """

    items: tuple["Param", ...]
    style: Literal["and", "or", "steps", "plain", "clauses", "sentences"] = "and"


Param = str | int | Ref | Message | Series

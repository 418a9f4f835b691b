"""``ovs-ofctl dump-groups BRIDGE [GROUP]``: the group entries of a bridge.

Sample::

    OFPST_GROUP_DESC reply (OF1.5) (xid=0x2):
     group_id=3,type=select,selection_method=dp_hash,bucket=bucket_id:0,weight:100,actions=output:2
     group_id=5,type=ff,bucket=watch_port:2,actions=output:2,bucket=watch_group:1,actions=group:1

Grammar::

    dump   = header *group
    group  = " group_id=" N ",type=" TYPE *("," KEY "=" VALUE / ",fields(" LIST ")") *bucket
    bucket = ",bucket=" *(KEY ":" VALUE ",") "actions=" actions

Printer: lib/ofp-group.c ofputil_group_desc_format(), ofputil_bucket_format(). Bucket ids and
selection methods are printed with OpenFlow 1.5 only. Actions are read in ``openflow``.
"""

import re
from dataclasses import dataclass

from ..openflow.flow import Actions
from ..source import Source, Span
from .base import Findings, Format, Kind, Parsed, Record
from .ofp_reply import asks, begins_with, header, read_actions


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """One bucket; ``parameters`` by key as printed (``bucket_id``, ``weight``, ``watch_port``)."""

    parameters: dict[str, str]
    actions: Actions


@dataclass(frozen=True, slots=True, kw_only=True)
class Group(Record):
    """A group. ``type``: all, select, indirect, ff or fast_failover.

    ``properties``: ``selection_method``, ``selection_method_param``, ``fields`` as printed.
    """

    group_id: int
    type: str
    properties: dict[str, str]
    buckets: tuple[Bucket, ...]


_HEADER = header("OFPST_GROUP_DESC|NXST_GROUP_DESC")
_GROUP = re.compile(
    r"""\s*group_id=(?P<id>\d{1,10}),type=(?P<type>\w+)
        (?P<properties>(?:,selection_method=\w*|,selection_method_param=\w+|,fields\([^()]*\)
            |,fields=[\w/.:]+|,command_bucket_id=\w+)*)
        (?P<buckets>(?:,bucket=.*)?)\s*""",
    re.VERBOSE,
)
_PROPERTY = re.compile(r",(?P<key>\w+)(?:=(?P<value>[^,()]*)|\((?P<list>[^()]*)\))")
_BUCKET = re.compile(r"(?P<parameters>(?:\w+:[^,]*,)*)actions=(?P<actions>.*)", re.DOTALL)
_PARAMETER = re.compile(r"(?P<key>\w+):(?P<value>[^,]*),")


def parse(source: Source) -> Parsed:
    """The groups in the order of the capture."""
    found = Findings(source, FORMAT.name)
    for offset, line in found.lines():
        if match := _GROUP.fullmatch(line):
            _read_group(found, offset, match)
        elif not _HEADER.fullmatch(line):
            found.unknown_line(offset, line)
    return found.parsed()


def _read_group(found: Findings, offset: int, match: re.Match[str]) -> None:
    found.mark_groups(match, offset, {"id": Kind.REGISTER, "type": Kind.HEAD})
    buckets = []
    position = offset + match.start("buckets")
    for text in match["buckets"].split(",bucket=")[1:]:
        position += len(",bucket=")
        if bucket := _BUCKET.fullmatch(text):
            for parameter in _PARAMETER.finditer(bucket["parameters"]):
                found.mark(position + parameter.start("value"), parameter["value"], Kind.COUNTER)
            buckets.append(
                Bucket(
                    parameters={
                        parameter["key"]: parameter["value"]
                        for parameter in _PARAMETER.finditer(bucket["parameters"])
                    },
                    actions=read_actions(
                        found, position + bucket.start("actions"), bucket["actions"]
                    ),
                )
            )
        elif text:
            found.unknown_token(position, text)
        position += len(text)
    found.records.append(
        Group(
            group_id=int(match["id"]),
            type=match["type"],
            properties={
                part["key"]: part["value"] if part["list"] is None else part["list"]
                for part in _PROPERTY.finditer(match["properties"])
            },
            buckets=tuple(buckets),
            span=Span(offset, found.line_end(offset)),
        )
    )


FORMAT = Format(
    name="ovs_ofctl_dump_groups",
    title="group entries of a bridge (ovs-ofctl dump-groups)",
    parse=parse,
    command=asks("dump-groups"),
    detect=begins_with(_HEADER),
    hint=re.compile(r"groups"),
)

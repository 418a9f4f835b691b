"""The words of the pages' own furniture: buttons, column heads, counts.

Lives here: messages that no capture and no fact decides. Their Japanese is in ``render.po``.
"""

from dataclasses import replace

from ..explain.message import Message, Param


def saying(message: Message, **params: Param) -> Message:
    """A message of this module with its holes filled."""
    return replace(message, params=params)


# The head of a capture.
COMMAND = Message("Command")
OUTPUT = Message("Output")
COPY_COMMAND = Message("Copy command")
COPY_OUTPUT = Message("Copy output")
COPIED = Message("Copied")
NOTES = Message("Notes")
OUTPUT_OF = Message("Output of %(command)s")
PASTED = Message("Captured text")
WHERE_INSIDE = Message("%(host)s, %(inside)s")

# What was left out. One line and several are two messages: a language may differ in more than an s.
CUT_NAMED = Message("%(count)s left out: %(names)s (%(lines)s)")
CUT = Message("%(count)s left out (%(lines)s)")
LINES_LEFT_OUT = Message("%(lines)s left out")
MORE = Message("%(names)s ... %(last)s")
ONE_LINE = Message("1 line")
LINES = Message("%(count)s lines")
PART = Message("%(shown)s of %(all)s")
UNREADABLE = Message("This capture cannot be shown: %(reason)s.")

# A tooltip.
EVIDENCE = Message("Evidence: %(captures)s.")
MENTIONS = Message("%(count)s places on this page")

# A picture.
LEFT_OUT = Message("Left out of the picture")
OMISSION = Message("%(name)s: %(reason)s")
HINTS = Message("Only a hint, in no capture")
HINT_ADDRESS = Message("%(device)s: address %(value)s")
HINT_RAIL = Message("%(device)s: network %(value)s")

# A flows page.
RECOGNISED = Message("Recognised pipeline")
WAY = Message("Way through the tables", context="pipeline")
TABLE_BY_TABLE = Message("Table by table")
TABLE_TITLE = Message("Table %(number)s: %(role)s")
TABLE_PLAIN = Message("Table %(number)s")
FLOWS = Message("Flows")
FLOWS_TOTAL = Message("flows", context="total")
TABLES_TOTAL = Message("tables", context="total")
MATCHED_TOTAL = Message("flows matched", context="total")
RECEIVED_TOTAL = Message("packets received", context="total")
FOUND = Message("Found")
MEANING = Message("Meaning")
PRIORITY = Message("Priority")
FLOW = Message("Flow")
NEXT = Message("Next")
PACKETS = Message("Packets")
PURPOSE = Message("Purpose")
RAW_TEXT = Message("Raw text")
FROM = Message("From")
TO = Message("To")
FLOWS_MATCHED = Message("%(count)s (%(matched)s matched)")
PACKETS_BYTES = Message("%(packets)s, %(bytes)s")
IDLE = Message("%(count)s idle")

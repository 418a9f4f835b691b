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
KNOWN_CONTRADICTIONS = Message("Known contradictions in the captures")
KNOWN = Message("%(what)s: %(why)s (%(place)s)")
KNOWN_PLACE = Message("%(what)s (%(place)s)")

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
SAME_SHAPE = Message("%(count)s flows of this shape")
LINE = Message("line", context="column")
PACKETS_COLUMN = Message("packets", context="column")
DUMP_TEXT = Message("The dump as text")
LEFT_OUT_OF_TABLE = Message(
    "%(count)s flows of this table are left out, those with fewest packets."
)
LEFT_OUT_OF_PAGE = Message(
    "%(told)s of %(count)s flows are told, those with most packets: %(option)s limits the page "
    "(0: tell all). Each table says how many it leaves out."
)
ONE_OF_DUMPS = Message(
    "%(file)s holds several dumps of %(bridge)s. This one, of line %(line)s, shows its state."
)
OTHER_BRIDGES = Message("%(file)s holds flows of other bridges too: %(bridges)s.")
RECOGNISED_ABOVE = Message("%(pipeline)s, as recognised above")

# The filter of a flows page.
FILTER = Message("Filter by port, address, table or text")
FILTER_ALL = Message("All", context="filter")
FILTER_MATCHED = Message("matched", context="filter")
FILTER_IDLE = Message("idle", context="filter")
FILTER_SHOWN = Message("%(shown)s of %(count)s flows")
FILTER_NONE = Message("No flow fits.")
FILTER_CLEAR = Message("Clear")

# A trace.
VALUE = Message("%(value)s", context="value")
ASSUMED = Message("Assumed")
AS_EXPECTED = Message("as expected")
NOT_AS_EXPECTED = Message("expected: %(claim)s")
STEPS_OF = Message("Steps of the packet")
COPY_TRACE = Message("Copy as %(tool)s")
FINAL = Message("Packet at the end")
PICTURE_OF_WAY = Message("The way of the packet")
TABLES_OF_WAY = Message("The way through the tables of %(bridge)s")

# What changed.
EACH_FLOW = Message("Each flow by itself")
GONE = Message("Gone since %(path)s: %(count)s")
GONE_FROM_PICTURE = Message("Gone since the earlier captures")
THEN = Message("Before", context="capture")
NOW = Message("Now", context="capture")

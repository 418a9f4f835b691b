"""Dumps and listings of flows on a page, for each kind of builder."""

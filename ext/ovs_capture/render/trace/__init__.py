"""The way of a packet on a page, for each kind of builder."""

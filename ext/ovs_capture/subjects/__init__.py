"""What pages and the command tell of: dumps, listings, databases, changes. Does without Sphinx."""

"""OVN's br-int: which version wrote it, what its tables and flows are for, whose they are.

``recognition`` tells the layouts that a dump can have, ``shapes`` what is in their tables,
``keys`` the names behind metadata and registers, ``joins`` the rows behind cookies.
"""

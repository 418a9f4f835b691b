"""What changed between two times of a host, by meaning and not by line.

``identity`` and ``flow_identity`` say what an entry is and what of it is compared; ``compare``
matches the entries of two snapshots; ``joins`` compares what the models join; ``scenarios`` pairs
hosts and sees guests that moved; ``renumbering`` and ``vlan_register`` prove local VLANs
that have another number. What comes and goes by itself (durations, counters, ages, cookies,
numbers of ports, expiry times) is nobody's change, and so are numbers of conjunctions
(``conjunctions``) and of connection tracking zones (``zones``) that are proven to mean the same.
"""

"""Captures made safe to publish: secrets as asterisks, addresses and UUIDs as pseudonyms.

``pseudonyms`` says what stands for what, ``text`` where it stands, ``tree`` reads and writes
directories. What the captures mean is not known here: unknown text is treated as every other.
"""

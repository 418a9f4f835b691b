"""What is said beside the entries of a capture: one module a family of printers.

``devices`` has the sentences about a network device, which notes and tooltips share.
"""

"""The picture of OVN's logical network: which parts it has, where they stand, how they look.

One way: ``parts`` (what is drawn, no places) -> ``layout`` (every place in whole px; Graphviz says
the order from left to right) -> ``paint`` (SVG). ``words`` has what the picture says.
"""

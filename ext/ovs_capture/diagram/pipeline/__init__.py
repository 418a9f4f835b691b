"""The graph of a bridge's tables: which parts it has, where they stand, how they look.

One way: ``parts`` (what is drawn, no places) -> ``dot`` (the same for Graphviz, which orders it)
-> ``layout`` (every place in whole px) -> ``paint`` (SVG). ``words`` has what the graph says.
"""

"""OVN logical flows in words: readings, purposes, and the names in them.

``words`` finds rows of ``knowledge/ovn_phrases.toml``; ``names`` what ports and stages are called;
``matches`` and ``steps`` make phrases of a match and of actions, ``reading`` a sentence of both;
``purpose`` says why ovn-northd makes a flow.
"""

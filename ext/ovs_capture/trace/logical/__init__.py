"""The way of a packet through OVN's logical flows, as ``ovn-trace --detailed`` shows it.

``result`` is what a trace finds, ``state`` what the captures say of the southbound database,
``fields`` where symbols are in a packet, ``expressions`` makes functions of matches, ``microflow``
reads the packet, ``tables`` finds flows, ``run`` and ``handlers`` take the way.
"""

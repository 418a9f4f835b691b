"""OVN's logical network: what its databases say together, whichever outputs were captured.

``model`` has the results and their look-ups, ``gather`` finds what each kind of capture says,
``join`` puts it together by UUID and name. OVN's databases belong to a service, so that captures of
every host of a scenario count alike.
"""

"""Domain ``ovs``: where on the site each thing is told; the roles and the index that lead there."""

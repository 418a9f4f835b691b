"""``ovs_capture_auto``: pages whose captures stand in plain blocks."""

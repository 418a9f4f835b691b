"""What changed, on a page."""

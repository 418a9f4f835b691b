"""Pictures in a page: SVG for browsers, PNG or PDF for the others."""

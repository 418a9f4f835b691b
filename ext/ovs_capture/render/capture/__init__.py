"""One capture on a page: what is marked in it, what is said beside it, its HTML."""

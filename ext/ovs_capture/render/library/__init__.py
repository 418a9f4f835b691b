"""Captures for pages: which files a page is made of, read once a build."""

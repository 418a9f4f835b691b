"""What a build writes and keeps beside Sphinx's own pages."""

"""What is said of an entity when somebody points at it: one module a kind of entity."""

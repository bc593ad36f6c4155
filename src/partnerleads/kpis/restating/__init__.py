"""A figure as it was known then, against the same figure as it is known now."""

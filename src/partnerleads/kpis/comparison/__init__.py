"""Two groups, or two results, of one figure against each other."""

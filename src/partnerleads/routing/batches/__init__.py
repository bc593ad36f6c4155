"""Many leads routed at once: what each pair is worth, and who gets which."""

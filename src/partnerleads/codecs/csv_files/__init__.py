"""CSV files by a declarative mapping: from cells to events, with every fault by its line."""

"""The strategies: one module each, and each a router that is a frozen value of its parameters."""

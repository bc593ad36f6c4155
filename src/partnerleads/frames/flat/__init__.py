"""Events as a flat frame, one row each, and back."""

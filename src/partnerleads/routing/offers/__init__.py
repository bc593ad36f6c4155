"""Offers after a decision: answers, deadlines, and whom to ask next."""

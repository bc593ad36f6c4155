"""How fast the library is, as ratios to plain loops over the same events in the same run.

Run it with ``python -m tests.benchmarks``; it ends with 1 when a target is missed.
"""

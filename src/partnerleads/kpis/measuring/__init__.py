"""The engine of the figures: from measures, which are data, to results; it knows no figure.

A measure names columns, conditions and a form. The columns of a population are read off lifecycles
(``members``), tallied to plain numbers (``rows``) and made results of (``figures``), with segments,
periods, intervals and warnings, written once for every measure.
"""

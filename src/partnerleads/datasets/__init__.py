"""A synthetic partner programme: bundled, and generated with known truth."""

from partnerleads.datasets.bundled import sample
from partnerleads.datasets.market import SAMPLE_AS_OF, SAMPLE_PRICES

__all__ = [
    # the bundled sample
    "sample",
    "SAMPLE_AS_OF",
    "SAMPLE_PRICES",
]

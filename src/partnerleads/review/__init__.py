"""The programme review that the command line prints."""

from partnerleads.review.programme import FIGURES, Line, Review, last_quarter, programme_review
from partnerleads.review.text import as_text, problem_lines

__all__ = [
    "FIGURES",
    "Line",
    "Review",
    "as_text",
    "last_quarter",
    "problem_lines",
    "programme_review",
]

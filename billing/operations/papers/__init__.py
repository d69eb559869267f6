"""The PDF of each invoice: made once, kept for ever, the same at every download."""

from billing.operations.papers.making import PaperProblem, make_paper, make_waiting, stored_pdf
from billing.operations.papers.storing import tidy

__all__ = ["PaperProblem", "make_paper", "make_waiting", "stored_pdf", "tidy"]

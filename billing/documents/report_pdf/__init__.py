"""A report of transactions as PDF: sums, a chart, then every transaction by phone line."""

from billing.documents.report_pdf.content import ReportContent, content_of
from billing.documents.report_pdf.document import write_report

__all__ = ["ReportContent", "content_of", "write_report"]

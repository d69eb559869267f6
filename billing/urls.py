"""The pages of billing."""

from django.urls import path

from billing.pages import (
    alerts,
    bill_change,
    discounts,
    invoice,
    invoices,
    pay,
    receipts,
    reports,
    subscriptions,
    summary,
    transactions,
)
from selfcare.pages import billing_details

app_name = "billing"
urlpatterns = [
    path("alerts/", alerts.Alerts.as_view(), name="alerts"),
    path("alerts/raise/", alerts.Raise.as_view(), name="alerts-raise"),
    path("alerts/lines/add/", alerts.AddLine.as_view(), name="line-limit-add"),
    path("alerts/lines/<int:pk>/", alerts.EditLine.as_view(), name="line-limit"),
    path("alerts/lines/<int:pk>/remove/", alerts.RemoveLine.as_view(), name="line-limit-remove"),
    path("discounts/", discounts.List.as_view(), name="discounts"),
    path("discounts/<int:pk>/", discounts.History.as_view(), name="discount"),
    path("general/", billing_details.General.as_view(), name="general"),
    path("subscriptions/", subscriptions.List.as_view(), name="subscriptions"),
    path("", summary.Summary.as_view(), name="summary"),
    path("invoices/", invoices.List.as_view(), name="invoices"),
    path("invoices/<int:pk>/", invoice.View.as_view(), name="invoice"),
    path("invoices/<int:pk>/why/", bill_change.Why.as_view(), name="invoice-why"),
    path("invoices/<int:pk>/pdf/", invoices.Download.as_view(), name="invoice-pdf"),
    path("reports/", reports.List.as_view(), name="reports"),
    path("reports/new/", reports.Add.as_view(), name="report-add"),
    path("reports/<int:pk>/state/", reports.Standing.as_view(), name="report-state"),
    path("reports/<int:pk>/csv/", reports.Download.as_view(format="csv"), name="report-csv"),
    path("reports/<int:pk>/pdf/", reports.Download.as_view(format="pdf"), name="report-pdf"),
    path("reports/<int:pk>/cancel/", reports.Cancel.as_view(), name="report-cancel"),
    path("reports/<int:pk>/retry/", reports.Retry.as_view(), name="report-retry"),
    path("reports/<int:pk>/delete/", reports.Delete.as_view(), name="report-delete"),
    path("transactions/", transactions.Summary.as_view(), name="transactions"),
    path("transactions/<int:service>/", transactions.Details.as_view(), name="transactions-of"),
    path("transactions/<int:pk>/<str:day>/", transactions.Row.as_view(), name="transaction"),
    path("pay/", pay.Pay.as_view(), name="pay"),
    path("payments/<uuid:pk>/", pay.Result.as_view(), name="payment"),
    path("payments/<uuid:pk>/receipt/", receipts.Receipt.as_view(), name="payment-receipt"),
]

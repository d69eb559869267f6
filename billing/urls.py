"""The pages of billing."""

from django.urls import path

from billing.pages import invoices, pay, summary, transactions

app_name = "billing"
urlpatterns = [
    path("", summary.Summary.as_view(), name="summary"),
    path("invoices/", invoices.List.as_view(), name="invoices"),
    path("invoices/<int:pk>/", invoices.View.as_view(), name="invoice"),
    path("invoices/<int:pk>/pdf/", invoices.Download.as_view(), name="invoice-pdf"),
    path("transactions/", transactions.Summary.as_view(), name="transactions"),
    path("transactions/<int:service>/", transactions.Details.as_view(), name="transactions-of"),
    path("transactions/<int:pk>/<str:day>/", transactions.Row.as_view(), name="transaction"),
    path("pay/", pay.Pay.as_view(), name="pay"),
    path("payments/<uuid:pk>/", pay.Result.as_view(), name="payment"),
]

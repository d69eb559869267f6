"""The pages of tickets."""

from django.urls import path

from tickets.pages import attachments, ticket, tickets

app_name = "tickets"
urlpatterns = [
    path("", tickets.List.as_view(), name="list"),
    path("add/", tickets.Add.as_view(), name="add"),
    path("<int:pk>/", ticket.Conversation.as_view(), name="ticket"),
    path("<int:pk>/close/", ticket.Close.as_view(), name="close"),
    path("<int:pk>/reopen/", ticket.Reopen.as_view(), name="reopen"),
    path("attachments/<int:pk>/", attachments.Download.as_view(), name="attachment"),
]

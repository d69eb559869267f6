"""The pages of tickets."""

app_name = "tickets"
urlpatterns: list = []

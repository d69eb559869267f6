"""Extensions, huntgroups and abbreviated numbers as spreadsheets: down, changed, up again."""

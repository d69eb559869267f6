"""The pages people see, as HTML text; every value is escaped on its way in. No script on any of them."""

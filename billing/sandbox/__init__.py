"""The payment sandbox: a process of our own that speaks Stripe's HTTP, so that no provider need be reached.

It stands alone: the standard library and the `stripe` package's typed parameters, nothing of this project.
"""

"""The part of the sandbox that speaks PayNearMe's API 3.0: cash orders, the till, and signed callbacks.

What PayNearMe's public pages do not show was chosen here, and docs/sandbox.md says which.
"""

"""Demo data: the telephone company Northwind Telecom and three customers with 13 months behind them.

Deterministic for a day: the same seed and the same `now` give the same rows.
"""

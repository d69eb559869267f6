"""Dialing Rules: what the digits that people dial mean, with a panel to try it before it counts."""

"""How fast the portal is, measured as ratios of two ways that take turns in one run."""

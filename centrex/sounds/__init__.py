"""Sound files: what they are, made into what the switch plays, and the built-in melody; no Django, no clock."""

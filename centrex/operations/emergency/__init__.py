"""Emergency addresses: written down, checked, put into force; and who hears of a call for help."""

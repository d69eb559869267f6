"""Dialing rules: what a dialled number means, and how a number is dialled. Pure: values in, values out.

`rules` are an office's habits as values, `dial` turns what was dialled into a number, `reverse` a number into what
would be dialled, `samples` are the habits of countries, `emergency` the numbers that no rule touches, and
`substitution` is the engine behind a custom rule.
"""

"""The engine behind a custom dialing rule: a list of substitutions as Perl writes them, made safe.

Only a part of Perl's language is understood, and what is refused is refused with its place in the text. Nothing is
ever handed to Perl, to `eval` or to a matcher that backtracks: the machine in `engine` reads each digit once, for
all ways to match at the same time, so that no pattern can make it hang, and a budget of steps bounds the rest.
"""

"""GS1 element strings and Digital Links: their table, their rules, and what they say of a thing on the till.

It is imported when the first of them is scanned; a plain number never needs it.
"""

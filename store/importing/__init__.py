"""Bringing a shop's own lists in: every row is imported or comes back with the reason why not."""

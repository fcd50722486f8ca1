"""What a change on the bag scale may mean: an item just scanned, a bag, something else."""

from kiosk.weight.bag import Bag, Expected, Verdict, judge, missing, tolerance

__all__ = ["Bag", "Expected", "Verdict", "judge", "missing", "tolerance"]

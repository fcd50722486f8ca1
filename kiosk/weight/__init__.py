"""What a change on the bag scale may mean: an item just scanned, a bag, a hand, something else."""

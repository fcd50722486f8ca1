"""What support gets: logs in a readable shape, and a bundle out of which secrets and people were taken."""

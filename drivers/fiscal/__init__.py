"""Fiscal devices: what every one of them is asked, and a driver per protocol."""

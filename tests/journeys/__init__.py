"""Whole visits on the real loop, with real drivers and devices that speak their own bytes on loopback ports."""

"""What is looked at for the readiness report: one module for each part of a lane. Each returns checks, and changes
nothing that was there before."""

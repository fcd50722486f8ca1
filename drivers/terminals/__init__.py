"""Card terminals: a codec and a driver per protocol."""

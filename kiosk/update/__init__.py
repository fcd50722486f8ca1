"""Two slots, one of which always starts: what may be written, when the lane changes over, what is told of it.

`slots` decides and is pure; `rauc`, `boot`, `state` and `fetch` are the thin shell around it, `keeper` joins them.
"""

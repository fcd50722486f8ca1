"""A camera as a scanner: a process of its own turns frames into codes, and the lane hears them over a unix socket.

`decode` reads one picture, `change` sees that the scene moves, `presence` says when a code counts, `watch` joins the
three over a stream of frames, `frames` opens the camera and `serve` the socket; `lane` is the lane's end of it.
Frames stay in memory.
"""

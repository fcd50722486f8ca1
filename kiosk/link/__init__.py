"""The store server's client, a process of its own: the only one that talks to the shop's network.

`run` is the process, `door` the loop's side of the socket between them. Importing this room costs nothing; the
HTTP client is loaded by `run`.
"""

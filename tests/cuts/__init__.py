"""Pulling the plug, thousands of times: what may be on a disk after it, and whether the product goes on from there.

The product's own code runs on files of its own (`child`), below a library that tells of every system call (`record.c`,
`recording`). `disk` says what a disk may hold if the power goes between any two of them. What is opened again from such
a disk is examined by `journal`, `catalogue` and `server`, each for the file that it is about. `explore` brings them
together. The controls lose something on purpose: they show that what is examined here can fail.
"""

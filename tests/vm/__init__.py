"""The lane in a box: guests under QEMU, their devices served from outside, their plug pulled.

No accelerator is asked for: the same everywhere, and slow. Nothing here is left running: a guest ends with its `with`,
or when its life is over.
"""

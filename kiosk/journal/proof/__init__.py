"""The rules by which a ledger proves itself: Python's own library and cryptography only, nothing of the kiosk's.

The same files go into every archive, which so proves itself on any computer: `python ARCHIVE.zip`.
"""

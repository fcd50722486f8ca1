"""The proof that money is never wrong: seeded runs in virtual time, model checking, and processes that are killed.

`python -m tests.prove` runs it; tests/prove/test_*.py run a shorter one.
"""

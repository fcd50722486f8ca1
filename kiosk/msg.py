"""The mark on English sentences that are translated later, where they are shown."""


def msg(text: str) -> str:
    """The sentence as it is; the languages' tools find it by this name."""
    return text

"""The one loop: inbox, step, journal, deeds, paint. Everything that decides happens on its thread."""

from kiosk.loop.inbox import Inbox
from kiosk.loop.loop import Face, Loop, Timing
from kiosk.loop.timers import Timers

__all__ = ["Face", "Inbox", "Loop", "Timers", "Timing"]

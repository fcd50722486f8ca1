"""Audio mode: headphones or one key begin it, the same end it, and each shopper has her own volume and pace."""

from msgspec.structs import replace

from kiosk.checkout.effects import Fade
from kiosk.checkout.passed import Audible, AudioChosen, CurtainPressed, HeadsetSeen, Spoken, VoiceTuned
from kiosk.checkout.session import Hearing, Idle, Session
from kiosk.checkout.turn import Step, passing, rules, same

LEVELS = range(1, 11)


def audio(session: Session, event: Audible) -> Step:
    now = session.passing.hearing
    match event:
        case HeadsetSeen(plugged=plugged):
            if plugged is now.headset:
                return same(session)
            return switched(session, plugged, Hearing(plugged))
        case AudioChosen(on=on):
            return switched(session, on, replace(now, curtain=False, said=""))
        case VoiceTuned(what="volume", by=by):
            return passing(session, hearing=replace(now, volume=level(now.volume + by))), ()
        case VoiceTuned(by=by):
            return passing(session, hearing=replace(now, pace=level(now.pace + by))), ()
        case CurtainPressed():
            return passing(session, hearing=replace(now, curtain=not now.curtain)), ()
        case Spoken(text=text):
            if not session.passing.speaking or text == now.said:
                return same(session)
            return passing(session, hearing=replace(now, said=text)), ()


def switched(session: Session, on: bool, hearing: Hearing) -> Step:
    """Where nobody has begun yet, somebody may walk away again: it ends by itself, but for a headset that stays in."""
    session = passing(session, speaking=on, hearing=hearing)
    waits = on and not hearing.headset and isinstance(session.kept.phase, Idle)
    return session, (Fade("audio", rules(session).suspend_after if waits else 0),)


def left_alone(session: Session) -> Step:
    """Audio mode was begun at the start page, and nothing followed."""
    if not isinstance(session.kept.phase, Idle) or session.passing.hearing.headset:
        return same(session)
    return passing(session, speaking=False, hearing=Hearing()), ()


def level(wanted: int) -> int:
    return min(max(wanted, LEVELS[0]), LEVELS[-1])

"""A machine becomes a lane: what it is told, and what is written down for it."""

from kiosk.enrolment.invitation import Invitation as Invitation
from kiosk.enrolment.invitation import InvitationError as InvitationError
from kiosk.enrolment.invitation import parse as parse

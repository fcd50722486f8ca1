"""Is this lane fit to sell, and if not, what is to be done? Pure: what was seen becomes checks, faults, steps."""

from kiosk.readiness.faults import Fault as Fault
from kiosk.readiness.faults import of_device as of_device
from kiosk.readiness.repair import Step as Step
from kiosk.readiness.repair import steps as steps
from kiosk.readiness.report import Check as Check
from kiosk.readiness.report import Report as Report
from kiosk.readiness.report import State as State

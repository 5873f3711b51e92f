"""Every action that a permission can name. A closed list: what is not here cannot be allowed."""

from enum import StrEnum


class Action(StrEnum):
    """`room.verb`; the console receives those that a person holds in `permissions`."""

    LIVE = "video.live"
    PLAYBACK = "video.playback"
    SNAPSHOT = "video.snapshot"
    EXPORT = "video.export"
    CAMERA_READ = "camera.read"
    CAMERA_WRITE = "camera.write"
    CAMERA_IMPORT = "camera.import"
    """To bring in a table: each row is written as far as one's rights to cameras and to registers go."""
    DIAGNOSE = "camera.diagnose"
    RECORDING_READ = "recording.read"
    RECORDING_IMPORT = "recording.import"
    PLAN_READ = "plan.read"
    PLAN_WRITE = "plan.write"
    STORAGE_READ = "storage.read"
    ALARM_READ = "alarm.read"
    ALARM_HANDLE = "alarm.handle"
    LAYOUT_SHARE = "layout.share"
    SYSTEM_READ = "system.read"
    SYSTEM_WRITE = "system.write"
    METRICS = "system.metrics"
    INTERFACE = "system.interface"
    REGISTER_READ = "register.read"
    """Places, systems, dossiers: what the law wants kept of them."""
    REGISTER_WRITE = "register.write"
    FILING_READ = "filing.read"
    FILING_WRITE = "filing.write"
    FILING_DECIDE = "filing.decide"
    """To decide on filings as the organ itself, where the organ runs this program."""
    COMPLIANCE_READ = "compliance.read"
    COMPLIANCE_HANDLE = "compliance.handle"
    PLANNING_READ = "planning.read"
    """Construction plans."""
    PLANNING_WRITE = "planning.write"
    PLANNING_APPROVE = "planning.approve"
    PROJECT_READ = "project.read"
    PROJECT_WRITE = "project.write"
    ORDER_READ = "order.read"
    """Maintenance: contracts, fault orders, planned outages."""
    ORDER_WRITE = "order.write"
    """For the unit that uses the system: report, confirm, contract."""
    ORDER_WORK = "order.work"
    """For the unit that maintains it: respond, repair."""
    STAFF_READ = "staff.read"
    """Staff files and agreements with contractors."""
    STAFF_WRITE = "staff.write"
    DIVISION_WRITE = "division.write"
    ORGANISATION_WRITE = "organisation.write"
    USER_READ = "user.read"
    USER_WRITE = "user.write"
    USER_CONFIRM = "user.confirm"
    """To be the second person where an act takes two."""
    TOKEN_WRITE = "token.write"  # noqa: S105 - a name of an action
    JOURNAL_READ = "journal.read"
    JOURNAL_VERIFY = "journal.verify"
    OWN = "own"
    """What every signed-in person may do with what is their own, and reading public registers."""


PLACED = frozenset(
    {
        Action.LIVE,
        Action.PLAYBACK,
        Action.SNAPSHOT,
        Action.EXPORT,
        Action.CAMERA_READ,
        Action.CAMERA_WRITE,
        Action.CAMERA_IMPORT,
        Action.DIAGNOSE,
        Action.RECORDING_READ,
        Action.RECORDING_IMPORT,
        Action.ALARM_READ,
        Action.ALARM_HANDLE,
        Action.REGISTER_READ,
        Action.REGISTER_WRITE,
        Action.FILING_READ,
        Action.FILING_WRITE,
        Action.FILING_DECIDE,
        Action.COMPLIANCE_READ,
        Action.COMPLIANCE_HANDLE,
        Action.PLANNING_READ,
        Action.PLANNING_WRITE,
        Action.PLANNING_APPROVE,
        Action.PROJECT_READ,
        Action.PROJECT_WRITE,
        Action.ORDER_READ,
        Action.ORDER_WRITE,
        Action.ORDER_WORK,
        Action.STAFF_READ,
        Action.STAFF_WRITE,
    }
)
"""Actions on things that stand somewhere: they are checked against a territory and an organisation."""

GUARDED = frozenset(
    {
        Action.EXPORT,
        Action.SYSTEM_WRITE,
        Action.USER_WRITE,
        Action.USER_CONFIRM,
        Action.TOKEN_WRITE,
        Action.JOURNAL_VERIFY,
    }
)
"""Actions whose writing routes demand a step-up, or say beside their permission why they do not."""

"""The roles: named sets of actions, and the three administrators whom no one person can be at once.

Separation of system, security and audit administration: GB/T 22239-2019, 8.1.5. Organs and departments: HB361, article
5; only public security organs take filings (HB361, 11; SC799, 14), and a police station does not.
"""

from dataclasses import dataclass
from types import MappingProxyType

from mingjing.identity.actions import Action
from mingjing.kernel.errors import Text


@dataclass(frozen=True, slots=True)
class Role:
    """A role as the program ships it. Where it holds is said by the assignment, not here."""

    code: str
    name: Text
    actions: frozenset[Action]
    administers: bool = False
    """One of the three administrators."""


_VIEWING = {Action.LIVE, Action.PLAYBACK, Action.SNAPSHOT, Action.CAMERA_READ, Action.RECORDING_READ}
_USING = {Action.ORDER_READ, Action.ORDER_WRITE, Action.STAFF_READ, Action.STAFF_WRITE}
"""What the unit that uses a system keeps beside its register: maintenance, people, contractors."""
_WATCH = {Action.ALARM_READ, Action.ALARM_HANDLE, Action.LAYOUT_SHARE}
_REGISTERS = {Action.REGISTER_READ, Action.FILING_READ, Action.COMPLIANCE_READ}
_OVERSEEING = {Action.REGISTER_READ, Action.COMPLIANCE_READ}
"""What the organs of HB361, article 5 see, each in its territory: registers and figures, no video."""
_BUILDING = {Action.PLANNING_READ, Action.PROJECT_READ}
"""What those whose function is planning, money or building see besides, and who keeps or files what is built."""
_KEEPING = {Action.DIAGNOSE, Action.PLAN_READ, Action.STORAGE_READ, Action.SYSTEM_READ, Action.METRICS}


def _role(code: str, zh: str, en: str, actions: set[Action], administers: bool = False) -> Role:
    return Role(code, Text(zh, en), frozenset(actions | {Action.OWN}), administers)


ROLES = MappingProxyType(
    {
        role.code: role
        for role in (
            _role("duty_officer", "值班员", "Duty officer", _VIEWING | _WATCH),
            _role("reviewer", "调阅员", "Reviewer", _VIEWING | {Action.EXPORT}),
            _role(
                "maintainer",
                "运维员",
                "Maintainer",
                {Action.CAMERA_READ, Action.CAMERA_WRITE, Action.CAMERA_IMPORT, Action.LIVE, Action.SNAPSHOT}
                | {Action.RECORDING_READ}
                | {Action.ALARM_READ, Action.ALARM_HANDLE, Action.ORDER_READ, Action.ORDER_WORK}
                | _KEEPING,
            ),
            _role(
                "filing_clerk",
                "备案员",
                "Filing clerk",
                {Action.CAMERA_READ, Action.CAMERA_IMPORT, Action.REGISTER_WRITE, Action.FILING_WRITE}
                | {Action.COMPLIANCE_HANDLE}
                | _REGISTERS
                | _USING
                | _BUILDING,
            ),
            _role(
                "builder",
                "建设单位人员",
                "Building unit",
                {Action.FILING_WRITE, Action.PROJECT_WRITE, Action.ORDER_READ, Action.ORDER_WORK}
                | _REGISTERS
                | _BUILDING,
            ),
            _role(
                "planner",
                "规划编制人员",
                "Planner",
                {Action.PLANNING_WRITE, Action.PROJECT_WRITE} | _OVERSEEING | _BUILDING,
            ),
            _role(
                "government",
                "人民政府（规划审批）",
                "Government (approves plans)",
                {Action.PLANNING_APPROVE} | _OVERSEEING | _BUILDING,
            ),
            _role(
                "public_security",
                "公安机关",
                "Public security organ",
                {Action.FILING_DECIDE, Action.ORDER_READ, Action.STAFF_READ} | _REGISTERS | _BUILDING,
            ),
            _role("police_station", "派出所", "Police station", _OVERSEEING),
            _role("development_reform", "发展改革部门", "Development and reform", _OVERSEEING | _BUILDING),
            _role("economy_information", "经济和信息化部门", "Economy and information", _OVERSEEING),
            _role("finance", "财政部门", "Finance", _OVERSEEING | _BUILDING),
            _role("science_technology", "科技部门", "Science and technology", _OVERSEEING),
            _role(
                "housing_construction",
                "住房和城乡建设部门",
                "Housing and construction",
                _OVERSEEING | _BUILDING,
            ),
            _role("transport", "交通运输部门", "Transport", _OVERSEEING),
            _role("quality_supervision", "质量技术监督部门", "Quality supervision", _OVERSEEING),
            _role(
                "operator_admin",
                "业务管理员",
                "Operations administrator",
                _VIEWING
                | _WATCH
                | _KEEPING
                | {Action.EXPORT, Action.CAMERA_WRITE, Action.CAMERA_IMPORT, Action.PLAN_WRITE}
                | {Action.RECORDING_IMPORT}
                | {Action.USER_READ, Action.REGISTER_WRITE, Action.FILING_WRITE, Action.COMPLIANCE_HANDLE}
                | {Action.PLANNING_WRITE, Action.PROJECT_WRITE}
                | {Action.ORDER_WORK}
                | _REGISTERS
                | _USING
                | _BUILDING,
            ),
            _role(
                "system_admin",
                "系统管理员",
                "System administrator",
                {Action.SYSTEM_READ, Action.SYSTEM_WRITE, Action.METRICS, Action.INTERFACE}
                | {Action.STORAGE_READ, Action.PLAN_READ, Action.DIVISION_WRITE, Action.ORGANISATION_WRITE}
                | {Action.USER_CONFIRM},
                administers=True,
            ),
            _role(
                "security_admin",
                "安全管理员",
                "Security administrator",
                {Action.USER_READ, Action.USER_WRITE, Action.TOKEN_WRITE, Action.ORGANISATION_WRITE}
                | {Action.INTERFACE, Action.USER_CONFIRM},
                administers=True,
            ),
            _role(
                "audit_admin",
                "审计管理员",
                "Audit administrator",
                {Action.JOURNAL_READ, Action.JOURNAL_VERIFY, Action.USER_READ, Action.USER_CONFIRM},
                administers=True,
            ),
        )
    }
)


def clash(codes: set[str]) -> tuple[str, str] | None:
    """Two administrators' roles among `codes` that one person must not hold together, None where there are none."""
    held = sorted(code for code in codes if ROLES[code].administers)
    return (held[0], held[1]) if len(held) > 1 else None

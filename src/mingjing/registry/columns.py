"""The columns of tables of cameras, and what their cells mean. Pure: text comes in, values or errors go out."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from mingjing.kernel.errors import Text
from mingjing.registry.dossiers.members import BY_FIELD, MEMBERS, Member, words_of
from mingjing.registry.schema import CellError

YES, NO = "是", "否"
TRUE: Final = frozenset({"是", "yes", "y", "true", "1"})
FALSE: Final = frozenset({"否", "no", "n", "false", "0"})
_DAY: Final = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?: 00:00:00)?")
_SEPARATORS: Final = re.compile(r"[/、;；,，]")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name in the wish or dossier, its heading in both languages, and what may be chosen."""

    field: str
    zh: str
    en: str
    choices: tuple[str, ...] = ()
    mandatory: bool = False
    """Of the dossier: marked in the heading."""

    @property
    def heading(self) -> str:
        return f"{self.zh} / {self.en}{' ★' if self.mandatory else ''}"


def _of_member(member: Member) -> Column:
    choices = tuple(spoken_code(code, words_of(member)) for code in words_of(member))
    if member.kind == "flag":
        choices = (YES, NO)
    # Several codes in one cell cannot be chosen from a list.
    return Column(
        member.field, member.zh, member.en, () if member.kind == "codes" else choices, member.mandatory
    )


def spoken_code(code: str, words: Mapping[str, Text]) -> str:
    """A code as a cell shows it: `3 固定枪机`."""
    return f"{code} {words[code].zh}"


CAMERA_COLUMNS: Final = (
    Column("name", "名称", "Name"),
    Column("division", "行政区划代码", "Division"),
    Column("organisation", "单位编号", "Organisation"),
    Column("address", "地址", "Address"),
    Column("main_url", "主码流", "Main stream"),
    Column("sub_url", "子码流", "Sub-stream"),
    Column("user", "用户名", "User"),
    Column("password", "口令", "Password"),
    Column("transport", "传输", "Transport", ("auto", "tcp", "udp", "udp_only")),
    Column("audio", "声音", "Audio", (YES, NO)),
    Column("enabled", "启用", "Enabled", (YES, NO)),
    Column("note", "备注", "Note"),
)
IDENTIFIER: Final = Column("id", "摄像机编号", "Camera identifier")
REASON: Final = Column("move_reason", "移位理由", "Reason of the move")
COLUMNS: Final = (
    *CAMERA_COLUMNS,
    IDENTIFIER,
    # The address of a camera is typed once: the register's is the dossier's.
    *(_of_member(one) for one in MEMBERS if one.field != "address"),
    REASON,
)
BY_COLUMN: Final[Mapping[str, Column]] = MappingProxyType({column.field: column for column in COLUMNS})
DOSSIER_FIELDS: Final = tuple(
    column.field for column in COLUMNS if column.field in BY_FIELD or column is REASON
)


def field_of(heading: str) -> str | None:
    """The column that a heading names: both languages, either, or the field itself; None for another."""
    return _HEADINGS.get(heading.replace("★", "").strip().lower())


def cell_error(field: str, zh: str, en: str) -> CellError:
    """What is wrong with a cell, by the heading of its column."""
    return CellError(column=BY_COLUMN.get(field, COLUMNS[0]).heading, message=zh, message_en=en)


def member_value(field: str, text: str) -> Any:
    """What a cell says of a member, as the wire has it. Raises ValueError with a Text of what to do."""
    member = BY_FIELD.get(field)
    if member is None:
        return text
    if member.kind == "code":
        return _code(text, words_of(member))
    if member.kind == "codes":
        parts = (part.strip() for part in _SEPARATORS.split(text))
        return "/".join(_code(part, words_of(member)) for part in parts if part)
    if member.kind in {"number", "integer"}:
        return _number(text)
    if member.kind == "day":
        return _day(text)
    if member.kind == "flag":
        return _flag(text)
    return text


def member_text(field: str, value: Any) -> str:
    """What a cell shows of a member."""
    member = BY_FIELD[field]
    if value is None:
        return ""
    if member.kind == "code":
        words = words_of(member)
        return spoken_code(value, words) if value in words else str(value)
    if member.kind == "flag":
        return YES if value else NO
    if isinstance(value, float):
        return f"{value:.10g}"
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


class CellFaultError(ValueError):
    """A cell that means nothing; `text` says what to enter."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.text = Text(zh, en)


def _code(text: str, words: Mapping[str, Text]) -> str:
    head = text.split(" ", 1)[0]
    for known in (text, head):
        if known in words:
            return known
    # A spreadsheet that took `01` for a number gives 1 back; a name stands for its code.
    for code, name in words.items():
        if text in {name.zh, name.en} or text.lower() == code.lower():
            return code
    raise CellFaultError(f"应为 {'、'.join(words)} 之一", f"must be one of {', '.join(words)}")


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise CellFaultError("应为数字", "must be a number") from None


def _day(text: str) -> str:
    found = _DAY.fullmatch(text)
    if found is None:
        raise CellFaultError("应为日期，如 2026-10-18", "must be a day such as 2026-10-18")
    return f"{int(found[1]):04d}-{int(found[2]):02d}-{int(found[3]):02d}"


def _flag(text: str) -> bool:
    if text.lower() in TRUE:
        return True
    if text.lower() in FALSE:
        return False
    raise CellFaultError("应为“是”或“否”", "should be 是 (yes) or 否 (no)")


def _headings() -> dict[str, str]:
    found: dict[str, str] = {}
    for column in COLUMNS:
        for name in (f"{column.zh} / {column.en}", column.zh, column.en, column.field):
            found.setdefault(name.lower(), column.field)
    return found


_HEADINGS: Final = _headings()

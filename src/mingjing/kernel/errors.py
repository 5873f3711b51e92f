"""The one catalogue of errors: stable code, HTTP status, and text for people in Chinese and English.

Rooms define their kinds in their own `errors.py` through `define`; all of them land in `catalogue()`.
A kind that is missing a language, or whose text asks for something other than a plain `{name}`, does not
import. Turning an error into an HTTP answer is the web's affair.
"""

import re
import string
from collections.abc import Iterable
from dataclasses import dataclass
from types import MappingProxyType

_CODE = re.compile(r"[A-Z]{2,5}-\d{3}")
_catalogue: dict[str, "ErrorKind"] = {}


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence in both languages, with `{name}` where a fact goes."""

    zh: str
    en: str

    def filled(self, facts: dict[str, object]) -> "Text":
        """The sentence with its facts; a fact that is absent shows as a dash rather than failing."""
        return Text(zh=_fill(self.zh, facts), en=_fill(self.en, facts))

    def names(self) -> set[str]:
        """Names of the facts that either language asks for."""
        return set(_fields(self.zh)) | set(_fields(self.en))


@dataclass(frozen=True, slots=True)
class ErrorKind:
    """One way to fail: what it is called, what happened, and what the person can do."""

    code: str
    status: int
    title: Text
    detail: Text
    remedy: Text


@dataclass(frozen=True, slots=True)
class FieldFault:
    """What is wrong with one field of a request."""

    field: str
    code: str
    message: Text


class MingjingError(Exception):
    """An error of the catalogue with the facts of this case.

    `facts` fill the sentences and travel to the caller as extra members of the problem; they must therefore
    hold nothing that the caller may not know.
    """

    def __init__(self, kind: ErrorKind, *, fields: Iterable[FieldFault] = (), **facts: object) -> None:
        self.kind = kind
        self.facts = facts
        self.fields = tuple(fields)
        super().__init__(f"{kind.code}: {self.detail.en}")

    @property
    def code(self) -> str:
        return self.kind.code

    @property
    def detail(self) -> Text:
        return self.kind.detail.filled(self.facts)

    @property
    def remedy(self) -> Text:
        return self.kind.remedy.filled(self.facts)

    def sentence(self) -> str:
        """Both languages on two lines, for terminals."""
        return f"{self.detail.zh}{self.remedy.zh}\n{self.detail.en} {self.remedy.en} [{self.code}]"


def define(
    code: str, status: int, *, title: tuple[str, str], detail: tuple[str, str], remedy: tuple[str, str]
) -> ErrorKind:
    """Enter a kind into the catalogue. Each pair is (Chinese, English).

    Raises ValueError for a code that is taken or malformed, a status that is no error, or an empty text.
    """
    if _CODE.fullmatch(code) is None:
        raise ValueError(f"error code {code!r} is not of the form ABC-123")
    if code in _catalogue:
        raise ValueError(f"error code {code} is defined twice")
    if not 400 <= status <= 599:
        raise ValueError(f"{code}: {status} is not the status of an error")
    kind = ErrorKind(code, status, Text(*title), Text(*detail), Text(*remedy))
    for text in (kind.title, kind.detail, kind.remedy):
        if not text.zh.strip() or not text.en.strip():
            raise ValueError(f"{code}: a text is empty in one language")
        text.names()
    _catalogue[code] = kind
    return kind


def catalogue() -> MappingProxyType[str, ErrorKind]:
    """Every kind defined so far, by code."""
    return MappingProxyType(_catalogue)


def _fields(template: str) -> list[str]:
    names: list[str] = []
    for _, name, spec, conversion in string.Formatter().parse(template):
        if name is None:
            continue
        # Attribute access or format codes in a text would let facts run code of their own.
        if not name.isidentifier() or spec or conversion:
            raise ValueError(f"{template!r}: only a plain {{name}} may stand in a text")
        names.append(name)
    return names


def _fill(template: str, facts: dict[str, object]) -> str:
    return template.format_map({name: facts.get(name, "—") for name in _fields(template)})


NOT_FOUND = define(
    "REQ-404",
    404,
    title=("未找到", "Not found"),
    detail=(
        "所请求的内容不存在，或不在您的权限范围内。",
        "What you asked for does not exist, or not for you.",
    ),
    remedy=(
        "请核对地址或编号；如应可见，请联系安全管理员。",
        "Check the address or identifier; if you should see it, ask the security administrator.",
    ),
)
INVALID = define(
    "REQ-422",
    422,
    title=("内容有误", "The request has mistakes"),
    detail=("提交的内容有 {count} 处不符合要求。", "{count} part(s) of what was sent are not acceptable."),
    remedy=("请按各字段的提示修改后重试。", "Correct the fields that are named and try again."),
)
CONFLICT = define(
    "REQ-409",
    409,
    title=("与现状冲突", "Conflicts with what is there"),
    detail=("{what_zh}", "{what_en}"),
    remedy=("请刷新后再试。", "Reload and try again."),
)
UNEXPECTED = define(
    "SYS-500",
    500,
    title=("系统内部错误", "Internal error"),
    detail=(
        "系统未能完成此操作，详情已记入运行日志。",
        "The system could not do this; the details are in its log.",
    ),
    remedy=(
        "请稍后重试；若仍出现，请将编号 {reference} 告知运维人员。",
        "Try again later; if it persists, give the reference {reference} to the maintainers.",
    ),
)

"""What goes wrong at a shell, in the words of the catalogue: a bad argument, the machine's refusal, a broken database."""

import os
from collections.abc import Sequence

from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError

from mingjing.kernel.errors import MingjingError, define
from mingjing.kernel.text import shown

ARGUMENT_UNREADABLE = define(
    "SYS-073",
    400,
    title=("参数含有控制字符", "An argument holds a control character"),
    detail=(
        "第 {place} 个参数含有控制字符或不是 UTF-8：{text}。",
        "Argument {place} holds a control character or is not UTF-8: {text}.",
    ),
    remedy=("请重新输入该参数。", "Type it again."),
)
MACHINE_REFUSES = define(
    "SYS-074",
    400,
    title=("操作系统拒绝", "The machine refuses"),
    detail=("操作系统拒绝{path}：{problem}。", "The machine refuses{path}: {problem}."),
    remedy=(
        "请核对路径与权限后重试。",
        "Check the path and who may read and write it, then try again.",
    ),
)
DATABASE_UNOPENED = define(
    "SYS-075",
    503,
    title=("数据库打不开", "The database cannot be opened"),
    detail=("数据库打不开：{problem}。", "The database cannot be opened: {problem}."),
    remedy=(
        "请确认 --data 指向正确的目录、磁盘未满且可写；已损坏时可用 mingjing restore newest 恢复。",
        "See that --data names the right directory and that its disk can be written; if the database is broken, "
        "`mingjing restore newest` puts the last backup in its place.",
    ),
)
ARGUMENT_REFUSED = define(
    "SYS-076",
    422,
    title=("参数的值不可用", "A value cannot be used"),
    detail=("{field}：{problem}。", "{field}: {problem}."),
    remedy=("请用 --help 查看该命令的参数。", "See what the command takes with --help."),
)
FAILURES = (OSError, DBAPIError, ValidationError)
"""What a command may fail of that is no defect of the program."""


def check_arguments(words: Sequence[str]) -> None:
    """Refuse what would steer a terminal or cannot be written down. Raises SYS-073."""
    for place, word in enumerate(words, start=1):
        if shown(word) != word:
            raise MingjingError(ARGUMENT_UNREADABLE, place=place, text=shown(word))


def in_words(failure: OSError | DBAPIError | ValidationError) -> MingjingError:
    """The same as an error of the catalogue."""
    if isinstance(failure, OSError):
        named = "" if failure.filename is None else f" {os.fsdecode(failure.filename)}"
        return MingjingError(MACHINE_REFUSES, path=named, problem=failure.strerror or str(failure))
    if isinstance(failure, DBAPIError):
        return MingjingError(DATABASE_UNOPENED, problem=str(failure.orig))
    first = failure.errors(include_url=False, include_input=False)[0]
    return MingjingError(ARGUMENT_REFUSED, field=".".join(map(str, first["loc"])), problem=first["msg"])

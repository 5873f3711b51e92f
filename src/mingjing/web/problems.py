"""Every error as problem details (RFC 9457) from the one catalogue."""

from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from mingjing.kernel.errors import (
    INVALID,
    NOT_FOUND,
    UNEXPECTED,
    FieldFault,
    MingjingError,
    Text,
    define,
)
from mingjing.kernel.ids import new_id

_log = structlog.get_logger(__name__)
MEDIA_TYPE = "application/problem+json"

METHOD_WRONG = define(
    "REQ-405",
    405,
    title=("不支持的方法", "Method not allowed"),
    detail=("此地址不支持方法 {method}。", "This address does not take the method {method}."),
    remedy=("请查阅接口说明。", "See the interface description."),
)
REFUSED = define(
    "REQ-400",
    400,
    title=("请求无法处理", "The request cannot be handled"),
    detail=("服务器拒绝了请求（{status}）。", "The server refused the request ({status})."),
    remedy=("请检查请求的格式与大小。", "Check the form and size of the request."),
)


class FieldProblem(BaseModel):
    """What is wrong with one field."""

    field: str
    code: str
    message: str
    message_en: str


class Problem(BaseModel):
    """An error as it goes out: RFC 9457 members, both languages, what to do; the facts of the case as further members."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(examples=["urn:mingjing:AUTH-003"])
    title: str
    title_en: str
    status: int
    code: str = Field(examples=["AUTH-003"])
    detail: str
    detail_en: str
    remedy: str
    remedy_en: str
    instance: str
    fields: list[FieldProblem] = []


def problem(error: MingjingError, instance: str) -> Problem:
    """The problem that `error` is."""
    facts = {
        name: value
        for name, value in error.facts.items()
        if name not in Problem.model_fields and isinstance(value, str | int | bool)
    }
    return Problem(
        **facts,
        type=f"urn:mingjing:{error.code}",
        title=error.kind.title.zh,
        title_en=error.kind.title.en,
        status=error.kind.status,
        code=error.code,
        detail=error.detail.zh,
        detail_en=error.detail.en,
        remedy=error.remedy.zh,
        remedy_en=error.remedy.en,
        instance=instance,
        fields=[
            FieldProblem(field=one.field, code=one.code, message=one.message.zh, message_en=one.message.en)
            for one in error.fields
        ],
    )


def answer(error: MingjingError, request: Request) -> JSONResponse:
    """The HTTP answer to `error`."""
    body = problem(error, request.url.path)
    return JSONResponse(body.model_dump(), status_code=body.status, media_type=MEDIA_TYPE)


def install(app: FastAPI) -> None:
    """Make every error of the program a problem."""

    @app.exception_handler(MingjingError)
    async def known(request: Request, error: MingjingError) -> JSONResponse:
        return answer(error, request)

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        faults = [_fault(one) for one in error.errors()]
        return answer(MingjingError(INVALID, fields=faults, count=len(faults)), request)

    @app.exception_handler(HTTPException)
    async def http(request: Request, error: HTTPException) -> JSONResponse:
        if error.status_code == 404:
            return answer(MingjingError(NOT_FOUND), request)
        if error.status_code == 405:
            return answer(MingjingError(METHOD_WRONG, method=request.method), request)
        return answer(MingjingError(REFUSED, status=error.status_code), request)

    @app.exception_handler(Exception)
    async def unexpected(request: Request, error: Exception) -> JSONResponse:
        # The last resort: whatever was not foreseen is logged once with a reference and told without detail.
        reference = new_id("er")
        _log.error("unexpected_error", reference=reference, path=request.url.path, exc_info=error)
        return answer(MingjingError(UNEXPECTED, reference=reference), request)


def _fault(one: Any) -> FieldFault:
    where = ".".join(str(part) for part in one["loc"] if part not in {"body", "query", "path"}) or "body"
    said = str(one["msg"])
    return FieldFault(
        where, str(one["type"]), Text(_CHINESE.get(str(one["type"]), "此项不符合要求") + "。", said)
    )


_CHINESE = {
    "missing": "此项必填",
    "extra_forbidden": "没有此项",
    "string_too_short": "内容过短",
    "string_too_long": "内容过长",
    "string_pattern_mismatch": "格式不符",
    "int_parsing": "应为整数",
    "int_type": "应为整数",
    "bool_parsing": "应为是或否",
    "enum": "不在可选范围内",
    "literal_error": "不在可选范围内",
    "greater_than_equal": "数值过小",
    "less_than_equal": "数值过大",
    "too_long": "项目过多",
    "too_short": "项目过少",
    "json_invalid": "不是有效的 JSON",
}

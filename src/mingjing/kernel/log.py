"""Structured logs on standard error, with one redactor for everything that could be a secret.

People read the journal; this log is for whoever keeps the program running.
"""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any, Literal

import structlog

from mingjing.kernel.secrets import Secret
from mingjing.kernel.text import shown

_SECRET_NAMES = re.compile(
    r"pass(word|wd|phrase)?$|secret|token|ticket|cookie|authorization|credential|csrf|api_?key|^code$|otp",
    re.I,
)
_USERINFO = re.compile(r"(?P<scheme>[a-z][a-z0-9+.-]*://)[^/\s@]+@", re.I)
_IN_TEXT = re.compile(
    r"(?P<name>(?:password|passwd|secret|token|ticket|code)[\"']?\s*[=:]\s*[\"']?)[^\s\"'&,}]+", re.I
)
_BEARER = re.compile(r"(?P<name>(?:Bearer|Ticket|Basic|Digest|Session)\s+)[A-Za-z0-9._~+/=-]{8,}")
_LONGEST = 32_000


def redact(_logger: object, _method: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A structlog processor that masks secrets by type, by name and by shape."""
    for name, value in entry.items():
        entry[name] = "***" if _SECRET_NAMES.search(name) and name != "event" else masked(value)
    return entry


def masked(value: Any) -> Any:
    """`value` without secrets: user-info of URLs, `password=…`, bearer tokens; bounded in length."""
    if isinstance(value, Secret):
        return "***"
    if isinstance(value, str):
        text = _USERINFO.sub(r"\g<scheme>***@", value[:_LONGEST])
        return _BEARER.sub(r"\g<name>***", _IN_TEXT.sub(r"\g<name>***", text))
    if isinstance(value, dict):
        return {k: "***" if _SECRET_NAMES.search(str(k)) else masked(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [masked(part) for part in value]
    return value


def harmless(_logger: object, _method: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A structlog processor: no character that steers a terminal, and no line that could pass for another entry.

    Devices, browsers and paths choose texts that end here; a traceback keeps its lines, each set off by a bar.
    """
    for name, value in list(entry.items()):
        if name == "exception" and isinstance(value, str):
            entry[name] = "\n".join(f"  | {shown(line)}" for line in value.split("\n"))
        else:
            entry[shown(name)] = _harmless(value)
    return entry


def _harmless(value: Any) -> Any:
    if isinstance(value, str):
        return shown(value)
    if isinstance(value, dict):
        return {shown(str(key)): _harmless(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_harmless(part) for part in value]
    return value if isinstance(value, int | float | None) else shown(str(value))


def configure(level: str = "info", form: Literal["text", "json"] = "text") -> None:
    """Set up logging for the whole process; library logs take the same road."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        redact,
    ]
    last: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level.upper())),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, redact, harmless, last],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    logging.getLogger("alembic").setLevel(logging.WARNING)
    # Its access lines carry query strings; requests are logged by our own middleware.
    logging.getLogger("uvicorn.access").disabled = True

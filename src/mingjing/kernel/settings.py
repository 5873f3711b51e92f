"""Settings: a TOML file, overruled by MINGJING_… in the environment, overruled by flags.

Every value remembers where it came from. An unknown key is refused with the nearest name that exists; a secret is
typed and prints masked. No setting is ever run as a command, a format or a path template. Which sections there are
is said by the rooms and put together in `mingjing.configuration`.
"""

import difflib
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from mingjing.kernel.errors import MingjingError, define

ENVIRONMENT_PREFIX = "MINGJING_"
FILE_VARIABLE = "MINGJING_CONFIG"

SETTING_UNKNOWN = define(
    "SYS-030",
    500,
    title=("未知的配置项", "Unknown setting"),
    detail=("{source} 中的配置项 {name} 不存在。", "The setting {name} in {source} does not exist."),
    remedy=("最接近的名称是 {nearest}。", "The nearest name is {nearest}."),
)
SETTING_BAD = define(
    "SYS-031",
    500,
    title=("配置值无效", "A setting is not valid"),
    detail=(
        "{source} 中 {name} 的值无效：{problem}。",
        "The value of {name} in {source} is not valid: {problem}.",
    ),
    remedy=(
        "请改正后重试；mingjing config show 可列出全部配置。",
        "Correct it and try again; `mingjing config show` lists all settings.",
    ),
)
SETTINGS_FILE_BAD = define(
    "SYS-032",
    500,
    title=("配置文件无法读取", "The settings file cannot be read"),
    detail=("配置文件 {path}：{problem}。", "The settings file {path}: {problem}."),
    remedy=("请检查路径与 TOML 语法。", "Check the path and the TOML syntax."),
)


class Section(BaseModel):
    """One table of the settings file: frozen, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)


class DataSettings(Section):
    """Where the program keeps what it knows."""

    directory: Path = Field(
        default=Path("var/data"), description="Database, identity, lock, journal checkpoints"
    )
    key_directory: Path | None = Field(
        default=None, description="Keys, outside the data directory; default: beside it, with .keys appended"
    )

    def keys(self) -> Path:
        """The effective directory of the keys."""
        return self.key_directory or self.directory.with_name(self.directory.name + ".keys")


class DatabaseSettings(Section):
    """Which database."""

    url: SecretStr = Field(
        default=SecretStr(""), description="postgresql://…; empty: SQLite in the data directory"
    )


class LogSettings(Section):
    """The running log on standard error."""

    level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="debug, info, warning or error"
    )
    form: Literal["text", "json"] = Field(default="text", description="text for people, json for machines")


@dataclass(frozen=True, slots=True)
class Sourced:
    """One effective value and where it came from."""

    name: str
    shown: str
    source: str


S = TypeVar("S", bound=BaseModel)


@dataclass
class _Collected:
    values: dict[str, dict[str, Any]] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)

    def put(self, section: str, key: str, value: Any, source: str) -> None:
        self.values.setdefault(section, {})[key] = value
        self.sources[f"{section}.{key}"] = source


def load(
    model: type[S],
    *,
    file: Path | None = None,
    environment: Mapping[str, str] | None = None,
    flags: Mapping[str, Any] | None = None,
) -> tuple[S, dict[str, str]]:
    """Read settings of the shape `model`, whose fields are `Section`s.

    `flags` are `{"server.port": 8360}`; a flag of None was not given. Returns the settings and, for each dotted
    name that was set, its source. Raises SYS-030, SYS-031, SYS-032.
    """
    known = dict(_leaves(model))
    got = _Collected()
    if file is not None:
        _from_file(file, known, got)
    _from_environment(environment or {}, known, got)
    for name, value in (flags or {}).items():
        if value is None:
            continue
        section, key = _known(name, known, "flags")
        got.put(section, key, value, "flag")
    try:
        return model.model_validate(got.values), got.sources
    except ValidationError as cause:
        first = cause.errors(include_input=False, include_url=False)[0]
        name = ".".join(str(part) for part in first["loc"][:2])
        raise MingjingError(
            SETTING_BAD, name=name, source=got.sources.get(name, "defaults"), problem=first["msg"]
        ) from None


def explained(settings: BaseModel, sources: Mapping[str, str]) -> list[Sourced]:
    """Every effective value with its source, secrets masked."""
    rows = []
    for section_name in type(settings).model_fields:
        section = getattr(settings, section_name)
        for key in type(section).model_fields:
            value = getattr(section, key)
            name = f"{section_name}.{key}"
            rows.append(Sourced(name, _shown(value), sources.get(name, "default")))
    return rows


def described(defaults: BaseModel) -> str:
    """The reference page of all settings, as Markdown: name, variable, default, bounds, meaning."""
    lines = [
        "# Settings",
        "",
        "A TOML file (`--config`, or the variable `MINGJING_CONFIG`), overruled by the environment, overruled by "
        "flags. `mingjing config show` prints what is in force and where it came from. An unknown name is refused. "
        "This page is what `mingjing config reference` prints.",
    ]
    for section_name in type(defaults).model_fields:
        section = getattr(defaults, section_name)
        lines += ["", f"## [{section_name}]", "", "| Setting | Variable | Default | Bounds | Meaning |"]
        lines.append("| --- | --- | --- | --- | --- |")
        for key, info in type(section).model_fields.items():
            variable = f"{ENVIRONMENT_PREFIX}{section_name}_{key}".upper()
            bounds = ", ".join(_bound(one) for one in info.metadata if _bound(one)) or "—"
            meaning = info.description or "—"
            default = _shown(getattr(section, key))
            lines.append(f"| `{key}` | `{variable}` | `{default}` | {bounds} | {meaning} |")
    return "\n".join(lines) + "\n"


def _bound(constraint: Any) -> str:
    for name, sign in (("ge", "≥"), ("le", "≤"), ("max_length", "length ≤"), ("pattern", "form")):
        value = getattr(constraint, name, None)
        if value is not None:
            return f"{sign} {value}" if name != "pattern" else f"form `{value}`".replace("|", "\\|")
    return ""


def _shown(value: Any) -> str:
    if isinstance(value, SecretStr):
        return "***" if value.get_secret_value() else '""'
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_shown(part) for part in value) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | Path):
        return f'"{value}"'
    return "none" if value is None else str(value)


def _leaves(model: type[BaseModel]) -> Iterator[tuple[str, tuple[str, str]]]:
    for section_name, section in model.model_fields.items():
        kind = section.annotation
        if not (isinstance(kind, type) and issubclass(kind, BaseModel)):
            raise TypeError(f"settings section {section_name} is not a Section")
        for key in kind.model_fields:
            yield f"{section_name}.{key}", (section_name, key)


def _known(name: str, known: Mapping[str, tuple[str, str]], source: str) -> tuple[str, str]:
    if name in known:
        return known[name]
    nearest = difflib.get_close_matches(name, known, n=1, cutoff=0.0)
    raise MingjingError(SETTING_UNKNOWN, name=name, source=source, nearest=nearest[0] if nearest else "—")


def _from_file(file: Path, known: Mapping[str, tuple[str, str]], got: _Collected) -> None:
    try:
        tables = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as cause:
        raise MingjingError(SETTINGS_FILE_BAD, path=str(file), problem=str(cause)) from cause
    for table, values in tables.items():
        if not isinstance(values, dict):
            _known(table, known, str(file))
            continue
        for key, value in values.items():
            section, leaf = _known(f"{table}.{key}", known, str(file))
            got.put(section, leaf, value, str(file))


def _from_environment(
    environment: Mapping[str, str], known: Mapping[str, tuple[str, str]], got: _Collected
) -> None:
    by_variable = {ENVIRONMENT_PREFIX + name.replace(".", "_").upper(): name for name in known}
    for variable, text in environment.items():
        if not variable.startswith(ENVIRONMENT_PREFIX) or variable == FILE_VARIABLE:
            continue
        name = by_variable.get(variable)
        if name is None:
            nearest = difflib.get_close_matches(variable, by_variable, n=1, cutoff=0.0)
            raise MingjingError(
                SETTING_UNKNOWN, name=variable, source="environment", nearest=nearest[0] if nearest else "—"
            )
        section, key = known[name]
        got.put(section, key, _parsed(text), f"environment {variable}")


def _parsed(text: str) -> Any:
    """A list in the environment is written as in TOML; everything else is left to the type of the setting."""
    if not text.startswith("["):
        return text
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except (tomllib.TOMLDecodeError, RecursionError):
        return text

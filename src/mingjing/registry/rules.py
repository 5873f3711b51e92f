"""Rules of the register: how names are found. Pure."""


def spoken(name: str) -> tuple[str, str]:
    """Full pinyin and initials of a name, lower case: `("damendong", "dmd")`. Latin letters stand for themselves."""
    # Its dictionaries take longer to load than most commands take to run; only who names a camera needs them.
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415

    full = "".join(lazy_pinyin(name, errors=_letters)).lower()
    initials = "".join(lazy_pinyin(name, style=Style.FIRST_LETTER, errors=_letters)).lower()
    return full[:700], initials[:100]


def _letters(text: str) -> str:
    return "".join(character for character in text if character.isalnum())


def like(text: str) -> str:
    """A fragment for LIKE with `\\` as escape: what people type holds no wildcard."""
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"

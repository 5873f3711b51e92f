"""What a cell of a table may hold. Pure."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def guarded(text: str) -> str:
    """A cell that no spreadsheet takes for a formula: `'` before what begins like one."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def unguarded(text: str) -> str:
    """The inverse of `guarded`, for tables that come back."""
    return text[1:] if text.startswith("'") and text[1:].startswith(_FORMULA) else text

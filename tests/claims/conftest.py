"""In what order the claims are asked."""

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Who may take longest begins first: nobody is then left to run alone while the other processors idle."""
    items.sort(key=_most_seconds, reverse=True)


def _most_seconds(item: pytest.Item) -> float:
    mark = item.get_closest_marker("timeout")
    return float(mark.args[0]) if mark else 0

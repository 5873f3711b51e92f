"""In what order the claims are asked where several processes share them, and which stay in one."""

import pytest
from xdist.remote import Producer  # type: ignore[import-untyped]
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

TOGETHER = frozenset({"test_hostile.py", "test_security.py"})
"""Files whose tests share a program, or look at what the others of the file did."""


class Claims(LoadScopeScheduling):  # type: ignore[misc]
    """Each claim by itself, those of a file that shares something together."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return file if file.rpartition("/")[2] in TOGETHER else nodeid


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling:
    return Claims(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Who may take longest begins first: nobody is then left to run alone while the other processors idle."""
    items.sort(key=_most_seconds, reverse=True)


def _most_seconds(item: pytest.Item) -> float:
    mark = item.get_closest_marker("timeout")
    return float(mark.args[0]) if mark else 0

"""The house itself: imports follow the contracts, and the compiled media plane has two doors."""

import re
import subprocess
import sys
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "src"
LINT = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"


def test_imports_follow_the_contracts() -> None:
    found = subprocess.run(
        [sys.executable, "-c", LINT],
        cwd=SOURCE.parent, env={"PYTHONPATH": str(SOURCE), "PATH": "/usr/bin:/bin"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert found.returncode == 0, found.stdout
    assert re.search(r"Contracts: [1-9]\d* kept, 0 broken", found.stdout)


def test_only_the_node_and_the_demo_load_the_compiled_media_plane() -> None:
    loading = {
        str(path.relative_to(SOURCE / "mingjing"))
        for path in (SOURCE / "mingjing").rglob("*.py")
        if re.search(r"mingjing\._media\b", path.read_text(encoding="utf-8"))
    }
    assert loading == {"media/node.py", "app/demo.py"}

"""Checks the documentation: every relative link leads to a file, every page is reachable from the README."""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


def main() -> int:
    """Print what is wrong; 1 where something is."""
    pages = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
    linked: set[Path] = set()
    wrong = []
    for page in pages:
        for target in LINK.findall(page.read_text(encoding="utf-8")):
            if "://" in target:
                continue
            found = (page.parent / target).resolve()
            linked.add(found)
            if not found.exists():
                wrong.append(f"{page.relative_to(ROOT)}: {target} is not there")
    for page in ROOT.glob("docs/*/*.md"):
        if page not in linked and page.parent not in linked:
            wrong.append(f"{page.relative_to(ROOT)}: no page leads here")
    sys.stdout.write("".join(f"{line}\n" for line in wrong) or f"{len(pages)} pages, every link holds\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

"""What the program writes into the journal, the console has words for: an action without a verb shows as its code."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
CODES = ROOT / "console/src/shared/journal/codes.ts"


def _said() -> set[str]:
    """Actions that stand in the program as they are: `record(tx, who, "camera.remove", …)`, and of a change that goes into
    the history `changed(tx, who, Object("plan_item", …), "enter", …)`."""
    found = set()
    for path in (ROOT / "src/mingjing").rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        kinds = {
            target.id: node.value.value
            for node in tree.body
            if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Constant)
            for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
            if isinstance(target, ast.Name)
        }
        for call in ast.walk(tree):
            if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
                continue
            match call.func.id, call.args:
                case "record", [_, _, ast.Constant(value=action), *_]:
                    found.add(str(action))
                case "changed", [_, _, ast.Call(args=[kind, *_]), ast.Constant(value=verb), *_]:
                    named = (
                        kind.value if isinstance(kind, ast.Constant) else kinds.get(getattr(kind, "id", ""))
                    )
                    if named:
                        found.add(".".join((str(named), str(verb))))
    return found


def test_every_action_has_words_in_the_console() -> None:
    offered = {
        f"{family}.{verb}"
        for family, verbs in re.findall(
            r"^  (\w+): \[([^\]]*)\]", CODES.read_text(encoding="utf-8"), re.MULTILINE
        )
        for verb in re.findall(r"'(\w+)'", verbs)
    }
    said = _said()
    assert len(said) > 60
    assert said - offered == set()

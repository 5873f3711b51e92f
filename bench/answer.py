"""What a question's file hands in, and where it goes. No question lives here."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

OUTPUT = Path("build/bench")


@dataclass(frozen=True)
class Answer:
    """`ours` and each of `peers` in `unit`, smaller is better; `missing` names peers not on this machine."""

    question: str
    unit: str
    ours: float
    peers: dict[str, float]
    missing: list[str] = field(default_factory=list)

    @property
    def ratio_to_best_peer(self) -> float | None:
        """Ours over the cheapest; a limit such as a bare loop counts as a peer. None without any."""
        best = min(self.peers.values(), default=0.0)
        return round(self.ours / best, 3) if best else None


def hand_in(answers: list[Answer]) -> None:
    """Write each answer to its file and print a table of ratios."""
    OUTPUT.mkdir(parents=True, exist_ok=True)
    for answer in answers:
        record = {**asdict(answer), "ratio_to_best_peer": answer.ratio_to_best_peer}
        path = OUTPUT / f"{answer.question}.json"
        path.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
        print(f"{answer.question}  [{answer.unit}]")
        print(f"  {'ours':<24}{answer.ours:>12.5f}")
        for name, value in sorted(answer.peers.items(), key=lambda item: item[1]):
            print(
                f"  {name:<24}{value:>12.5f}   ours is {answer.ours / value:.2f} x" if value else f"  {name}"
            )
        for name in answer.missing:
            print(f"  {name:<24}{'not here':>12}")

"""`python -m bench [question [options…]]`: one question, or all of them. The questions live in files of their own."""

import sys
from collections.abc import Callable

from bench import compliance, control, delay, fanout, importing, index, maps, recording

QUESTIONS: dict[str, Callable[[list[str]], None]] = {
    "recording": recording.main,
    "control": control.main,
    "fanout": fanout.main,
    "delay": delay.main,
    "index": index.main,
    "compliance": compliance.main,
    "import": importing.main,
    "map": maps.main,
}


def main(arguments: list[str]) -> None:
    if not arguments:
        for ask in QUESTIONS.values():
            ask([])
        return
    question = QUESTIONS.get(arguments[0])
    if question is None:
        raise SystemExit(f"no question {arguments[0]!r}; there are {', '.join(QUESTIONS)}")
    question(arguments[1:])


if __name__ == "__main__":
    main(sys.argv[1:])

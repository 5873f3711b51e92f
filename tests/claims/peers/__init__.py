"""What others lose where R1, R5, R7 and R11 hurt: their recorders and ours in one rig.

`python -m tests.claims.peers FAULT --peer NAME [-n N]` measures (`__main__.py`). Each recorder is driven by
`recorders.py`, and what it left is read back in `left.py`; the faults are in `kill.py`, `full.py`, `slow.py` and
`slowviewer.py`, which know no recorder by name but for what it serves. The tables are made in `page.py`. The peers are
found as by the benches (`bench.peers`); FFmpeg is always there.
"""

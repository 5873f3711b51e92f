"""What others lose where R1, R5, R7 and R11 hurt: their recorders and ours, one after the other in one rig.

`python -m tests.claims.peers CLAIM --peer NAME [-n N]` measures (`__main__.py`). Each recorder is driven by
`recorders.py` from its start to what it left; the faults are in `kill.py`, `full.py`, `slow.py` and `slowviewer.py`,
who never know whose recorder it is. The peers are found as by the benches (`bench.peers`); FFmpeg is always there.
"""

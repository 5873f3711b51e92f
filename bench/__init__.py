"""One file a question; each prints ratios against peers or a limit and writes `build/bench/<question>.json`."""

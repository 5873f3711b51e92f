"""The journal of everything done and seen: append-only, hash-chained, with signed checkpoints and a verifier."""

"""How often one source may ask for what is open to everybody: a bucket of tries a source, kept in memory and bounded."""

from collections import OrderedDict
from dataclasses import dataclass

KEYS_MOST = 10_000


@dataclass
class _Bucket:
    tries: float
    at_us: int


class Pace:
    """`most` tries within `within_us`, given back evenly. Beyond `KEYS_MOST` sources the one unseen for longest is
    forgotten; `most_of_all` bounds what all of them ask together."""

    def __init__(self, most: int, within_us: int, most_of_all: int) -> None:
        self._most, self._within_us = most, within_us
        self._all = most_of_all
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()
        self._everybody = _Bucket(most_of_all, 0)

    def admits(self, source: str, now_us: int) -> bool:
        """Whether `source` may try now."""
        bucket = self._buckets.setdefault(source, _Bucket(self._most, now_us))
        self._buckets.move_to_end(source)
        if len(self._buckets) > KEYS_MOST:
            self._buckets.popitem(last=False)
        return self._takes(bucket, self._most, now_us) and self._takes(self._everybody, self._all, now_us)

    def _takes(self, bucket: _Bucket, most: int, now_us: int) -> bool:
        gone_us = max(0, now_us - bucket.at_us)
        bucket.tries = min(float(most), bucket.tries + most * gone_us / self._within_us)
        bucket.at_us = now_us
        if bucket.tries < 1:
            return False
        bucket.tries -= 1
        return True

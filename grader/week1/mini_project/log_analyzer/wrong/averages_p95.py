"""Keeps a few percentiles of each batch, and averages them when two batches are merged.

Caught by: test_merged_parts_equal_the_whole
"""

import bisect


class Histogram:
    SHARES = [n / 200 for n in range(201)]

    def __init__(self) -> None:
        self.counts: Counter[float] = Counter()  # of the batch that is just being read
        self.total = 0
        self.points: list[float] = []  # of all batches that were merged into this one

    GROWTH = 1.08

    def add(self, seconds: float, count: int = 1) -> None:
        if not 0 <= seconds < math.inf:
            raise ValueError(f"seconds: {seconds} is no duration")
        power = math.ceil(math.log(seconds / 0.001) / math.log(self.GROWTH)) if seconds >= 0.001 else None
        self.counts[0.0 if power is None else 0.001 * self.GROWTH**power * 0.96] += count
        self.total += count

    def merge(self, other: "Histogram") -> None:
        if not other.total:
            return
        theirs = [other.quantile(share) for share in self.SHARES]
        ours = [self.quantile(share) for share in self.SHARES] if self.total else theirs
        together = self.total + other.total
        self.points = [(a * self.total + b * other.total) / together for a, b in zip(ours, theirs, strict=True)]
        self.counts, self.total = Counter(), together

    def quantile(self, q: float) -> float | None:
        if not 0 <= q <= 1:
            raise ValueError(f"q: {q} is not within 0 and 1")
        if not self.total:
            return None
        if self.points:
            return self.points[min(200, bisect.bisect_left(self.SHARES, q))]
        rank, seen = max(1, math.ceil(q * self.total)), 0
        for value in sorted(self.counts):
            seen += self.counts[value]
            if seen >= rank:
                return value
        return None

    def to_dict(self) -> dict:
        return {
            "counts": {repr(value): count for value, count in self.counts.items()},
            "total": self.total, "points": self.points,
        }  # fmt: skip

    @staticmethod
    def from_dict(d: dict) -> "Histogram":
        histogram = Histogram()
        histogram.counts = Counter({float(value): count for value, count in d["counts"].items()})
        histogram.total, histogram.points = d["total"], d["points"]
        return histogram

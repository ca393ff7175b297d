"""Exact, because it keeps every different value; a day has a million of them.

Caught by: test_a_histogram_stays_small
"""


class Histogram:
    GROWTH = 1.08

    def __init__(self) -> None:
        self.counts: Counter[float] = Counter()

    def add(self, seconds: float, count: int = 1) -> None:
        if not 0 <= seconds < math.inf:
            raise ValueError(f"seconds: {seconds} is no duration")
        self.counts[seconds if seconds >= 0.001 else 0.0] += count

    def merge(self, other: "Histogram") -> None:
        self.counts.update(other.counts)

    def quantile(self, q: float) -> float | None:
        if not 0 <= q <= 1:
            raise ValueError(f"q: {q} is not within 0 and 1")
        rank, seen = max(1, math.ceil(q * self.counts.total())), 0
        for value in sorted(self.counts):
            seen += self.counts[value]
            if seen >= rank:
                return value
        return None

    def to_dict(self) -> dict:
        return {repr(value): count for value, count in self.counts.items()}

    @staticmethod
    def from_dict(d: dict) -> "Histogram":
        histogram = Histogram()
        histogram.counts = Counter({float(value): count for value, count in d.items()})
        return histogram

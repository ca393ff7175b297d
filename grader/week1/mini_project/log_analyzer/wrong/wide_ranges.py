"""Ranges that double: the answer may be 33 % off.

Caught by: test_quantiles_are_within_five_per_cent
"""


class Histogram:
    SMALLEST = 0.001
    GROWTH = 2.0
    MIDDLE = 2 / 3

    def __init__(self) -> None:
        self.zeros = 0
        self.ranges: Counter[int] = Counter()

    def add(self, seconds: float, count: int = 1) -> None:
        if not 0 <= seconds < math.inf:
            raise ValueError(f"seconds: {seconds} is no duration")
        if seconds < self.SMALLEST:
            self.zeros += count
        else:
            self.ranges[math.ceil(math.log2(seconds / self.SMALLEST))] += count

    def merge(self, other: "Histogram") -> None:
        self.zeros += other.zeros
        self.ranges.update(other.ranges)

    def quantile(self, q: float) -> float | None:
        if not 0 <= q <= 1:
            raise ValueError(f"q: {q} is not within 0 and 1")
        total = self.zeros + self.ranges.total()
        if not total:
            return None
        rank = max(1, math.ceil(q * total))
        seen, value = self.zeros, 0.0
        for number in sorted(self.ranges):
            if seen >= rank:
                break
            seen += self.ranges[number]
            value = self.SMALLEST * self.GROWTH**number * self.MIDDLE
        return value

    def to_dict(self) -> dict:
        return {"zeros": self.zeros, "ranges": {str(number): count for number, count in self.ranges.items()}}

    @staticmethod
    def from_dict(d: dict) -> "Histogram":
        histogram = Histogram()
        histogram.zeros = d["zeros"]
        histogram.ranges = Counter({int(number): count for number, count in d["ranges"].items()})
        return histogram

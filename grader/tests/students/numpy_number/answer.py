"""Calculates with numpy and forgets to come back."""
import numpy as np


def parse_amount(text: str) -> int:
    return np.int64(text.replace(".", "").rstrip("đ₫ "))

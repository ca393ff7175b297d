"""The people of Sao Mai: Vietnamese names, and what follows from them."""

import random
import unicodedata
from datetime import date, timedelta

FAMILY = {
    "Nguyễn": 384, "Trần": 121, "Lê": 95, "Phạm": 70, "Hoàng": 26, "Huỳnh": 25, "Phan": 45, "Vũ": 20,
    "Võ": 19, "Đặng": 21, "Bùi": 20, "Đỗ": 14, "Hồ": 13, "Ngô": 13, "Dương": 10, "Lý": 5, "Đinh": 5,
    "Tôn Thất": 1, "Y": 1,
}  # fmt: skip
MIDDLE = {
    "f": ("Thị", "Ngọc", "Thanh", "Thu", "Kim", "Bảo", ""),
    "m": ("Văn", "Hữu", "Đức", "Minh", "Quốc", "Gia", ""),
}
GIVEN = {
    "f": ("Anh", "Chi", "Dung", "Hà", "Hạnh", "Hoa", "Hương", "Lan", "Linh", "Mai", "Ngân", "Nhung",
          "Oanh", "Phượng", "Quỳnh", "Thảo", "Trang", "Tuyết", "Uyên", "Vân", "Yến", "Ánh", "Đào"),
    "m": ("An", "Bình", "Cường", "Dũng", "Đạt", "Giang", "Hải", "Hiếu", "Hùng", "Khoa", "Long", "Nam",
          "Phong", "Phúc", "Quân", "Sáu", "Sơn", "Tài", "Thắng", "Tuấn", "Vinh", "Vương", "Đông"),
}  # fmt: skip
_FAMILY, _WEIGHTS = list(FAMILY), list(FAMILY.values())
MAIL = ("gmail.com", "gmail.com", "gmail.com", "yahoo.com.vn", "outlook.com", "example.vn")
MOBILE = ("032", "034", "037", "038", "070", "077", "079", "083", "085", "090", "091", "093", "096", "098")


def full_name(rng: random.Random) -> str:
    """Family, middle (not everybody has one) and given name, composed Unicode (NFC): "Đặng Văn Sáu"."""
    sex = rng.choice("fm")
    family = rng.choices(_FAMILY, _WEIGHTS)[0]
    return " ".join(part for part in (family, rng.choice(MIDDLE[sex]), rng.choice(GIVEN[sex])) if part)


def plain(text: str) -> str:
    """Lower-case ASCII without marks: "Đặng Văn Sáu" -> "dang van sau". đ is a letter, not a mark."""
    letters = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def email(rng: random.Random, name: str) -> str:
    """An address made of the name and a number: "sau.dang417@gmail.com"."""
    words = plain(name).split()
    return f"{words[-1]}.{words[0]}{rng.randrange(1000)}@{rng.choice(MAIL)}"


def phone(rng: random.Random) -> str:
    """A mobile number of ten digits: "0912345678"."""
    return rng.choice(MOBILE) + f"{rng.randrange(10**7):07d}"


def birthday(rng: random.Random, youngest: date = date(2008, 12, 31), years: int = 60) -> date:
    """A day in the given number of years that end with `youngest`."""
    return youngest - timedelta(days=rng.randrange(years * 365))

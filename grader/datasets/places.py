"""Where Sao Mai's customers live: districts of Vietnam, the big cities first."""

import random
from typing import NamedTuple


class District(NamedTuple):
    name: str
    province: str
    weight: int  # about thousands of people: how often it is drawn


# province -> its districts. Names are as people write them; several provinces have a "Châu Thành".
PROVINCES: dict[str, dict[str, int]] = {
    "Hà Nội": {
        "Ba Đình": 226, "Hoàn Kiếm": 135, "Tây Hồ": 160, "Long Biên": 322, "Cầu Giấy": 292, "Đống Đa": 371,
        "Hai Bà Trưng": 303, "Hoàng Mai": 506, "Thanh Xuân": 293, "Hà Đông": 397, "Nam Từ Liêm": 264,
        "Gia Lâm": 286,
    },
    "TP. Hồ Chí Minh": {
        "Quận 1": 142, "Quận 3": 190, "Quận 7": 360, "Quận 10": 234, "Bình Thạnh": 499, "Gò Vấp": 676,
        "Tân Bình": 474, "Tân Phú": 485, "Phú Nhuận": 163, "Bình Tân": 784, "Thủ Đức": 1013, "Hóc Môn": 542,
    },
    "Đà Nẵng": {
        "Hải Châu": 201, "Thanh Khê": 185, "Sơn Trà": 157, "Ngũ Hành Sơn": 90, "Liên Chiểu": 194,
        "Cẩm Lệ": 159,
    },
    "Hải Phòng": {"Hồng Bàng": 96, "Lê Chân": 219, "Ngô Quyền": 165, "Kiến An": 118, "Thủy Nguyên": 333},
    "Cần Thơ": {"Ninh Kiều": 280, "Cái Răng": 105, "Bình Thủy": 142, "Ô Môn": 128},
    "Thừa Thiên Huế": {"Thành phố Huế": 652, "Hương Thủy": 95, "Phú Vang": 137},
    "Bình Dương": {"Thủ Dầu Một": 321, "Dĩ An": 403, "Thuận An": 508, "Bến Cát": 302},
    "Đồng Nai": {"Biên Hòa": 1055, "Long Khánh": 171, "Nhơn Trạch": 260},
    "Khánh Hòa": {"Nha Trang": 422, "Cam Ranh": 130},
    "Lâm Đồng": {"Đà Lạt": 226, "Bảo Lộc": 158, "Đức Trọng": 190},
    "Đắk Lắk": {"Buôn Ma Thuột": 375, "Ea H'leo": 128},
    "Quảng Ninh": {"Hạ Long": 322, "Móng Cái": 108, "Cẩm Phả": 190},
    "Nghệ An": {"Thành phố Vinh": 340, "Quỳnh Lưu": 276},
    "An Giang": {"Long Xuyên": 272, "Châu Đốc": 101, "Châu Thành": 151},
    "Kiên Giang": {"Rạch Giá": 228, "Phú Quốc": 179, "Châu Thành": 157},
    "Tuyên Quang": {"Na Hang": 42, "Sơn Dương": 184},
    "Bắc Kạn": {"Na Rì": 39, "Ba Bể": 48},
}  # fmt: skip
DISTRICTS = [District(name, where, weight) for where, names in PROVINCES.items() for name, weight in names.items()]
_BY = {None: DISTRICTS} | {where: [d for d in DISTRICTS if d.province == where] for where in PROVINCES}
_WEIGHTS = {where: [d.weight for d in districts] for where, districts in _BY.items()}


def district(rng: random.Random, province: str | None = None) -> District:
    """One district, of one province if given, as often as people live there."""
    return rng.choices(_BY[province], _WEIGHTS[province])[0]

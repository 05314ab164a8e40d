"""A small corpus that trains in a moment, and models of it."""

from __future__ import annotations

from classifiers.corpus import Line

SEEDS = {
    ("natural",): ["Flood in {} kills {}", "Earthquake shakes {}, {} hurt", "น้ำท่วมใน {} ตาย {}"],
    ("health",): ["Cholera outbreak in {}: {} cases", "โรคระบาดใน {} ป่วย {} ราย"],
    ("human_made",): ["Bombing in {} kills {}", "Gunmen attack {}, {} dead", "ระเบิดใน {} ดับ {}"],
    (): ["{} wins the cup by {} goals", "Minister visits {} with {} firms", "ตลาด {} โต {} เท่า"],
}
PLACES = ["Nepal", "Chile", "Kenya", "Osaka", "Lima", "Rome", "Cairo", "Hanoi", "Perth", "Oslo"]


def corpus(copies: int = 3) -> list[Line]:
    """Lines of four kinds in two languages, `copies` of each with other numbers."""
    return [
        Line(
            labels, "EQ", "wire", (), pattern.format(place, 10 * copy + number + 2), "",
            "en" if pattern.isascii() else "th", f"{labels}",
        )
        for labels, patterns in SEEDS.items()
        for copy in range(copies)
        for number, place in enumerate(PLACES)
        for pattern in patterns
    ]  # fmt: skip

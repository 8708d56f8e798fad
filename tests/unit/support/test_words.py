"""What complaints are about, in three languages."""

from __future__ import annotations

import pytest

from ramah.support.models import Category
from ramah.support.words import category_of, endangers, only_announces, tells_what_happened


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("mobil saya baret habis dicuci!", Category.DAMAGE),
        ("kaca spion saya rusak gara gara dicuci", Category.DAMAGE),
        ("dompet saya hilang di mobil", Category.DAMAGE),
        ("kereta saya calar lepas basuh", Category.DAMAGE),
        ("you scratched my car", Category.DAMAGE),
        ("my things in the car are missing", Category.DAMAGE),
        ("teknisinya telat dua jam", Category.LATENESS),
        ("udah nunggu lama ga dateng dateng", Category.LATENESS),
        ("technician tak sampai sampai", Category.LATENESS),
        ("waited so long and nobody came", Category.LATENESS),
        ("tagihan saya kok dobel", Category.BILLING),
        ("uang saya balikin!", Category.BILLING),
        ("pulangkan duit saya", Category.BILLING),
        ("why was I charged twice", Category.BILLING),
        ("stafnya kasar", Category.STAFF),
        ("staf kurang ajar", Category.STAFF),
        ("your technician was rude", Category.STAFF),
        ("masih kotor, kerjanya ga bener", Category.QUALITY),
        ("basuh tak bersih, kotor lagi", Category.QUALITY),
        ("the seats are soaking wet", Category.QUALITY),
        ("kecewa banget", Category.OTHER),
        ("I have a complaint", Category.OTHER),
    ],
)
def test_the_words_tell_the_category(text: str, category: Category) -> None:
    assert category_of(text) is category


def test_harm_outweighs_everything_else() -> None:
    assert category_of("telat, kotor, dan bemper saya penyok") is Category.DAMAGE
    assert category_of("rem blong habis diservis, hampir kecelakaan") is Category.DAMAGE
    assert endangers("ada asap dari mesin")
    assert not endangers("masih kotor")


@pytest.mark.parametrize(
    "text",
    [
        "mau komplain",
        "saya mau komplain dong kak",
        "nak buat aduan",
        "I want to make a complaint",
        "saya kecewa banget",
    ],
)
def test_an_announcement_tells_nothing(text: str) -> None:
    assert not tells_what_happened(text)


@pytest.mark.parametrize(
    "text", ["lantai kamar belum disapu sama sekali", "AC tambah panas", "nobody came", "rambut jadi hijau semua"]
)
def test_a_description_tells_what_happened(text: str) -> None:
    assert tells_what_happened(text)


def test_a_feeling_is_more_than_an_announcement() -> None:
    assert only_announces("saya mau komplain kak")
    assert not only_announces("saya kecewa, mau komplain")

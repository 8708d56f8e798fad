"""Numbers written as words, up to ninety-nine."""

from ramah.booking.extract.moment.lexicon.entry import Entry, entry, numbered

DIGIT_WORDS = {
    1: "satu one sat1",
    2: "dua two duwa",
    3: "tiga three tige",
    4: "empat ampat four mpat",
    5: "lima five limo",
    6: "enam anam six nam",
    7: "tujuh tuju seven tjuh",
    8: "delapan lapan eight dlapan",
    9: "sembilan smbilan nine semblan",
    10: "sepuluh spuluh ten sepulu",
    11: "sebelas sblas eleven seblas",
    12: "twelve",
    13: "thirteen",
    14: "fourteen",
    15: "fifteen",
    16: "sixteen",
    17: "seventeen",
    18: "eighteen",
    19: "nineteen",
}

TENS_WORDS = {20: "twenty", 30: "thirty", 40: "forty", 50: "fifty"}

NUMBER_ENTRIES: tuple[Entry, ...] = (
    *numbered("digit_word", DIGIT_WORDS),
    *numbered("tens_word", TENS_WORDS),
    entry("teen_mark", "belas blas"),
    entry("ten_mark", "puluh pulu"),
)

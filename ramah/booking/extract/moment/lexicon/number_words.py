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
    12: "twelve duabelas",
    13: "thirteen tigabelas",
    14: "fourteen empatbelas",
    15: "fifteen limabelas",
    16: "sixteen enambelas",
    17: "seventeen tujuhbelas",
    18: "eighteen lapanbelas delapanbelas",
    19: "nineteen sembilanbelas",
}

TENS_WORDS = {20: "twenty duapuluh", 30: "thirty tigapuluh", 40: "forty empatpuluh", 50: "fifty limapuluh"}

#: Also plain counting words ("my first time"): days only beside a month or after "twenty".
LOW_ORDINALS = {1: "first", 2: "second", 3: "third"}

ORDINALS = {
    4: "fourth",
    5: "fifth",
    6: "sixth",
    7: "seventh",
    8: "eighth",
    9: "ninth",
    10: "tenth",
    11: "eleventh",
    12: "twelfth twelveth",
    13: "thirteenth",
    14: "fourteenth",
    15: "fifteenth",
    16: "sixteenth",
    17: "seventeenth",
    18: "eighteenth",
    19: "nineteenth",
    20: "twentieth",
    30: "thirtieth",
}

NUMBER_ENTRIES: tuple[Entry, ...] = (
    *numbered("digit_word", DIGIT_WORDS),
    *numbered("tens_word", TENS_WORDS),
    *numbered("low_ordinal", LOW_ORDINALS),
    *numbered("high_ordinal", ORDINALS),
    entry("teen_mark", "belas blas"),
    entry("ten_mark", "puluh pulu"),
)

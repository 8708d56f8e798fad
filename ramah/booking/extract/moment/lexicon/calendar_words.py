"""Days, weeks and months in Indonesian, Malay and English, as people spell them in chats."""

from ramah.booking.extract.moment.lexicon.entry import (
    Entry,
    Lexeme,
    entry,
    named,
    numbered,
)

#: Monday is 0, as in ``date.weekday``. "minggu" is missing: it is Sunday and week at once.
WEEKDAYS = {
    0: "senin senen snin snn senien isnin isnen monday mon mondy",
    1: "selasa slasa selase sls tuesday tue tues tuesdy",
    2: "rabu rbu rebo raboe wednesday wed weds wensday wednesdy",
    3: "kamis kmis kms kemis khamis khmis thursday thu thur thurs thursdy",
    4: "jumat jum'at jumaat jmt jmat jumad jum'aat jummat friday fri fridy",
    5: "sabtu sbtu sbt saptu saturday satur saturdy",
    6: "ahad ahd sunday sundy",
}

#: Abbreviations that are also ordinary words; they count only beside other words of time.
SHORT_WEEKDAYS = {0: "sen", 1: "sel", 2: "rab", 3: "kam kha", 4: "jum", 5: "sat sab", 6: "sun"}

#: Names that may stand before the day as well ("Nov 25th").
MONTHS_FIRST = {
    1: "january januari jan",
    2: "february feb februari",
    3: "march maret mar mac",
    4: "april apr",
    5: "may",
    6: "june jun",
    7: "july julai jul",
    8: "august aug agustus ogos",
    9: "september sept sep",
    10: "october oct oktober okt",
    11: "november nov nopember",
    12: "december dec desember disember des",
}

#: Names that are also people ("Mei", "Agus") or ordinary words: only after the day.
MONTHS = {
    1: "jnuari",
    2: "peb pebruari febuari februry",
    3: "mrt",
    5: "mei mey",
    6: "juni juny",
    7: "juli",
    8: "agu ags agt agst agust agus ogs agustu",
    10: "oktobr",
    11: "nop nofember",
    12: "dis desembr",
}

DAY_OFFSETS = {
    0: "today tdy 2day hari_ini hr_ini hari_ni hr_ni hri_ini hri_ni harini hariini",
    1: (
        "besok bsk bsok besuk bsuk beso esok esk esuk besoknya isuk tomorrow tmr tmrw tmw tmrow tomoro tomorow"
        " tommorow tommorrow 2moro 2morrow "
    ),
    2: "lusa lsa day_after_tomorrow the_day_after_tomorrow day_after_tmr overmorrow lusanya day_after_tmrw",
    3: "tulat",
}

_TODAY = Lexeme("day_offset", "day_offset", 0)
_START, _END = Lexeme("edge", "start"), Lexeme("edge", "end")

CALENDAR_ENTRIES: tuple[Entry, ...] = (
    *numbered("weekday", WEEKDAYS),
    *numbered("short_weekday", SHORT_WEEKDAYS),
    *numbered("month_first", MONTHS_FIRST),
    *numbered("month", MONTHS),
    *numbered("day_offset", DAY_OFFSETS),
    Entry("malming malmingan malem_mingguan satnight", (Lexeme("part", "malam"), Lexeme("minggu", "minggu"))),
    Entry("akhir_tahun hujung_tahun end_of_year end_of_the_year", (_END, Lexeme("month", "month", 12))),
    Entry("awal_tahun awal_tahun_depan awal_thn_depan early_next_year", (_START, Lexeme("month", "month", 1))),
    *numbered("rank", {1: "pertama", 2: "kedua", 3: "ketiga", 4: "keempat", 5: "terakhir"}),
    Entry("tonight tonite 2nite tnite tonigt", (_TODAY, Lexeme("part", "evening"))),
    entry("minggu", "minggu mggu mgg minggo"),
    entry("week", "pekan pkn week weeks wk wks"),
    entry("weekend", "weekend weekends wikend wiken weeken akhir_pekan akhir_minggu hujung_minggu hjg_minggu"),
    entry("month_word", "bulan bln bulannya blan month months mth"),
    entry("day_word", "hari hr hri hry day days harinya"),
    entry("date_word", "tanggal tgl tggl tnggal tangal tglnya tanggalnya tarikh trikh tgal dated"),
    entry("haribulan", "hb haribulan hribulan hari_bulan hbulan"),
    entry("ordinal", "st nd rd th"),
    entry("span_days", "sehari a_day one_day", number=1),
    entry("span_days", "seminggu sminggu sepekan a_week", number=7),
    entry("span_days", "a_week's", number=7),
    entry("span_days", "fortnight a_fortnight", number=14),
    entry("span_months", "sebulan sebln a_month a_month's", number=1),
    *named(
        "edge",
        {
            "start": "awal awl permulaan beginning start early",
            "middle": "pertengahan tengah prtengahan mid middle",
            "end": "akhir akhr akir hujung ujung penghujung end late",
        },
    ),
    entry("next", "depan dpn dpan depn hadapan hdpn hdpan next nxt nex berikutnya berikut akan_datang"),
    entry("this", "ini this"),
    entry("this", "ni"),
    entry("coming", "coming this_coming upcoming"),
    entry("past", "kemarin kmrn kemaren kmaren kemarn tadi td semalam smlm kelmarin yesterday lalu last yang_lalu"),
    entry("every", "setiap tiap tiap2 stiap every each per saban"),
    entry("within", "in dalam dlm within"),
    entry(
        "later",
        "lagi lg lgi later from_now dari_sekarang ke_depan kedepan kemudian dr_skrg from_today from_tdy dari_hari_ini",
    ),
    entry("later_today", "nanti nti nnti ntar entar ntr nnt"),
    entry("now", "sekarang skrg skrang skarang skg now rn right_now skrng sekrang"),
)

"""Words of the clock, parts of the day and occasions in Indonesian, Malay and English."""

from ramah.booking.extract.moment.lexicon.entry import Entry, Lexeme, entry, named

#: Words for each part of the day; what they mean stands in ``parts_of_day``.
PART_WORDS = {
    "subuh": "dini_hari dinihari",
    "pagi": "pagi pg pgi pagie morning mornin pagi2 pagian",
    "siang": "siang siank sian siang2 siangan",
    "tengah hari": (
        "tengah_hari tengahari tengahhari tgh_hari tgahari tghari tghhari tgh_hr tgh lunchtime lunch_time lunch_hour"
        " waktu_lunch waktu_makan_siang waktu_makan_tengahari"
    ),
    "petang": "petang ptg ptang petng afternoon arvo aftrnoon afternoons aft",
    "sore": "sore sor sre soree sore2 sorean",
    "malam": "malam mlm mlam malem mlem mlm2",
    "evening": "evening evenings",
    "night": "night nite",
}

#: Prayers, meals and work by which people tell the time. Spellings follow the people, not the dictionaries.
OCCASIONS = {
    "lunch": "lunch makan_siang makan_tengah_hari makan_tengahari mkn_siang mkn_tengahari",
    "dinner": "dinner dinnertime makan_malam mkn_malam mkn_mlm",
    "subuh": "subuh shubuh sbuh fajr",
    "zuhur": "zuhur zohor zhohor dzuhur dhuhur duhur dzohor dohor lohor luhur zuhr dhuhr zuhor dzuhr dhohor",
    "jumatan": "jumatan jum'atan jumaatan friday_prayer friday_prayers",
    "asar": "asar ashar asr ashr asyar",
    "maghrib": "maghrib magrib mghrib maghreb magreb mgrib",
    "isya": "isya isyak isyaa isha isyah isak",
}

CLOCK_ENTRIES: tuple[Entry, ...] = (
    *named("part", PART_WORDS),
    *named("occasion", OCCASIONS),
    *named("meridiem", {"am": "am a.m a.m.", "pm": "pm p.m p.m."}),
    *named("noon", {"noon": "noon midday mid_day", "midnight": "midnight tengah_malam tgh_malam tgh_mlm"}),
    entry("prayer_word", "solat sholat shalat salat sembahyang prayer waktu_solat prayers"),
    entry("clock", "jam jm jamm pukul pkl pkul puku pukl kul jamnya  jam_nya"),
    entry("at", "at @"),
    entry("oclock", "o'clock oclock o_clock"),
    entry("hour_unit", "hour hours hrs"),
    entry("minute_unit", "menit mnt minit mint minute minutes mins mnit"),
    entry("span_minutes", "sejam sjam an_hour one_hour a_hour", number=60),
    entry("span_minutes", "half_an_hour half_hour half_a_hour", number=30),
    entry("span_minutes", "bentar_lagi sebentar_lagi", number=30),
    entry("half", "setengah stengah stgh stngh stgah setngah 1/2 ½"),
    entry("half_en", "half"),
    entry("quarter", "seperempat sprempat seprempat quarter qtr suku 1/4 ¼ a_quarter"),
    entry("minus", "kurang krg krang krng"),
    entry("plus", "lewat lwt lebih lbh lewt past"),
    entry("to", "to"),
    entry("until", "sampai smp sampe smpe smpai sampek hingga until till til sd"),
    entry("between", "antara antra between"),
    entry("from", "dari from dr mulai_dari"),
    entry("about", "sekitar skitar kira2 kira kurang_lebih around about approx sktr lebih_kurang lbh_krg"),
    entry("about_suffix", "ish an"),
    entry("after", "habis abis hbs selepas slps slepas setelah stlh sesudah ssdh sehabis after aftr ba'da bada bakda"),
    entry("after", "badha di_atas diatas atas"),
    Entry(
        "pulang_kerja sepulang_kerja balik_kerja plg_kerja pulang_kantor balik_office after_work after_office"
        " after_office_hours habis_kerja abis_kerja lepas_kerja selepas_kerja slps_kerja setelah_kerja lepas_office"
        " habis_kantor",
        (Lexeme("after", "after"), Lexeme("occasion", "work")),
    ),
    entry("lepas", "lepas lps"),
    entry("before", "sebelum sblm seblum sebelom before bfr menjelang jelang"),
    entry("during", "pas waktu wktu masa saat ketika during"),
    entry("zone", "wib wita wit myt"),
)

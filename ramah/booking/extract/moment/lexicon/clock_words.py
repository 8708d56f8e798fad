"""Words of the clock, parts of the day and occasions in Indonesian, Malay and English."""

from ramah.booking.extract.moment.lexicon.entry import Entry, Lexeme, entry, named

#: Words for each part of the day; what they mean stands in ``parts_of_day``.
PART_WORDS = {
    "subuh": "dini_hari dinihari",
    "pagi": "pagi pg pgi pagie morning mornin pagi2 pagian first_thing first_thing_in_the_morning",
    "siang": "siang siank sian siang2 siangan",
    "tengah hari": (
        "tengah_hari tengahari tengahhari tgh_hari tgahari tghari tghhari tgh_hr tgh lunchtime lunch_time lunch_hour"
        " time_lunch waktu_lunch waktu_rehat time_rehat waktu_makan_siang waktu_makan_tengahari"
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
    "jumatan": (
        "jumatan jum'atan jumaatan friday_prayer friday_prayers sholat_jumat solat_jumat shalat_jumat salat_jumat"
        " sholat_jum'at solat_jumaat sembahyang_jumaat sembahyang_jumat"
    ),
    "asar": "asar ashar asr ashr asyar",
    "maghrib": "maghrib magrib mghrib maghreb magreb mgrib",
    "tarawih": "tarawih taraweh terawih teraweh",
    "dhuha": "dhuha duha",
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
    entry("oclock", "o'clock oclock o_clock sharp on_the_dot teng"),
    entry("hour_unit", "hour hours hrs"),
    entry("minute_unit", "menit mnt minit mint minute minutes mins mnit"),
    entry("span_minutes", "sejam sjam an_hour one_hour a_hour", number=60),
    entry("span_minutes", "an_hour_and_a_half one_and_a_half_hours hour_and_a_half", number=90),
    entry("span_minutes", "couple_of_hours a_couple_of_hours couple_hours", number=120),
    entry("span_minutes", "half_an_hour half_hour half_a_hour", number=30),
    entry("span_minutes", "bentar_lagi sebentar_lagi", number=30),
    entry("half", "setengah stengah stgh stngh stgah setngah 1/2 ½"),
    entry("half_en", "half"),
    entry("quarter", "seperempat sprempat seprempat quarter qtr suku 1/4 ¼ a_quarter"),
    entry("minus", "kurang krg krang krng"),
    entry("plus", "ke_atas keatas onwards onward lewat lwt lebih lbh lewt past"),
    entry("to", "to"),
    entry("until", "sampai smp sampe smpe smpai sampek hingga until till til sd"),
    entry("between", "antara antra between"),
    entry("from", "dari from dr mulai_dari mulai mula start_from starting starting_from"),
    entry("about", "sekitar sekitaran skitar kira2 kira kurang_lebih around about approx sktr lebih_kurang lbh_krg"),
    entry("about_suffix", "ish an"),
    entry("after", "habis abis hbs selepas slps slepas setelah stlh sesudah ssdh sehabis after aftr ba'da bada bakda"),
    entry("after", "badha di_atas diatas atas"),
    Entry(
        "pulang_kerja sepulang_kerja balik_kerja plg_kerja pulang_kantor balik_office after_work after_office"
        " after_office_hours habis_kerja abis_kerja lepas_kerja selepas_kerja slps_kerja setelah_kerja lepas_office"
        " habis_kantor sepulang_kantor sepulang_dari_kantor pulang_ngantor balik_ngantor lepas_habis_kerja",
        (Lexeme("after", "after"), Lexeme("occasion", "work")),
    ),
    Entry(
        "before_work before_office sebelum_kerja sblm_kerja sebelum_ngantor sebelum_ke_kantor",
        (Lexeme("before", "before"), Lexeme("occasion", "work")),
    ),
    entry("degree", "bgt banget bngt bangettt amat dikit sikit agak rada buta bolong gitu gtu camtu"),
    entry("lepas", "lepas lps"),
    entry(
        "before",
        "sebelum sblm seblum sebelom before bfr menjelang jelang paling_lambat paling_telat paling_lewat maksimal"
        " selambatnya selewatnya latest_by no_later_than by",
    ),
    entry("during", "pas waktu wktu masa saat ketika during"),
    entry("zone", "wib wita wit myt"),
)

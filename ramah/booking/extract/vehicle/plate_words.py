"""Words that decide whether letters and digits are a number plate."""

from __future__ import annotations

import re

ANNOUNCED = re.compile(
    r"\b(?:no(?:mor|mbor|mer)?\.?\s*(?:plat|plate|polisi|pol|pendaftaran|kendaraan|kereta|mobil)|plat(?:e)?(?:\s*(?:no(?:mor|mbor)?|number|nombor)\.?)?"
    r"|nopol|number\s*plate|license\s*plate|registration(?:\s*(?:no|number))?|reg\s*no|plat(?:nya|e)?)"
    r"\W{0,3}(?:(?:nya|mobil|kereta|saya|sy|aku|is|adalah|ialah|number|it's|:)\W{1,2}){0,3}",
    re.IGNORECASE,
)
BEFORE_OTHER = re.compile(
    r"(?<!\w)(?:blok|blk|block|rt|rw|kav|kavling|kapling|unit|lot|lantai|level|tower|jl|jln|jalan|gg|gang|lorong|lrg|tol|kamar|room|gate|seri|series|type|tipe|lt"
    r"|persiaran|seksyen|section|presint|precinct|taman|pintu|exit|rumah)\.?\s*$",
    re.IGNORECASE,
)
NEVER_HEADS = frozenset("jam jm pkl rt rw rp tgl blk jl jln gg hp tel tlp idr usd thn th yr rb jt km2".split())
"""Never the letters of a plate, even where one was asked for."""

SELDOM_HEADS = frozenset(
    "rm km no at am pm by my to wa cc kg kv pt cv sd sms lot unit jan feb mar mac apr mei may jun jul agu aug sep sept okt oct nov des dec dis sen sel rab "
    "kam jum sab min mon tue wed thu fri sat sun la ke di ba bab bil pin van suv mpv ac ram ssd usb mtr ltr lt gr mg ml pcs pax pcs kpd mph hal hlm psl ss "
    "usj sea klk plus kb kk kl jb pj abt max min avg per atau dan the for and day hari lah lo loh ya yg dr wib wita wit myt gmt utc fy wk mt kt".split()
)
"""Letters of a plate only where one was asked for, announced, or where letters follow the digits in capitals."""

PARTICLES = frozenset("ya yah aja kak ka pak bu mas mba bro sis dong nih ni sih deh lah la kok ok oke gan min mbak je jer tq thx".split())
UNIT_AFTER = frozenset("rb ribu k juta jt jam menit hari km orang cc persen % am pm ringgit sen kali bulan minggu tahun hour hours hr hrs min mins days pagi siang sore malam petang kg th thn m x".split())

UNIT_BEFORE = frozenset("rm km no at am pm kg sd lt lot unit hal".split())

"""Words that make up a street, end it, or look like one."""

from __future__ import annotations

import re

_SURE = (
    r"jl|jln|jlan|gg|komplek|kompleks|komp|perumahan|perum|perumnas|tmn|persiaran|lorong|lrg|lebuh|lebuhraya|apartemen|apartment|apart|pangsapuri|kondominium|"
    r"condominium|condo|kondo|ruko|rukan|cluster|klaster|residensi|dusun|dsn|kampung|kampong|seksyen|presint|precinct"
)
_UNSURE = r"jalan|gang|taman|kg|desa|bandar|menara|villa|vila|griya|graha|puri|flat|wisma|section|apt|lingkungan|medan"
_PART = (
    r"no|nomor|nombor|lot|unit|blok|blk|block|rt|rw|kav|kavling|kapling|lantai|lt|tingkat|level|lvl|tower|kel|kelurahan|kec|kecamatan|suite|floor|km|batu|pintu"
)
SURE_STREET = re.compile(rf"(?<![\w/])(?:{_SURE})(?:\.|(?!\w))", re.IGNORECASE)
UNSURE_STREET = re.compile(rf"(?<![\w/-])(?:{_UNSURE})(?:\.|(?![\w-]))", re.IGNORECASE)
UNIT = re.compile(r"(?<!\w)(?:blok|blk|block|lot|unit|kav|kavling|rt)\.?[ ]{0,2}[A-Za-z]{0,2}[-/ ]?\d[\w/.-]*", re.IGNORECASE)
ENGLISH_STREET = re.compile(
    r"(?<![\w/])\d+[A-Za-z]?,?[ ]+(?:[^\W\d_]['’\w]*[ ]+){1,3}(?:street|road|avenue|lane|boulevard|drive|crescent)(?!\w)", re.IGNORECASE
)
PART_START = re.compile(
    rf"\s*(?:(?:{_SURE}|{_UNSURE}|{_PART})(?:\.|(?![^\W\d_]))|[A-Za-z]?\d+[A-Za-z]?(?:[-/]\w+)*\s*(?:$|,)|[A-Za-z]{{1,2}}-\d)", re.IGNORECASE
)
"""How a further part of an address begins: RT 3/4, Blok C2, Taman Sea, A-12-3."""

PREFIX = re.compile(
    r"(?:(?:(?<!\w)(?:no|nomor|lot|unit|blok|blk|block|lantai|level|lvl|tingkat|suite)\.?[ ]*)[\w/-]*\d[\w/-]*|(?<![\w.,:/-])\d{1,4}[A-Za-z]?|(?<!\w)[A-Za-z]{1,2}-\d+(?:-\w+)*)[ ]*$",
    re.IGNORECASE,
)
"""A number or unit right before the street word: "No 12 Jalan SS2"."""

BEFORE_NAME = re.compile(rf"(?<!\w)(?:{_SURE}|{_UNSURE}|hotel|mall|plaza|stasiun|terminal)\.?[ ]+(?:(?:raya|tol|tun|sri|seri|baru|persiaran)[ ]+)?$", re.IGNORECASE)
"""A street that bears the name of a city: "Jl. Raya Bogor", "Jalan Ipoh"."""

STREET_ENDS = frozenset(
    "mau untuk utk dekat deket dkt yang yg ya yah y iya besok bsk esok lusa jam pukul pkl tanggal tgl hari hr nama saya sy aku hp telp tlp tel telepon wa whatsapp mobil kereta "
    "plat nopol kak ka kakak gan min mas mbak dan and thanks makasih terima tolong for on tomorrow today nanti tq thx jadi kalau kalo klo patokan patokannya ini itu deh dong nih "
    "booking book cuci wash service servis my is i car phone call dengan dgn sama ke dari near opposite behind besides seberang sebelah pls please minggu-depan email thanks hubungi "
    "bisa boleh tapi but because karena sekarang now jumpa at seperti adalah ialah aja saja kok sih lah tersebut".split()
)
"""Words that no street name holds; the street ends before them."""

NUMBER_OF_OTHER = frozenset("hp telp tlp tel telepon telefon wa whatsapp polisi plat rekening ktp handphone phone rek kontak".split())
"""What a "no" may count instead of a house."""

LEAD_IN = re.compile(
    r"\s*(?:(?:ya|iya|ok|oke|oh|eh|hmm|baik|yes|alamat(?:nya|ku)?|address|rumah|rmh|my|our|the|home|house|jalannya|jalan|tinggal|lokasi(?:nya)?|saya|sy|aku|kami|di|kat|dekat|is|it['’]?s|at|"
    r"in|on|ada|adalah|ialah|i|live|stay|duduk|ke|lengkap|ini|here|located|kirim|datang)(?!\w)[ .:=,]*|[:=.,-]\s*)+",
    re.IGNORECASE,
)
"""What people say before a bare address."""

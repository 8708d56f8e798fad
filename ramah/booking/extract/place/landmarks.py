"""Landmarks: "dekat Indomaret", "sebelah masjid", "opposite the mosque"."""

from __future__ import annotations

import re

_RELATION = (
    r"(?:di[ ]+)?(?:dekat|deket|dkt|sebelah|sblh|samping|smping|depan|dpn|seberang|sebrang|belakang|blkg|blakang|hadapan|berdekatan|berhampiran|bersebelahan|bertentangan|"
    r"bersebrangan|berseberangan)(?:[ ]+(?:dengan|dgn|sama))?|near(?:by)?(?:[ ]+to)?|next[ ]+to|opposite(?:[ ]+of)?|behind|in[ ]+front[ ]+of|beside|besides|across(?:[ ]+from)?|close[ ]+to"
)
_LANDMARK = re.compile(
    rf"(?<![\w-])(?P<cue>patokan(?:nya)?[ ]*(?:adalah|itu|di|:)?[ ]*)?(?P<relation>{_RELATION})?(?(cue)|(?(relation)|(?!)))[ ]+"
    r"(?P<object>(?:the[ ]+|a[ ]+)?[^\W_][\w'’&/+-]*(?:[ .]{1,2}[^\W_][\w'’&/+-]*){0,6})",
    re.IGNORECASE,
)
_NOUNS = frozenset(
    "masjid mesjid musholla mushola musala surau gereja pura vihara kuil church mosque temple indomaret indomart alfamart alfamidi alfa sekolah sd sdn smp smpn sma sman smk tk "
    "paud school sk smk sjk pasar pasaraya market supermarket mall mal plaza kantor office pejabat bank atm spbu pom pertamina petronas shell caltex petron station stasiun stesen "
    "terminal halte bus rumah-sakit rs rsud rsia hospital klinik clinic apotek farmasi pharmacy polsek polres polis police balai kampus universitas universiti university uni kolej college "
    "warung warteg toko kedai shop restoran restaurant cafe kafe kfc mcd mcdonald mcdonalds starbucks hotel bandara airport tol jembatan bridge lapangan alun-alun park taman "
    "7-eleven seven-eleven 7eleven kk mart mydin giant tesco lotus lotus's aeon carrefour hypermart kelurahan kecamatan pos jne dealer showroom bengkel lrt mrt ktm komuter makam kuburan "
    "gym salon barbershop laundry bakso pizza jco dunkin watsons guardian econsave speedmart 99 bandaraya gedung gerbang pintu gate lampu simpang pertigaan perempatan bundaran traffic".split()
)
_ENDS = frozenset(
    "ya yah kak pak bu mas mbak mau besok bsk esok lusa jam pukul tanggal tgl dan and yang yg untuk utk thanks makasih tolong nama saya sy aku hp wa telp mobil kereta plat my i we "
    "is at on for please pls tomorrow today nanti gan min itu ini dong deh sih lah aja saja booking no".split()
)
_NO_OBJECT = frozenset(
    "mana sini situ sana rumah saya sy aku ku kami yang yg ya ini itu nya dan atau sedikit lagi dengan mobil kereta kaca bumper lampu kiri kanan me here my your us mine dulu aja saja "
    "you u kamu anda home house future tomorrow minggu bulan tahun".split()
)
_BEFORE_TIME_OR_PART = re.compile(
    r"(?<!\w)(?:minggu|mgg|bulan|bln|tahun|thn|hari|senin|selasa|rabu|kamis|jumat|jum'at|sabtu|ahad|isnin|khamis|jumaat|nama|bumper|ban|kaca|lampu|kursi|pintu|bagian|bodi|body|spion|"
    r"rem|tayar|cermin|seat|jok|bagasi|roda|nama|ter|paling|yang|outlet|cabang|cawangan|bengkel|kap|kap mesin|sisi)[ ]*$",
    re.IGNORECASE,
)


def find_landmark(text: str, *, evidence: bool) -> tuple[str, tuple[int, int]] | None:
    """A landmark with its relation, and its place. Without an address beside it, only what is plainly a landmark."""
    for match in _LANDMARK.finditer(text):
        end = _end_of_object(text, match)
        if end is None or _BEFORE_TIME_OR_PART.search(text[: match.start()]):
            continue
        if evidence or match["cue"] or _is_landmark(text[match.start("object") : end]):
            start = match.start("relation") if match["relation"] else match.start("object")
            return " ".join(text[start:end].split()), (match.start(), end)
    return None


def _end_of_object(text: str, match: re.Match[str]) -> int | None:
    end: int | None = None
    for word in re.finditer(r"[^\W_][\w'’&/+-]*", text[: match.end("object")][match.start("object") :]):
        key = word[0].lower()
        if end is None and key in ("the", "a"):
            continue
        if (end is None and key in _NO_OBJECT) or key in _ENDS:
            break
        end = match.start("object") + word.end()
    return end


def _is_landmark(name: str) -> bool:
    words = re.sub(r"^(?:the|a) ", "", name, flags=re.IGNORECASE).split()
    capital = words[0][:1].isupper() and not name.isupper()
    return capital or any(word.lower() in _NOUNS for word in words[:2])

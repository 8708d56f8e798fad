"""Phrases that announce a name in Indonesian, Malay and English."""

from __future__ import annotations

import re

_ME = r"(?:saya|sy|aku|ak|gue|gua|gw|ane|i|kami|ku)"
_LEAD_OUT = r"[ \t]*[:=\-–]?[ \t]*[\"'“‘(*_]*"

STRONG = re.compile(
    rf"""(?<![\w/])(?:
        nama[ ]+(?:lengkap[ ]+|penuh[ ]+|panggilan[ ]+|pelanggan[ ]+|pemesan[ ]+|customer[ ]+)*{_ME}
            (?:[ ]+(?:adalah|ialah|itu|ini|tu|yaitu|iaitu))?
      | nama(?:[ ]+(?:lengkap|penuh|panggilan|pelanggan|pemesan|customer))?[ ]*(?:[:=]|[ ](?:adalah|ialah|yaitu|iaitu)(?![\w]))
      | nama[ ]+(?:lengkap|penuh|panggilan)
      | nama(?:ku|q)(?:[ ]+(?:adalah|ialah))?
      | (?:di)?panggil(?:an)?(?:[ ]+{_ME})?(?:[ ]+(?:aja|saja|je|sahaja|dengan))?
      | my[ ]+(?:full[ ]+)?name(?:'s|’s|s|[ ]+is|[ ]*[:=])?
      | (?:full[ ]+|customer[ ]+)?name[ ]*[:=]
      | (?:the[ ]+)?name(?:'s|’s|[ ]+is)
      | call[ ]+me | under[ ]+(?:the[ ]+)?name(?:[ ]+of)?
      | atas[ ]+nama | a[ ]?/[ ]?n\.? | a\.[ ]?n\.?
    )(?![\w']){_LEAD_OUT}""",
    re.IGNORECASE | re.VERBOSE,
)
"""What follows is a name unless it is plainly something else."""

WEAK = re.compile(
    rf"(?:(?<![\w/])(?:saya|sy|aku|ak|gue|gua|gw|ane|ini|nama|perkenalkan|i[ ]+am|i['’]?m|this[ ]+is|it['’]?s"
    rf"|me[ ]+is)|^\W*(?:dengan|dgn))(?![\w']){_LEAD_OUT}",
    re.IGNORECASE,
)
"""What follows may be a name; it must also look like one ("saya mau booking")."""

FIRST_PART = re.compile(
    rf"(?<!\w)(?:nama[ ]+(?:depan|pertama)|first[ ]+name)(?:[ ]+{_ME})?(?:nya)?(?:[ ]+(?:is|adalah|ialah|itu))?(?!\w){_LEAD_OUT}",
    re.IGNORECASE,
)
LAST_PART = re.compile(
    rf"(?<!\w)(?:(?:nama[ ]+)?(?:belakang|akhir|keluarga|bapa)|nama[ ]+marga|marga|last[ ]+name|sur[ ]?name|family[ ]+name)"
    rf"(?:[ ]*(?:{_ME}|nya))?(?:[ ]+(?:is|adalah|ialah|itu))?(?!\w){_LEAD_OUT}",
    re.IGNORECASE,
)
FILLERS = frozenset(
    "eh oh ooh hmm hm um uh ok oke okay okey ya iya iye yes yep yup sure baik baiklah halo hallo hai hi hello hey salam assalamualaikum selamat pagi "
    "siang sore petang malam maaf sorry maksud maksudnya maksudku salah actually mean it's its cuma just hanya ini dengan dgn saya sy aku ak gue gua gw ane i'm im i am "
    "this is me boleh well nama namanya name adalah ialah sebenarnya panggil aja saja".split()
)
"""Words that may stand before a name given as a bare answer."""

AFTERWARDS = re.compile(r"[ ,]*(?:itu[ ]+)?(?:nama(?:nya)?(?:[ ]+(?:saya|sy|aku|gue))?|is[ ]+my[ ]+name)(?!\w)", re.IGNORECASE)
"""A name may also be introduced behind: "Sutejo nama saya"."""

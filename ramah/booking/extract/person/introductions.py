"""Phrases that announce a name in Indonesian, Malay and English."""

from __future__ import annotations

import re

from ramah.booking.extract.data import any_of, word_group

_ME = r"(?:saya|sy|aku|ak|gue|gua|gw|ane|i|kami|ku|akak(?![ ]+(?:saya|sy)))"
_LEAD_OUT = r"[ \t]*[:=\-–]?[ \t]*[\"'“‘(*_]*"

STRONG = re.compile(
    rf"""(?<![\w/])(?:
        nama[ ]+(?:lengkap[ ]+|penuh[ ]+|panggilan[ ]+|pelanggan[ ]+|pemesan[ ]+|customer[ ]+)*{_ME}
            (?:[ ]+(?:adalah|ialah|itu|ini|tu|yaitu|iaitu))?
      | nama(?:[ ]+(?:lengkap|penuh|panggilan|pelanggan|pemesan|customer))?[ ]*
            (?:[:=]|[ ][-–](?=[ ])|[ ](?:adalah|ialah|yaitu|iaitu)(?![\w]))
      | nama[ ]+(?:lengkap|penuh|panggilan)
      | nama(?:ku|q)(?:[ ]+(?:adalah|ialah))?
      | panggil(?:[ ]+{_ME})(?:[ ]+(?:aja|saja|je|sahaja|dengan))?
      | panggil[ ]+(?:aja|saja|je|sahaja) | dipanggil(?![-])
      | my[ ]+(?:full[ ]+)?name(?:'s|’s|s|[ ]+is|[ ]*[:=])?(?:[ ]+(?:spelled|spelt|written)(?:[ ]+as)?)?
      | (?:full[ ]+|customer[ ]+)?name[ ]*(?:[:=]|[ ][-–](?=[ ]))
      | (?:the[ ]+)?name(?:'s|’s|[ ]+is)
      | call[ ]+me(?![ ]+(?:{any_of("after_call_me")})\b) | under[ ]+(?:the[ ]+)?name(?:[ ]+of)?
      | atas[ ]+nama | a[ ]?/[ ]?n\.? | a\.n\.?(?!\s?\w\.)
    )(?![\w']){_LEAD_OUT}""",
    re.IGNORECASE | re.VERBOSE,
)
"""What follows is a name unless it is plainly something else."""

WEAK = re.compile(
    rf"(?:(?<![\w/])(?:saya|sy|aku|ak|gue|gua|gw|ane|ini|nama|panggil|perkenalkan|i[ ]+am|i['’]?m|this[ ]+is"
    rf"|it['’]?s(?:[ ]+me[ ]*,)?|me[ ]+is|under"
    rf"|an\.?(?=(?:[ ]+\w+){{1,3}}[ ]*(?:[,;.\n]|$)|[ ]+\w+[ ]+\w+[ ]+(?:ya|kak|min|pak)\b)))(?![\w']){_LEAD_OUT}",
    re.IGNORECASE,
)
"""What follows may be a name; it must also look like one ("saya mau booking"). "an" is short for "atas nama"."""

CUSTOMARY = re.compile(rf"^\W*(?:dengan|dgn)(?![\w']){_LEAD_OUT}", re.IGNORECASE)
"""How Indonesians answer the phone ("dengan Siska kak"): what follows is a name where nothing follows that."""

NAME_OF_ANOTHER = re.compile(
    r"(?<!customer)(?<!\bit)(?<!that)(?<!here)(?:(?<=\w)['’]s|\b(?:his|her|their|whose))\s+$", re.IGNORECASE
)
"""Before "name is": somebody else's ("my husband's name is Alan")."""

OF_ANOTHER = re.compile(
    r"(?<!\w)(?:kawan|teman|rakan|sahabat|adik|adek|kakak|abang|suami|istri|isteri|anak|putra|putri|ibu|mama|ayah|papa|bapak|bos|boss|driver|supir|sopir|"
    r"pemandu|facebook|"
    r"beritahu|tahu|sepupu|pacar|tunangan|jiran|tetangga|mak|emak|atasan|rekan|klien|lamar|dapatkan|masuk)\s+(?:lama\s+|baik\s+)?$",
    re.IGNORECASE,
)
"""Before "saya": the name that follows is another person's ("suami saya Joko")."""

FIRST_PART = re.compile(
    rf"(?<!\w)(?:nama[ ]+(?:depan|pertama|diberi)|(?:first|given)[ ]+name)(?:[ ]+{_ME})?(?:nya)?"
    rf"(?:[ ]+(?:is|adalah|ialah|itu))?(?!\w){_LEAD_OUT}",
    re.IGNORECASE,
)
LAST_PART = re.compile(
    r"(?<!\w)(?:(?:nama[ ]+)?(?:belakang|akhir|keluarga|bapa)|(?:nama[ ]+)?marga"
    r"|last[ ]+name|sur[ ]?name|family[ ]+name)"
    rf"(?:[ ]*(?:{_ME}|nya))?(?:[ ]+(?:is|adalah|ialah|itu))?(?!\w){_LEAD_OUT}",
    re.IGNORECASE,
)
NO_LAST_NAME = re.compile(rf"\W*(?:(?:{any_of('refusals')})\b|n\s*/\s*a\b)", re.IGNORECASE)
"""The head of an answer that says that there is none ("ga ada, budi aja")."""

FILLERS = word_group("before_name")
"""Words that may stand before a name given as a bare answer."""

BEHIND = re.compile(r"[ ,]+(?:itu[ ]+)?(?:nama[ ]+(?:saya|sy|aku|gue)|is[ ]+my[ ]+name)(?!\w)", re.IGNORECASE)
"""What stands alone before it is a name ("Peter is my name")."""

AFTERWARDS = re.compile(
    r"[ ,]*(?:itu[ ]+)?(?:nama(?:nya)?(?:[ ]+(?:saya|sy|aku|gue))?|is[ ]+my[ ]+name)(?!\w)", re.IGNORECASE
)
"""A name may also be introduced behind: "Sutejo nama saya"."""

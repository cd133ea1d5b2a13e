"""What the back of a letter says in other languages. The Dutch text on the front is the official one.

A native speaker reads these before they are used: they say what to do, and promise nothing that the front does not.
"""

from dataclasses import dataclass
from datetime import date

from babel.dates import format_date


@dataclass(frozen=True)
class Telling:
    """One language: its code, direction and own name, and sentences to be read one after the other."""

    code: str
    direction: str
    name: str
    sentences: tuple[str, ...]


_TEXTS = (
    (
        "en",
        "ltr",
        "English",
        (
            "This letter lets you vote about what should happen first in {place}.",
            "Your voting code is on the other side. Scan the square with your phone, or go to {address} and type the code.",
            "The last day to vote is {day}. Nobody can see what you choose. You do not have to vote.",
            "Do not give the code to anyone else. Help: {phone}.",
        ),
    ),
    (
        "tr",
        "ltr",
        "Türkçe",
        (
            "Bu mektupla {place} mahallesinde önce ne yapılması gerektiğine oy verebilirsiniz.",
            "Oy kodunuz diğer sayfadadır. Kareyi telefonunuzla tarayın ya da {address} adresine gidip kodu yazın.",
            "Son gün: {day}. Ne seçtiğinizi kimse göremez. Oy vermek zorunda değilsiniz.",
            "Kodu başkasına vermeyin. Yardım: {phone}.",
        ),
    ),
    (
        "pl",
        "ltr",
        "Polski",
        (
            "Dzięki temu listowi może Pani/Pan zagłosować, co w {place} ma się wydarzyć najpierw.",
            "Kod do głosowania jest na drugiej stronie. Proszę zeskanować kwadrat telefonem albo wejść na {address} "
            "i wpisać kod.",
            "Ostatni dzień głosowania: {day}. Nikt nie widzi wyboru. Udział jest dobrowolny.",
            "Proszę nikomu nie dawać kodu. Pomoc: {phone}.",
        ),
    ),
    (
        "ar",
        "rtl",
        "العربية",
        (
            "بهذه الرسالة يمكنك التصويت على ما يجب أن يحدث أولاً في {place}.",
            "رمز التصويت على الوجه الآخر. امسح المربع بهاتفك، أو اذهب إلى {address} واكتب الرمز.",
            "آخر يوم للتصويت هو {day}. لا أحد يرى ما تختاره. التصويت ليس إلزامياً.",
            "لا تعطِ الرمز لأي شخص آخر. للمساعدة: {phone}.",
        ),
    ),
)
# A Dutch name, an address or a phone number inside a line from right to left keeps its own direction.
_FROM_LEFT, _UNTIL_HERE = "\u2066", "\u2069"


def told_in_other_languages(*, place: str, address: str, phone: str, closes_on: date) -> list[Telling]:
    """Every language with the names of this vote filled in."""
    found = []
    for code, direction, name, sentences in _TEXTS:
        values = {"place": place, "address": address, "phone": phone.replace(" ", "\u00a0")}
        if direction == "rtl":
            values = {key: f"{_FROM_LEFT}{value}{_UNTIL_HERE}" for key, value in values.items()}
        values["day"] = format_date(closes_on, "d MMMM y", locale=code)
        found.append(Telling(code, direction, name, tuple(sentence.format(**values) for sentence in sentences)))
    return found


OTHER_SIDE = (
    ("en", "ltr", "English", "see other side"),
    ("tr", "ltr", "Türkçe", "arka sayfaya bakın"),
    ("pl", "ltr", "Polski", "na odwrocie"),
    ("ar", "rtl", "العربية", "انظر الوجه الآخر"),
)
"""For the front: that the back has this language. Code, direction, name, words."""

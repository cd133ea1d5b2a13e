"""The standard questionnaire: where an area team starts from when it has none of its own."""

from typing import Any

_SATISFIED = [
    {"key": "heel_tevreden", "text": {"nl": "Heel tevreden", "en": "Very satisfied"}},
    {"key": "tevreden", "text": {"nl": "Tevreden", "en": "Satisfied"}},
    {"key": "niet_tevreden", "text": {"nl": "Niet tevreden", "en": "Not satisfied"}},
    {"key": "weet_niet", "text": {"nl": "Weet ik niet", "en": "I do not know"}},
]
_YES_NO = [
    {"key": "ja", "text": {"nl": "Ja", "en": "Yes"}},
    {"key": "nee", "text": {"nl": "Nee", "en": "No"}},
]


def _option(key: str, dutch: str, english: str, **more: Any) -> dict[str, Any]:
    return {"key": key, "text": {"nl": dutch, "en": english}, **more}


def standard_definition(name: str, *, access: str = "open") -> dict[str, Any]:
    """Twelve questions for the neighbourhood(s) called `name`, in Dutch and English."""
    return {
        "title": {"nl": f"Vragenlijst {name}", "en": f"Survey {name}"},
        "intro": {
            "nl": "Hoe vindt u het in uw wijk? Met uw antwoorden kiezen wij waar wij het eerst aan werken.",
            "en": "How do you like your neighbourhood? Your answers help us choose what to work on first.",
        },
        "language": "nl",
        "access": access,
        "sections": [
            {"title": {"nl": "U en uw wijk", "en": "You and your neighbourhood"}, "questions": _about_you()},
            {"title": {"nl": "Wat u vindt", "en": "What you think"}, "questions": _opinions()},
            {"title": {"nl": "Samen doen", "en": "Doing things together"}, "questions": _together()},
        ],
    }


def _about_you() -> list[dict[str, Any]]:
    return [
        {
            "key": "wie",
            "type": "single",
            "text": {"nl": "Wat past het best bij u?", "en": "What describes you best?"},
            "options": [
                _option("bewoner", "Ik woon in de wijk", "I live here"),
                _option("ondernemer", "Ik heb hier een bedrijf", "I have a business here"),
                _option("organisatie", "Ik werk hier voor een organisatie", "I work here for an organisation"),
                _option("anders", "Iets anders", "Something else"),
            ],
        },
        {
            "key": "jaren",
            "type": "number",
            "text": {"nl": "Hoeveel jaar woont u in de wijk?", "en": "How many years have you lived here?"},
            "help": {"nl": "Korter dan een jaar? Vul 0 in.", "en": "Less than a year? Fill in 0."},
            "number": {"min": 0, "max": 99, "unit": {"nl": "jaar", "en": "years"}},
            "shown_if": {"question": "wie", "is_any": ["bewoner"]},
        },
        {
            "key": "leeftijd",
            "type": "single",
            "text": {"nl": "Hoe oud bent u?", "en": "How old are you?"},
            "options": [
                _option("tot_25", "Jonger dan 25 jaar", "Younger than 25"),
                _option("tot_45", "25 tot 45 jaar", "25 to 45"),
                _option("tot_65", "45 tot 65 jaar", "45 to 65"),
                _option("vanaf_65", "65 jaar of ouder", "65 or older"),
            ],
        },
        {
            "key": "cijfer",
            "type": "scale",
            "text": {"nl": "Welk cijfer geeft u uw wijk?", "en": "What mark do you give your neighbourhood?"},
            "help": {"nl": "1 is heel slecht. 10 is heel goed.", "en": "1 is very bad. 10 is very good."},
            "scale": {
                "min": 1,
                "max": 10,
                "min_label": {"nl": "heel slecht", "en": "very bad"},
                "max_label": {"nl": "heel goed", "en": "very good"},
                "dont_know": True,
            },
        },
    ]


def _opinions() -> list[dict[str, Any]]:
    return [
        {
            "key": "tevreden",
            "type": "matrix",
            "text": {"nl": "Hoe tevreden bent u over…", "en": "How satisfied are you with…"},
            "help": {"nl": "Kies bij elke regel één antwoord.", "en": "Choose one answer on each line."},
            "rows": [
                _option("verlichting", "Verlichting op straat", "Street lighting"),
                _option("groen", "Groen en speelplekken", "Green and playgrounds"),
                _option("afval", "Afval en schoonmaken", "Waste and cleaning"),
                _option("winkels", "Winkels in de buurt", "Shops nearby"),
            ],
            "options": _SATISFIED,
        },
        {
            "key": "veilig",
            "type": "single",
            "text": {
                "nl": "Voelt u zich veilig op straat als het donker is?",
                "en": "Do you feel safe in the street after dark?",
            },
            "options": [
                _option("altijd", "Altijd", "Always"),
                _option("meestal", "Meestal", "Mostly"),
                _option("soms", "Soms", "Sometimes"),
                _option("nooit", "Nooit", "Never"),
            ],
        },
        {
            "key": "onveilig",
            "type": "multiple",
            "text": {"nl": "Waardoor voelt u zich onveilig?", "en": "What makes you feel unsafe?"},
            "help": {"nl": "U mag meer antwoorden kiezen.", "en": "You may choose several answers."},
            "options": [
                _option("donker", "Te weinig licht", "Too little light"),
                _option("verkeer", "Verkeer dat te hard rijdt", "Traffic that goes too fast"),
                _option("mensen", "Mensen die overlast geven", "People who cause trouble"),
                _option("anders", "Iets anders", "Something else"),
            ],
            "shown_if": {"question": "veilig", "is_any": ["soms", "nooit"]},
        },
        {
            "key": "eerst",
            "type": "multiple",
            "text": {"nl": "Wat moet het eerst beter?", "en": "What should improve first?"},
            "help": {"nl": "Kies er niet meer dan 3.", "en": "Choose no more than 3."},
            "max_choices": 3,
            "options": [
                _option("straten", "Straten en stoepen", "Streets and pavements"),
                _option("groen", "Groen", "Green"),
                _option("spelen", "Spelen en sport", "Play and sport"),
                _option("ontmoeten", "Plekken om elkaar te zien", "Places to meet"),
                _option("verkeer", "Verkeer en parkeren", "Traffic and parking"),
                _option("veilig", "Veiligheid", "Safety"),
                _option("wonen", "Wonen", "Housing"),
                _option("niets", "Niets: het is goed zo", "Nothing: it is fine", alone=True),
            ],
        },
        {
            "key": "missen",
            "type": "open",
            "text": {"nl": "Wat mist u in uw wijk?", "en": "What do you miss in your neighbourhood?"},
            "help": {
                "nl": "Schrijf geen namen of adressen op. Alleen de gemeente leest dit.",
                "en": "Do not write names or addresses. Only the municipality reads this.",
            },
            "max_length": 1000,
        },
    ]


def _together() -> list[dict[str, Any]]:
    return [
        {
            "key": "contact",
            "type": "single",
            "text": {"nl": "Heeft u contact met uw buren?", "en": "Are you in touch with your neighbours?"},
            "options": [
                _option("vaak", "Elke week", "Every week"),
                _option("soms", "Af en toe", "Now and then"),
                _option("nooit", "Bijna nooit", "Hardly ever"),
            ],
        },
        {
            "key": "meedoen",
            "type": "single",
            "text": {
                "nl": "Wilt u zelf iets doen voor de wijk?",
                "en": "Would you like to do something for the neighbourhood yourself?",
            },
            "options": _YES_NO,
        },
        {
            "key": "waarmee",
            "type": "open",
            "text": {"nl": "Waarmee zou u willen helpen?", "en": "What would you like to help with?"},
            "max_length": 500,
            "shown_if": {"question": "meedoen", "is_any": ["ja"]},
        },
    ]

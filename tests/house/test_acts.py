"""Every act that is noted has words for the log, and no words are left of acts that went."""

import ast

from tests.house.sources import calls_in, files
from wijkagenda.site.acts import ACTS
from wijkagenda.wishes.models import AnswerKind


def test_every_act_that_is_noted_has_words() -> None:
    noted = {f"wishes.{kind.value}" for kind in AnswerKind}
    for path in files("wijkagenda", ending=".py"):
        for _name, call in calls_in(path):
            for keyword in call.keywords:
                value = keyword.value
                if keyword.arg == "action" and isinstance(value, ast.Constant) and "." in str(value.value):
                    noted.add(str(value.value))
    assert noted == set(ACTS)

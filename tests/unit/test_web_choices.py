"""Fields with choices take the pairs our forms give, without a word of complaint from WTForms."""

import warnings

import pytest
from wtforms import Form

from wijkagenda.web.choices import RadioField, SelectField, SelectMultipleField

PAIRS = [("a", "Eerst"), ("b", "Daarna")]


@pytest.mark.parametrize("kind", [SelectField, SelectMultipleField, RadioField])
def test_pairs_are_offered_in_order_at_the_class_and_later(kind: type) -> None:
    class Asking(Form):
        first = kind(choices=PAIRS)
        later = kind()

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        form = Asking()
        form.later.choices = PAIRS
        form.later.choices += [("c", "Ten slotte")]
        assert [option.label.text for option in form.first] == ["Eerst", "Daarna"]
        assert [option.label.text for option in form.later] == ["Eerst", "Daarna", "Ten slotte"]


def test_an_option_may_carry_attributes() -> None:
    class Asking(Form):
        place = SelectField(choices=[("", "Kies een plek", {}), ("4", "Molenplein", {"data-lat": 52.1})])

    assert '<option data-lat="52.1" value="4">Molenplein</option>' in Asking().place()

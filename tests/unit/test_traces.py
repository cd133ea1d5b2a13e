"""What a log tells about an error: where, what kind, what came before it; never what somebody typed."""

import logging

from wijkagenda.traces import WithoutData, what_happened

TYPED = "geheim.adres@post.example"


def _chain(*, hidden: bool) -> BaseException:
    try:
        try:
            int(TYPED)
        except ValueError as typed:
            raise RuntimeError("the route does not say") from (None if hidden else typed)
    except RuntimeError as error:
        return error
    raise AssertionError


def test_the_place_and_the_kind_are_told_and_what_was_typed_is_not() -> None:
    told = what_happened(_chain(hidden=False))
    assert told.index("builtins.ValueError") < told.index("builtins.RuntimeError: the route does not say")
    assert "in _chain" in told
    assert TYPED not in told.replace("int(TYPED)", "")


def test_an_error_put_out_of_sight_stays_there() -> None:
    assert "ValueError" not in what_happened(_chain(hidden=True))


def test_a_traceback_written_by_others_is_told_in_our_way() -> None:
    error = _chain(hidden=False)
    record = logging.LogRecord("x", logging.ERROR, "x", 1, "broken", (), (type(error), error, error.__traceback__))
    assert WithoutData().filter(record)
    line = logging.Formatter().format(record)
    assert "builtins.ValueError" in line
    assert TYPED not in line

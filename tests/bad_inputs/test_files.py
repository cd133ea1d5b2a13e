"""Every bad file: the command ends with a clear error and has changed nothing."""

from pathlib import Path

import pytest
from flask import Flask

from tests.bad_inputs.table_files import BAD_FILES, BadFile
from wijkagenda.neighbourhoods.commands import areas


@pytest.mark.parametrize("bad", BAD_FILES, ids=lambda bad: bad.what)
def test_a_bad_file_is_refused_with_the_reason(city: Flask, tmp_path: Path, bad: BadFile) -> None:
    arguments = [str(argument) for argument in bad.make(tmp_path)]
    done = city.test_cli_runner().invoke(areas, arguments)
    assert done.exit_code in {1, 2}, done.output
    assert isinstance(done.exception, SystemExit), done.exception
    assert bad.words in done.output
    if done.exit_code == 1:
        assert "Fout: " in done.output and "Er is niets veranderd." in done.output

"""Fixtures of the walks."""

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def real_areas() -> Path:
    """The folder with real boundary files, where there is one."""
    folder = os.environ.get("WIJKAGENDA_TEST_DATA")
    if not folder or not (Path(folder) / "areas").is_dir():
        pytest.skip("WIJKAGENDA_TEST_DATA names no folder with real boundary files")
    return Path(folder) / "areas"

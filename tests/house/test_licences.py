"""Everything that is shipped has a licence that goes with the EUPL-1.2, and docs/licences.md names it."""

from scripts.licences import GO_TOGETHER, npm_packages, python_packages
from tests.house.sources import ROOT


def test_every_package_has_a_licence_that_goes_with_ours() -> None:
    packages = python_packages() + npm_packages()
    assert len(packages) > 40
    doubtful = [
        f"{name}: {licence or 'no licence named'}"
        for name, _version, licence in packages
        if not any(good.lower() in licence.lower() for good in GO_TOGETHER)
    ]
    assert doubtful == []


def test_the_list_of_licences_is_in_step() -> None:
    listed = (ROOT / "docs" / "licences.md").read_text()
    missing = [name for name, *_ in python_packages() + npm_packages() if f"| {name} |" not in listed]
    assert missing == [], "make licences writes the list"


def test_the_licence_is_the_eupl() -> None:
    assert (ROOT / "LICENSE").read_text().startswith("# EUROPEAN UNION PUBLIC LICENCE v. 1.2")
    assert "license = EUPL-1.2" in (ROOT / "setup.cfg").read_text()
    assert "EUPL-1.2" in (ROOT / "publiccode.yml").read_text()

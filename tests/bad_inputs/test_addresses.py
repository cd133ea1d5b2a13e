"""Every address that was made up: a kind page, nothing taken as markup, nothing changed."""

import re
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest
from flask import Flask

from tests.bad_inputs.cases import filled_in
from tests.bad_inputs.props import Props, staff_named
from tests.bad_inputs.table_addresses import BAD_ADDRESSES, OPEN_REDIRECTS, BadAddress
from tests.page_client import PageClient
from wijkagenda.db import unit_of_work
from wijkagenda.people.operations import make_sign_in_link


@pytest.mark.parametrize("bad", BAD_ADDRESSES, ids=lambda bad: bad.what)
def test_a_made_up_address_gets_a_kind_answer(visitor: PageClient, props: Props, bad: BadAddress) -> None:
    page = visitor.get(filled_in(bad.path, props), status=None)
    assert page.status == bad.status, page.h1
    assert bad.words in page.words
    assert not bad.never or bad.never not in page.text


@pytest.mark.parametrize("target", OPEN_REDIRECTS)
def test_signing_in_never_leads_to_another_host(city: Flask, target: str) -> None:
    with unit_of_work() as session:
        token = make_sign_in_link(member=staff_named("Noor Bakker"), now=datetime.now(UTC))
        link_id = session.connection().exec_driver_sql("SELECT max(id) FROM sign_in_link").scalar()
    client = PageClient(city)
    try:
        path = f"/werkplek/aanmelden/{token}"
        page = client.browser.get(path, query_string={"verder": target})
        token_field = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.get_data(as_text=True))
        data = {"csrf_token": token_field[1] if token_field else ""}
        answer = client.browser.post(path, query_string={"verder": target}, data=data)
        assert answer.status_code == 302
        leads = urlsplit(answer.headers["Location"])
        assert leads.netloc in {"", "127.0.0.1:8000", "localhost"}, answer.headers["Location"]
        assert leads.path.split("/")[1] == "werkplek" and not leads.path.startswith("//")
        assert "elders" not in leads.path.split("/")[1]
        assert "a=b" not in answer.headers.get("Set-Cookie", "")
    finally:
        with unit_of_work() as session:
            session.connection().exec_driver_sql(f"DELETE FROM sign_in_link WHERE id = {link_id}")

"""A finished page is kept zipped; every browser gets it in a way it can read."""

import gzip

from flask import Flask


def test_a_kept_page_is_the_same_with_and_without_zip(app: Flask) -> None:
    client = app.test_client()
    first = client.get("/")
    for _ in range(2):
        zipped = client.get("/", headers={"Accept-Encoding": "gzip"})
        plain = client.get("/", headers={"Accept-Encoding": "identity"})
        assert zipped.headers["Content-Encoding"] == "gzip"
        assert "Content-Encoding" not in plain.headers
        assert gzip.decompress(zipped.get_data()) == plain.get_data() == first.get_data()
        assert zipped.headers["ETag"] == plain.headers["ETag"]
        assert "Accept-Encoding" in zipped.headers["Vary"] and "Accept-Encoding" in plain.headers["Vary"]

from tests.page_client import PageClient


def test_health_tells_the_state_of_database_and_queue(client: PageClient) -> None:
    page = client.get("/health")
    assert page.response.json == {"database": "ok", "queue": "none"}

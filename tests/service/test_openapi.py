"""The published OpenAPI document, and the service under requests made from it (bounded in number)."""

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from running_server import KEY, Running
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import response_schema_conformance


@pytest.fixture(scope="module")
def document(server: Running) -> schemathesis.BaseSchema:
    return schemathesis.openapi.from_url(f"{server.url}/openapi.json")


def test_every_protocol_is_described(server: Running) -> None:
    document = server.client.get("/openapi.json").json()
    assert set(document["paths"]) >= {"/v1/check", "/v1/moderations", "/v1alpha1/comments:analyze", "/healthz"}
    request = document["paths"]["/v1/check"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    names = {each["$ref"].rpartition("/")[2] for each in request["anyOf"]}
    assert names == {"CheckOne", "CheckBatch"} <= set(document["components"]["schemas"])
    assert "x-components" not in str(document)


# What is made at random names no role of a user and no attribute; for those, only refusals are to be had.
PATHS = {
    "/v1/check": {200},
    "/v1/moderations": {200},
    "/v1/chat/completions": {400},
    "/v1alpha1/comments:analyze": {400},
    "/healthz": {200},
    "/metrics": {200},
}


@pytest.mark.parametrize("path", PATHS)
def test_nothing_made_from_the_document_breaks_the_service(document: schemathesis.BaseSchema, path: str) -> None:
    method = "POST" if path.startswith("/v1") else "GET"
    seen: set[int] = set()

    @settings(max_examples=15, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(case=document[path][method].as_strategy())
    def call(case: schemathesis.Case) -> None:
        answer = case.call(headers={"authorization": f"Bearer {KEY}"})
        seen.add(answer.status_code)
        case.validate_response(answer, checks=[not_a_server_error, response_schema_conformance])

    call()
    assert PATHS[path] & seen
    assert seen <= {200, 400, 413, 422}

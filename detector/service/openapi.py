"""The OpenAPI document of routes whose bodies msgspec reads and writes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

JSON = "application/json"
REFERENCE = "#/components/schemas/{name}"
CARRIED = "x-components"  # from a route to the document, and not in it


def described(*bodies: type, answer: type | None = None, errors: Mapping[int, str] | None = None) -> dict[str, Any]:
    """`openapi_extra` for a route that takes any of these bodies (msgspec Structs) and gives that answer."""
    types = (*bodies, answer) if answer else bodies
    schemas, components = msgspec.json.schema_components(types, ref_template=REFERENCE)
    extra: dict[str, Any] = {CARRIED: components}
    if bodies:
        taken = list(schemas[: len(bodies)])
        schema = taken[0] if len(taken) == 1 else {"anyOf": taken}
        extra["requestBody"] = {"required": True, "content": {JSON: {"schema": schema}}}
    responses: dict[str, Any] = {str(status): {"description": words} for status, words in (errors or {}).items()}
    if answer:
        responses["200"] = {"description": "The answer", "content": {JSON: {"schema": schemas[-1]}}}
    return extra | {"responses": responses}


def describe(app: FastAPI) -> dict[str, Any]:
    """The document, made once."""
    if app.openapi_schema is None:
        document = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
        components = document.setdefault("components", {}).setdefault("schemas", {})
        for path in document["paths"].values():
            for operation in path.values():
                components.update(operation.pop(CARRIED, {}))
        app.openapi_schema = document
    return app.openapi_schema

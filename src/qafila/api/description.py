"""The API's description as committed in docs/reference/openapi.json."""

from __future__ import annotations

import json

from django.core.serializers.json import DjangoJSONEncoder
from django.utils import translation

from qafila.api.endpoints import api


def described() -> str:
    """The OpenAPI document, the same on every machine and in every language."""
    with translation.override("en"):
        schema = api.get_openapi_schema()
    return json.dumps(schema, indent=2, ensure_ascii=False, cls=DjangoJSONEncoder) + "\n"

"""For the machine that watches the machine."""

from __future__ import annotations

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


@require_safe
@never_cache
def health(request: HttpRequest) -> JsonResponse:
    """200 while the pages and the database answer, 503 otherwise."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"pages": "ok", "database": "unreachable"}, status=503)
    return JsonResponse({"pages": "ok", "database": "ok"})


urlpatterns = [path("health", health, name="health")]

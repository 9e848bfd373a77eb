"""The menu as a page: every room with its parts, the account, language and colours."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe


@require_safe
def menu(request: HttpRequest) -> HttpResponse:
    """All places the reader finds; the rows come with the navigation of every page."""
    return render(request, "menu/page.html")


urlpatterns = [path("menu/", menu, name="menu")]

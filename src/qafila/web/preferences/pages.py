"""Language, colours and the room between rows: kept in cookies, changed by small forms.

The forms work without JavaScript.
"""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from qafila.web.design.record_list import DENSITIES, DENSITY_COOKIE
from qafila.web.site.context import THEME_COOKIE, THEMES
from qafila.web.site.middleware import LANGUAGE_COOKIE

_A_YEAR = 365 * 24 * 3600


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Keep the chosen language and go back to the page; an unknown language changes nothing."""
    chosen = request.POST.get("language", "")
    response = HttpResponseRedirect(_way_back(request))
    if chosen in dict(settings.LANGUAGES):
        _keep(response, LANGUAGE_COOKIE, chosen)
    return response


@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Keep light or dark colours and go back to the page."""
    chosen = request.POST.get("theme", "")
    response = HttpResponseRedirect(_way_back(request))
    if chosen in THEMES:
        _keep(response, THEME_COOKIE, chosen)
    return response


@require_POST
def set_density(request: HttpRequest) -> HttpResponse:
    """Keep how close the rows of lists stand and go back to the page."""
    response = HttpResponseRedirect(_way_back(request))
    chosen = request.POST.get("density", "")
    if chosen in DENSITIES:
        _keep(response, DENSITY_COOKIE, chosen)
    return response


def _way_back(request: HttpRequest) -> str:
    """The page the form was on, if it is one of ours; else the front page."""
    asked = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(
        asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return asked if ours else "/"


def _keep(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(
        name, value, max_age=_A_YEAR, httponly=True, samesite="Lax", secure=settings.SECURE
    )


urlpatterns = [
    path("language/", set_language, name="language"),
    path("theme/", set_theme, name="theme"),
    path("density/", set_density, name="density"),
]

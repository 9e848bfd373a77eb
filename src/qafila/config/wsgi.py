"""The WSGI application: every page and address, coverage checks included, through Django alone."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qafila.config.settings")
application = get_wsgi_application()

"""The WSGI application, served by Granian."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qafila.config.settings")
pages = get_wsgi_application()

# Once Django is prepared: coverage checks go through a door of their own, beside the pages.
from qafila.api.door import with_coverage_door  # noqa: E402

application = with_coverage_door(pages)

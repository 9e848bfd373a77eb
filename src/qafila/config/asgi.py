"""The ASGI application, served by Granian: coverage checks on the event loop, pages in threads."""

from qafila.config.wsgi import application as django

# Once Django is prepared, which the door's imports need.
from qafila.api.coverage_check.coverage_asgi import with_coverage_door  # isort: skip
from django.conf import settings  # isort: skip
from qafila.config.askers import address_of, is_known  # isort: skip
from qafila.config.bodies import Bodies  # isort: skip
from qafila.config.pages_in_threads import pages_in_threads  # isort: skip

bodies = Bodies(is_known, address_of, largest=settings.LARGEST_UPLOAD)
application = with_coverage_door(pages_in_threads(django, bodies))

"""The ASGI application, served by Granian: coverage checks on the event loop, pages in threads."""

from qafila.config.wsgi import application as django

# Once Django is prepared, which the door's imports need.
from qafila.api.coverage_asgi import with_coverage_door  # isort: skip
from qafila.config.pages_in_threads import pages_in_threads  # isort: skip

application = with_coverage_door(pages_in_threads(django))

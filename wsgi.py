"""For a WSGI server of your own: `gunicorn wsgi:app`. The database must have been migrated."""

from config import Settings
from mikroserwis.service import application

app = application(Settings())

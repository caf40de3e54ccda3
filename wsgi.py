"""For a WSGI server of your own: `gunicorn wsgi:app`. The database must have been migrated."""

from config import Settings
from mikroserwis.app import create_app

app = create_app(Settings())

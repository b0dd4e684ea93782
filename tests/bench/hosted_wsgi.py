"""What gunicorn serves for `host_request`, under the settings of either side."""

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()

"""How gunicorn serves. Chosen by measurement: docs/explanation/performance.md."""

from ims_config import env

_ENV = env.read()

# One sync worker a core with persistent connections was fastest; threads were half as fast.
worker_class = "sync"
workers = _ENV.web_workers
bind = _ENV.bind
# A connection keeps what it learns of each council it visits; a fresh worker forgets it.
max_requests = 5_000
max_requests_jitter = 500
timeout = 120
graceful_timeout = 30
keepalive = 5
accesslog = None
loglevel = "warning"
control_socket_disable = True
preload_app = False
forwarded_allow_ips = _ENV.forwarded_allow_ips

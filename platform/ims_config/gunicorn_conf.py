"""How gunicorn serves. Chosen by measurement: docs/explanation/performance.md."""

import os

# One sync worker a core with persistent connections was fastest; threads were half as fast.
worker_class = "sync"
workers = int(os.environ.get("IMS_WEB_WORKERS", "0")) or max(2, os.cpu_count() or 2)
bind = os.environ.get("IMS_BIND", "127.0.0.1:8000")
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
forwarded_allow_ips = os.environ.get("IMS_FORWARDED_ALLOW_IPS", "127.0.0.1")

"""The web server, the same in a trial and in production; sizes come from the environment.

HOST and PORT to listen on; WEB_CONCURRENCY processes of WEB_THREADS threads each. Each thread keeps a
database connection, so their product stays below the database's max_connections.
"""

import os

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
# Behind nginx, which keeps connections open; longer than its own keepalive_timeout to it.
keepalive = 65
timeout = 60
graceful_timeout = 10
# A little memory leaks in every long-lived process; the jitter keeps them from restarting together.
max_requests = 5000
max_requests_jitter = 500
# Heartbeat files on a disk can block for as long as the disk does.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108
# Requests are logged by the portal itself, with the request's id.
accesslog = None
loglevel = "warning"

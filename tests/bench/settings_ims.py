"""The service as it is, with the bench's view for its pages."""

import os

from ims_config.settings.dev import *  # noqa: F403
from ims_config.settings.dev import DATABASES

ROOT_URLCONF = "tests.bench.hosted_view"
DATABASES["default"]["CONN_MAX_AGE"] = int(os.environ.get("BENCH_CONN_MAX_AGE", "600"))

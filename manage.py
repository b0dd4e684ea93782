"""Django's own command line, for developers. Everyone else uses `ims`."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent

if __name__ == "__main__":
    sys.path[:0] = [str(ROOT / "platform"), str(ROOT / "tenants"), str(ROOT / "billing")]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ims_config.settings.dev")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)

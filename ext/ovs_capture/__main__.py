"""``python -m ovs_capture``, and what is installed as ``ovs-capture``."""

import sys

from .command.line import main

__all__ = ["main"]

if __name__ == "__main__":
    sys.exit(main())

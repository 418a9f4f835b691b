"""``python -m ovs_capture``: the command ``ovs-capture``."""

import sys

from .command.line import main

if __name__ == "__main__":
    sys.exit(main())

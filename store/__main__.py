"""`python -m store`: the same as the command `store`."""

import sys

from store.commands import main

sys.exit(main())

"""``python -m reelgate_service`` is ``reelgate-service``."""

from reelgate_service.cli import main

main()

"""Looks for the servers that the tests use where they answer, and says loudly which are missing.

``--look`` prints one line a server; ``--postgres`` prints the option for the crash bench, or nothing.
"""

import os
import socket
import sys

SERVERS = {
    "PostgreSQL": (5432, "half of the service's tests run on SQLite only"),
    "Redis": (6379, "the doorbell over Redis is not tested"),
    "RabbitMQ": (5672, "the doorbell over RabbitMQ is not tested"),
}
POSTGRES = os.environ.get("REELGATE_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")


def answers(port: int) -> bool:
    """True when something on this machine takes a connection on ``port``."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2):
            return True
    except OSError:
        return False


def main() -> int:
    """Do what the one argument says."""
    if sys.argv[1:] == ["--postgres"]:
        if answers(SERVERS["PostgreSQL"][0]):
            print(f"--postgres {POSTGRES}")
        return 0
    missing = False
    for name, (port, without) in SERVERS.items():
        if answers(port):
            print(f"{name:<11} answers on 127.0.0.1:{port}")
        else:
            missing = True
            print(f"{name:<11} MISSING on 127.0.0.1:{port}: SKIPPED, {without}")
    if missing:
        print("Start them with: bash .ci/run --servers-only")
    return 1 if missing and os.environ.get("CI") else 0


if __name__ == "__main__":
    sys.exit(main())

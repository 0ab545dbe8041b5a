"""The platform that needs no account: finished reels land in a folder."""

"""Echo: a message board on one machine, and the platform that connects it to Reelgate.

``facts`` says what the board is, ``door`` reads what it sends, ``platform`` writes to it through ``calls``, and
``board`` is the board itself: the other side.
"""

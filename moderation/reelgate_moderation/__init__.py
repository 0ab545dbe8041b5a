"""Trust: what may enter, what may leave, and how it is signed as it leaves."""

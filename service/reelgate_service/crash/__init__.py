"""Kills our own workers at every named point and checks that nothing was lost or doubled."""

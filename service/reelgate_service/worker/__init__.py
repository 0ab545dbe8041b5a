"""Takes jobs and carries them on, one at a time a process."""

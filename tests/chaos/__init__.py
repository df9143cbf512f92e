"""A night of the whole service while its processes are killed, and hours of it while nobody touches it."""

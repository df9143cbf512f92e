"""Teams: the fewest partners that cover an opportunity."""

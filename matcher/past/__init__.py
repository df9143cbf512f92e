"""Works of the past and the people who led them become a ranking of partners for a new work: learned, in batches.

The ranker for networks with thousands of past works, in matrices; `matcher.ranking` is the one for a young network.
"""

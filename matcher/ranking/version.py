"""The version of the ranking that comes with this release, for those who must not load it."""

# Stored with every match, as is that of a model learned later; changes whenever the same network and opportunity could
# give another ranking, which a test notices. There is a file of it in `models/`.
RANKER_VERSION = "service-6"

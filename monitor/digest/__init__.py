"""The digest's facts read from storage, its decision once a day, and an officer's changes to it."""

"""Hypothesis without deadlines: a shared machine is slow at times, and a rule is not wrong then."""

from hypothesis import settings

settings.register_profile("rules", deadline=None, max_examples=60, database=None)
settings.load_profile("rules")

"""How hard the property tests of the engine try: ``HYPOTHESIS_PROFILE=thorough`` for ten thousand elections each."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

ANYTHING_TAKES_TIME = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]

settings.register_profile("quick", max_examples=100, deadline=None, suppress_health_check=ANYTHING_TAKES_TIME)
settings.register_profile(
    "thorough", max_examples=10_000, deadline=None, suppress_health_check=ANYTHING_TAKES_TIME, database=None
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))

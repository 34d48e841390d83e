"""Settings of the tests of properties."""

from hypothesis import HealthCheck, settings

# A busy machine must not fail a property: only what it says counts.
settings.register_profile(
    "oiconnect", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("oiconnect")

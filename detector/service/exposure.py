"""What has to be true before the service listens: nobody is let in whom the settings do not name."""

from __future__ import annotations

import ipaddress

from detector.errors import ConfigError
from detector.service.settings import ServiceSettings

SHORTEST_KEY = 16
HASHED = "sha256:"


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach that address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def refuse_exposure(settings: ServiceSettings) -> None:
    """Raise `ConfigError` for settings that would let strangers in."""
    for name, key in settings.keys.items():
        if not key.startswith(HASHED) and len(key) < SHORTEST_KEY:
            raise ConfigError(f"keys.{name}", f"shorter than {SHORTEST_KEY} characters", "take a longer, random one")
    if not settings.keys and not is_loopback(settings.host):
        raise ConfigError("host", f"{settings.host} is open to others, and there are no keys", "set `keys`")

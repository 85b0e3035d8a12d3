"""`detector serve`: run the service."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from detector.service.store.commands import store, verify_log
from detector.service.users import users


def serve(
    *,
    host: Annotated[str | None, typer.Option(help="Address to bind; beyond loopback, keys are needed.")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65_535, help="TCP port; 0 takes a free one.")] = None,
    config: Annotated[Path | None, typer.Option(metavar="FILE", help="Settings (TOML).")] = None,
) -> None:
    """Serve checks over HTTP. Settings: FILE, then the environment (DETECTOR_SERVICE_…), then these options."""
    import msgspec

    from detector.service.checker import checker_for
    from detector.service.exposure import refuse_exposure
    from detector.service.logs import log_to_standard_error
    from detector.service.settings import load_service_settings

    settings = load_service_settings(config, environment=os.environ)
    given = {name: value for name, value in (("host", host), ("port", port)) if value is not None}
    settings = msgspec.structs.replace(settings, **given)
    refuse_exposure(settings)
    log_to_standard_error(settings.log_level)
    checker = checker_for(settings)  # engines load while what serves them is imported
    from detector.service.running import run

    run(settings, checker)


COMMANDS = (serve, verify_log, store, users)

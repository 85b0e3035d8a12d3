"""`detector lsp`: the language server, on standard input and output."""

from __future__ import annotations

from detector.errors import ConfigError


def lsp() -> None:
    """Serve an editor over standard input and output (Language Server Protocol). Needs the extra `editor`."""
    try:
        from detector.editor.handlers import make_server
    except ModuleNotFoundError as error:
        if error.name not in ("pygls", "lsprotocol"):
            raise
        raise ConfigError("lsp", "pygls is not installed", "pip install 'advice-detector[editor]'") from error
    make_server().start_io()


COMMANDS = (lsp,)

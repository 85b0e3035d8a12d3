"""How the service runs: a TOML file, then the environment; unknown keys are refused."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, cast, get_origin

import msgspec

from detector.errors import ConfigError
from detector.settings import convert_settings, load_toml

PREFIX = "DETECTOR_SERVICE_"
NESTED = "__"
Positive = Annotated[int, msgspec.Meta(ge=1)]
OnFailure = Literal["error", "open", "closed"]


class Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What one client may ask for."""

    body_bytes: Positive = 1_048_576
    """Largest request body; more is answered with 413."""
    depth: Positive = 32
    """Deepest nesting of arrays and objects in a JSON body; more is answered with 400."""
    text_characters: Positive = 100_000
    """Longest text of one post; more is answered with 413."""
    batch_posts: Positive = 256
    """Most posts in one request to `/v1/check`, and most inputs in one to `/v1/moderations`."""
    body_seconds: Positive = 10
    """Time that a client has to send its request's headers, and then again its body."""
    requests_per_second: Annotated[float, msgspec.Meta(ge=0)] = 0
    """Sustained rate for each key, or address without a key; 0 means no limit."""
    burst: Positive = 100
    """Requests that may come at once before that rate holds."""
    connections: Positive = 20_000
    """Most connections and running requests; more are answered with 503."""


class Queue(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The engines, and the bounded queue before them: of each policy."""

    engines: Annotated[int, msgspec.Meta(ge=0, le=64)] = 1
    """Processes that check posts, each with its own engine (200 MB); 0: a thread of the server's process."""
    posts: Positive = 512
    """Most posts that wait for an engine; more are answered with 429 and Retry-After."""
    batch_posts: Positive = 64
    """Most posts that are checked in one go. Waiting posts are checked together; nothing waits for others to come."""
    batch_characters: Positive = 50_000
    """Most characters that are checked in one go, so that one huge post delays few others."""
    drain_seconds: Positive = 10
    """Time that running requests have to end when the service stops."""


class Adapter(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How long a protocol's caller waits, and what it hears when no verdict could be had in time."""

    budget_ms: Positive = 2_000
    """Longest wait for a verdict, in milliseconds."""
    on_failure: OnFailure = "error"
    """`error`: the protocol's own error, 429 or 503; `open`: let the post through; `closed`: hold it for review."""
    policy: str = ""
    """Policy for this protocol; empty means the service's."""


class Store(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where checks and moderators' decisions are kept."""

    url: str = ""
    """SQLAlchemy URL, such as `sqlite:///detector.db`; empty means that nothing is kept."""
    keep_text: bool = False
    """Also keep the posts' texts; without it, only their SHA-256."""
    retention_days: Positive | None = None
    """Days after which texts and authors are removed; hashes and decisions stay. Never, when left out."""


class Review(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The review console, served at `/review` when there is a store."""

    proxy_header: str = ""
    """Header in which a proxy of `trusted_proxies` names the user that it has signed in. Empty: passwords only."""
    proxy_role: Literal["", "reader", "moderator"] = ""
    """Role of users whom the proxy names and the store does not know; empty: they are refused."""
    idle_minutes: Positive = 30
    """Minutes after which an unused session ends."""
    session_hours: Positive = 12
    """Hours after which any session ends."""
    attempts: Positive = 5
    """Failed attempts to sign in as one user from one address, before further ones have to wait."""
    attempt_minutes: Positive = 15
    """Minutes for which failed attempts count."""


class Coral(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The external moderation phase of Coral Talk."""

    secrets: tuple[str, ...] = ()
    """Signing secrets, newest first; two while they are being rotated. Empty: the phase is not served."""
    format: Literal["plain", "html"] = "html"
    """Comment body format, as chosen in Coral's own settings of the phase."""


class Discourse(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Webhooks of a Discourse forum, and flags that are sent back."""

    secret: str = ""
    """The webhook's secret. Empty: webhooks are not served."""
    url: str = ""
    """Base URL of the forum, for flags through its API. Empty: nothing is sent back."""
    api_key: str = ""
    """API key for flags."""
    api_username: str = "system"
    """User that flags."""
    flag_from: Literal["nudge", "review", "block"] = "review"
    """Least verdict that is flagged."""


class Webhooks(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Standard Webhooks, in and out."""

    secrets: tuple[str, ...] = ()
    """Secrets (`whsec_…`) of incoming hooks. Empty: incoming hooks are not served."""
    send_to: str = ""
    """URL that outgoing events are sent to. Empty: nothing is sent."""
    send_secret: str = ""
    """Secret (`whsec_…`) that signs outgoing events."""
    send_from: Literal["nudge", "review", "block"] = "review"
    """Least verdict that is sent."""
    queue_events: Positive = 1_000
    """Most events that wait to be sent; further ones are counted as dead letters."""
    attempts: Positive = 6
    """Most attempts for one event, with exponential backoff and jitter between them."""
    first_wait_seconds: Annotated[float, msgspec.Meta(gt=0)] = 1.0
    """Longest wait before the second attempt; it doubles for each further one, up to five minutes."""


class Upstream(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A real LanguageTool server whose matches are put beside ours."""

    url: str = ""
    """URL of its API, with `/v2`. Empty: there is none."""
    timeout_ms: Positive = 1_500
    """Longest wait for its answer; without one, ours goes out alone and says that it is incomplete."""


class ServiceSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The whole configuration of `detector serve`."""

    host: str = "127.0.0.1"
    """Address to bind. Anything beyond loopback needs `keys`."""
    port: Annotated[int, msgspec.Meta(ge=0, le=65_535)] = 8_000
    """TCP port; 0 takes a free one."""
    policy: str = "default"
    """Policy that holds where a request names none: a preset's name or a path."""
    policies: tuple[str, ...] = ()
    """Further policies that requests may name; each has an engine of its own."""
    keys: dict[str, str] = {}
    """API keys by the name of their holder: the key itself (16 characters or more), or `sha256:` and its hex digest."""
    hosts: tuple[str, ...] = ()
    """Host names that requests may use; empty means any with keys, and only loopback's names without."""
    trusted_proxies: tuple[str, ...] = ()
    """Addresses of reverse proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed."""
    cors_origins: tuple[str, ...] = ()
    """Origins whose pages may call the service from a browser; none unless listed."""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    """Least level that is logged."""
    limits: Limits = Limits()
    queue: Queue = Queue()
    store: Store = Store()
    review: Review = Review()
    native: Adapter = Adapter()
    perspective: Adapter = Adapter(budget_ms=700)
    coral: Adapter = Adapter(on_failure="open")
    openai: Adapter = Adapter()
    chat: Adapter = Adapter(budget_ms=5_000)
    discourse: Adapter = Adapter(budget_ms=5_000)
    webhooks: Adapter = Adapter(budget_ms=5_000)
    languagetool: Adapter = Adapter()
    languagetool_upstream: Upstream = Upstream()
    coral_phase: Coral = Coral()
    discourse_hook: Discourse = Discourse()
    standard_webhooks: Webhooks = Webhooks()

    @property
    def served(self) -> tuple[str, ...]:
        """Every policy that requests may name, the one that holds where they name none first."""
        return tuple(dict.fromkeys((self.policy, *self.policies)))

    def adapter(self, name: str) -> Adapter:
        """The settings of the protocol whose file has that name; defaults for one without any."""
        found = getattr(self, name, None)
        return found if isinstance(found, Adapter) else Adapter()


def load_service_settings(path: Path | None = None, *, environment: Mapping[str, str]) -> ServiceSettings:
    """Read the file, then let variables such as `DETECTOR_SERVICE_LIMITS__DEPTH` overrule it. Raises `ConfigError`."""
    content: dict[str, Any] = {} if path is None else load_toml(path)
    for variable in sorted(environment):
        if variable.startswith(PREFIX):
            _overrule(content, variable, environment[variable])
    return convert_settings(ServiceSettings, content, where=str(path or "environment"))


def _overrule(content: dict[str, Any], variable: str, value: str) -> None:
    *tables, key = variable.removeprefix(PREFIX).lower().split(NESTED)
    kind: type = ServiceSettings
    for table in tables:
        kind = _field(kind, table, variable)
        content = content.setdefault(table, {})
    content[key] = _value(str if get_origin(kind) is dict else _field(kind, key, variable), value, variable)


def _field(struct: type, name: str, variable: str) -> type:
    """The type of a key. Raises `ConfigError`."""
    is_struct = isinstance(struct, type) and issubclass(struct, msgspec.Struct)
    fields = {each.name: each.type for each in msgspec.structs.fields(struct)} if is_struct else {}
    if name in fields:
        return cast("type", fields[name])
    nearest = difflib.get_close_matches(name, fields, n=1)
    cure = f"did you mean `{nearest[0]}`?" if nearest else f"known keys: {', '.join(sorted(fields))}"
    raise ConfigError(variable, f"unknown key `{name}`", cure)


def _value(kind: type, value: str, variable: str) -> object:
    """The text of a variable as its key's type: lists are TOML arrays, or parts between commas."""
    try:
        if get_origin(kind) is tuple and not value.lstrip().startswith("["):
            return [part.strip() for part in value.split(",") if part.strip()]
        if get_origin(kind) in {tuple, dict}:
            return tomllib.loads(f"value = {value}")["value"]
        return msgspec.to_builtins(msgspec.convert(value, kind, strict=False))
    except ValueError as error:
        raise ConfigError(variable, str(error)) from error

"""What a platform wants: which kinds count, how sure is sure enough, which disclaimer when."""

from __future__ import annotations

import hashlib
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from detector.errors import ConfigError
from detector.finding import Integrity, Severity, SeverityWord
from detector.post import Post
from detector.reading import KINDS, RECOMMENDATION_KINDS, TARGETS
from detector.settings import load_settings
from detector.verdict import VerdictPolicy

Probability = Annotated[float, msgspec.Meta(ge=0.0, le=1.0)]
When = Literal["always", "recommendation", "present"]
PRESETS = Path(str(files("detector"))) / "policies"
POLICY_FILE = "policy.toml"
MODELS = Path(str(files("detector"))) / "model"
THOROUGH = "thorough"  # the model, built on ours, that takes its time


class RecommendationPolicy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which passages count. Without a threshold the model's own default holds.

    `kinds` may name kinds that are not recommendations (`forecast`, `platform`): those are reported
    when P(kind) reaches their entry in `thresholds` (or `threshold`).
    """

    kinds: tuple[str, ...] = RECOMMENDATION_KINDS
    targets: tuple[str, ...] = TARGETS
    threshold: Probability | None = None
    thresholds: dict[str, Probability] = {}
    severity: dict[str, SeverityWord] = {}

    def threshold_for(self, kind: str, default: float) -> float:
        """The probability from which that kind counts; `default` is the model's own threshold."""
        return self.thresholds.get(kind, default if self.threshold is None else self.threshold)


class Placement(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where the disclaimer has to stand; empty means anywhere."""

    at_end: bool = False
    before_first_link: bool = False
    within_first: Annotated[int, msgspec.Meta(ge=1)] | None = None


class DisclaimerPolicy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One requirement: `ids` (any one satisfies; `*` is every standard text) `when`, on which posts.

    `when`: `always`; `recommendation` (only beside one); `present` (only if some form of it is there).
    `formats` limits it to exports of those formats, `comments` says whether comments need it too.
    """

    ids: tuple[str, ...]
    when: When = "present"
    formats: tuple[str, ...] = ()
    comments: bool = False
    placement: Placement = Placement()
    severity: dict[str, SeverityWord] = {}

    def applies_to(self, post: Post) -> bool:
        """Whether this requirement speaks of such a post at all."""
        if self.formats and post.origin.format not in self.formats:
            return False
        return self.comments or post.parent is None


class SuppressionPolicy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whether comments in a text (`detector/suppressions.py`) let findings stand.

    Without `allow` the door decides: an author's own tools (`check`, the editor) honour them, what moderates others
    (`audit`, the service) does not, as the author of a post must not be able to switch its moderation off.
    """

    allow: bool | None = None


class Policy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A whole policy file (TOML). Beside it may stand a folder `disclaimers` with the platform's own texts.

    `model` is the folder of an adapted model (`detector train`), from the policy's own folder on, or `thorough`: ours
    with a third stage. Empty is ours.
    """

    name: str
    description: str = ""
    recommendations: RecommendationPolicy = RecommendationPolicy()
    disclaimers: tuple[DisclaimerPolicy, ...] = ()
    model: str = ""
    verdicts: VerdictPolicy = VerdictPolicy()
    suppressions: SuppressionPolicy = SuppressionPolicy()
    checksum: str = ""
    path: str = ""

    def severity_of(self, kind: str) -> Severity:
        """Severity of a recommendation of that kind; a warning unless the policy says otherwise."""
        return Severity[self.recommendations.severity.get(kind, "warning").upper()]

    def for_authors(self) -> Policy:
        """The same for an author's own tools: suppressions are honoured unless the policy forbids them."""
        allow = self.suppressions.allow is not False
        return msgspec.structs.replace(self, suppressions=SuppressionPolicy(allow=allow))

    @property
    def disclaimer_folder(self) -> Path | None:
        """The platform's own registry folder, when it has one."""
        folder = Path(self.path).parent / "disclaimers"
        return folder if folder != PRESETS / "disclaimers" and folder.is_dir() else None


def preset_names() -> list[str]:
    """Names that `--policy` takes without a path."""
    return sorted(path.stem for path in PRESETS.glob("*.toml"))


def load_policy(name_or_path: str | Path = "default") -> Policy:
    """Load a preset by name, a policy file, or a folder that holds `policy.toml`.

    Raises `ConfigError` for unknown names, unknown keys and impossible values.
    """
    path = _find(name_or_path)
    policy = load_settings(Policy, path)
    _validate(policy, path)
    model = _model_folder(policy.model, path.parent) if policy.model else ""
    return msgspec.structs.replace(policy, checksum=_checksum(path), path=str(path), model=model)


def with_model(policy: Policy, folder: Path | None) -> Policy:
    """The policy with another model; None keeps its own."""
    return policy if folder is None else msgspec.structs.replace(policy, model=_model_folder(str(folder), Path()))


def _model_folder(name: str, beside: Path) -> str:
    return str(MODELS / THOROUGH if name == THOROUGH else beside / name)


def _find(name_or_path: str | Path) -> Path:
    preset = PRESETS / f"{name_or_path}.toml"
    if str(name_or_path) in preset_names():
        return preset
    path = Path(name_or_path)
    path = path / POLICY_FILE if path.is_dir() else path
    if not path.is_file():
        cure = f"give a file, a folder with {POLICY_FILE}, or one of: {', '.join(preset_names())}"
        raise ConfigError(str(name_or_path), "no such policy", cure)
    return path


def _validate(policy: Policy, path: Path) -> None:
    wanted = policy.recommendations
    checks = (
        ("recommendations.kinds", wanted.kinds, KINDS),
        ("recommendations.targets", wanted.targets, TARGETS),
        ("recommendations.thresholds", wanted.thresholds, KINDS),
        ("recommendations.severity", wanted.severity, KINDS),
        *(("verdicts.clauses.kinds", clause.kinds, KINDS) for clause in policy.verdicts.clauses),
        *(("verdicts.clauses.integrity", clause.integrity, tuple(Integrity)) for clause in policy.verdicts.clauses),
    )
    for key, given, known in checks:
        for word in given:
            if word not in known:
                raise ConfigError(str(path), f"{key}: unknown {word!r}", f"known: {', '.join(known)}")


def _checksum(path: Path) -> str:
    """Changes with the policy file and with the platform's own disclaimer texts."""
    digest = hashlib.sha256(path.read_bytes())
    for text in sorted((path.parent / "disclaimers").glob("*.toml")):
        digest.update(text.read_bytes())
    return digest.hexdigest()

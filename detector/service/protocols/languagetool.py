"""LanguageTool's HTTP API, so that browser add-ons, LTeX+, Obsidian and others work with no plugin of ours.

Source: LanguageTool's ApiV2.java, V2TextChecker.java, LanguageToolHttpHandler.java (read 28 Nov 2026). Every path is
served with and without `/v2`, as clients differ in what they append to a server's URL.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Literal

from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse

from detector import __version__
from detector.checked import Checked
from detector.errors import ConfigError
from detector.finding import Finding
from detector.fixes import Offer
from detector.post import Origin, Post
from detector.service.bodies import json_response, too_deep
from detector.service.checker import Overloaded, TooSlow
from detector.service.engines import Unchecked
from detector.service.fixing import offers
from detector.service.judging import judge
from detector.service.languagetool.languages import described, is_known, languages
from detector.service.languagetool.matches import category, descriptions, matches, rule_id, sentence_ranges
from detector.service.languagetool.query import Query, parse_query
from detector.service.languagetool.refusal import Refused
from detector.service.languagetool.upstream import Upstream, UpstreamError, usable_matches
from detector.service.problems import Problem
from detector.service.security import Keys, presented_key
from detector.service.state import Service
from detector.service.submission import Submission

requires: Literal["signature"] = "signature"  # a key, which clients of this API can only send among the parameters
ADAPTER = "languagetool"
FIX_SECONDS = 0.5
SOFTWARE = {
    "name": "advice-detector",
    "version": __version__,
    "buildDate": "",
    "apiVersion": 1,
    "premium": False,
    "status": "",
}
Parameters = Mapping[str, str]
Found = list[tuple[Finding, tuple[Offer, ...]]]
Answered = Callable[[Request], Awaitable[Response]]


def routes(service: Service) -> APIRouter:
    """Every path of the API that clients call."""
    router = APIRouter()
    api = Api(service)
    for path, methods, answer in (
        ("/check", ["GET", "POST"], api.check),
        ("/languages", ["GET"], api.languages),
        ("/maxtextlength", ["GET"], api.max_text_length),
        ("/configinfo", ["GET"], api.configuration),
        ("/info", ["GET"], api.info),
        ("/healthcheck", ["GET"], api.health),
        ("/words", ["GET"], api.words),
        ("/words/add", ["POST"], api.words),
        ("/words/delete", ["POST"], api.words),
    ):
        for prefix in ("/v2", ""):
            router.add_api_route(f"{prefix}{path}", _said(answer), methods=methods, include_in_schema=False)
    router.add_api_route("/v2/{path:path}", _said(api.unknown), methods=["GET", "POST"], include_in_schema=False)
    return router


def _said(answer: Answered) -> Answered:
    """The same route; what is refused is said in plain text, with LanguageTool's status codes."""

    async def say(request: Request) -> Response:
        try:
            return await answer(request)
        except Refused as refused:
            return PlainTextResponse(str(refused), refused.status)

    say.__doc__ = answer.__doc__
    say.__name__ = answer.__name__
    return say


class Api:
    """The answers, for one running service."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._keys = Keys(service.settings.keys)
        upstream = service.settings.languagetool_upstream
        self._upstream = Upstream(upstream.url, upstream.timeout_ms / 1000) if upstream.url else None

    async def check(self, request: Request) -> Response:
        """Check a text, plain (`text`) or annotated (`data`)."""
        parameters = await _parameters(request)
        self._refuse_strangers(request, parameters)
        self._refuse_large(parameters)
        query = parse_query(parameters, any_language=self._upstream is not None)
        ours, theirs = await asyncio.gather(self._ours(query), self._theirs(parameters))
        checked, found = ours
        return json_response(_answer(query, checked, found, theirs))

    async def languages(self, _: Request) -> Response:
        """The languages that may be asked for; those of the server behind, too."""
        known = [dict(each) for each in languages()]
        if self._upstream is not None:
            try:
                more = await self._upstream.languages()
            except UpstreamError:
                more = []
            known += [each for each in more if isinstance(each, dict) and not is_known(str(each.get("longCode")))]
        return json_response(known)

    async def max_text_length(self, _: Request) -> Response:
        """The longest text, in characters."""
        return PlainTextResponse(str(self._service.settings.limits.text_characters))

    async def configuration(self, request: Request) -> Response:
        """Limits and rules, for one language."""
        if "language" not in request.query_params:
            raise Refused(400, "'language' parameter missing")
        parameter = {"maxTextLength": self._service.settings.limits.text_characters}
        return json_response({"software": SOFTWARE, "parameter": parameter, "rules": list(descriptions())})

    async def info(self, _: Request) -> Response:
        """What answers here."""
        return json_response({"software": {**SOFTWARE, "commit": ""}})

    async def health(self, _: Request) -> Response:
        """`OK` once every engine is loaded."""
        if not self._service.checker.ready:
            raise Refused(503, "Healthcheck failed: an engine is not ready")
        return PlainTextResponse("OK")

    async def words(self, _: Request) -> Response:
        """People's own dictionaries, which nobody keeps here."""
        raise Refused(400, "This end point needs a user id, and no dictionaries of users are kept here")

    async def unknown(self, request: Request) -> Response:
        """Any other path."""
        raise Refused(404, f"Unsupported action: '{request.path_params['path'][:60]}'")

    def _refuse_strangers(self, request: Request, parameters: Parameters) -> None:
        key = presented_key(request.headers, request.scope["query_string"]) or parameters.get("apiKey", "")
        if self._keys and self._keys.holder(key) is None:
            raise Refused(403, "a valid API key is needed, as 'apiKey' (any 'username' will do)")

    def _refuse_large(self, parameters: Parameters) -> None:
        limits = self._service.settings.limits
        if too_deep(parameters.get("data", "").encode("utf-8", "surrogatepass"), limits.depth):
            raise Refused(400, f"'data' is nested deeper than {limits.depth}")

    async def _ours(self, query: Query) -> tuple[Checked | None, Found]:
        """What we find, and what can be done about it. Without an answer in time, the adapter's policy holds."""
        submission = Submission(
            Post("", query.text.plain, origin=Origin("", 1, ADAPTER)), source=ADAPTER, keep=False, draft=True
        )
        policy = self._service.settings.adapter(ADAPTER).policy or None
        try:
            [judged] = await judge(self._service, [submission], adapter=ADAPTER)
        except Overloaded as error:
            raise Refused(503, "There are currently too many parallel requests. Please try again later.") from error
        except (TooSlow, Unchecked) as error:
            raise Refused(
                500, "Checking took longer than this server's limit. Please submit a shorter text."
            ) from error
        except Problem as error:
            raise Refused(error.status, f"Your text exceeds the limit: {error.message}") from error
        except ConfigError as error:
            raise Refused(500, "this server's policy for LanguageTool clients is not served") from error
        if judged.checked is None:
            return None, []
        wanted = [each for each in judged.checked.findings if query.wants(rule_id(each), category(each)[0])]
        found = judged.checked.findings
        tried = await offers(self._service, submission.post, found, wanted=wanted, policy=policy, seconds=FIX_SECONDS)
        return judged.checked, list(zip(wanted, tried, strict=True))

    async def _theirs(self, parameters: Parameters) -> Mapping[str, Any] | str | None:
        """What the server behind finds; a text says why it gave nothing."""
        if self._upstream is None:
            return None
        try:
            return await self._upstream.check(
                {k: v for k, v in parameters.items() if k not in ("apiKey", "username", "key")}
            )
        except UpstreamError as error:
            return str(error)


async def _parameters(request: Request) -> dict[str, str]:
    """From the query and from a form; where both name a parameter, the form's holds."""
    form = await request.form() if request.method == "POST" else {}
    return {**request.query_params, **{name: value for name, value in form.items() if isinstance(value, str)}}


def _answer(
    query: Query, checked: Checked | None, found: Found, theirs: Mapping[str, Any] | str | None
) -> dict[str, Any]:
    merged = list(matches(found, query.text))
    if isinstance(theirs, Mapping):
        merged += usable_matches(theirs)
    reason = theirs if isinstance(theirs, str) else "" if checked else "no answer in time"
    warnings: dict[str, Any] = {"incompleteResults": bool(reason)}
    if reason:
        warnings["incompleteResultsReason"] = reason
    return {
        "software": SOFTWARE,
        "warnings": warnings,
        "language": described(query.language, query.preferred, checked.language if checked else ""),
        "matches": sorted(merged, key=lambda match: (match["offset"], match["length"])),
        "sentenceRanges": list(sentence_ranges(query.text)),
    }

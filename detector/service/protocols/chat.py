"""A chat completion that is really a check: for AI triage that asks a model and looks for words in its answer.

After Discourse's plugins/discourse-ai/lib/automation/llm_triage.rb: an administrator defines a model with any URL; the
user's last message is "title: …" and the post's source; a match of `FINANCIAL_ADVICE:YES`, in any case, acts.
"""

from __future__ import annotations

import re
import time
from typing import Any, Literal
from uuid import uuid4

import msgspec
from fastapi import APIRouter, Request, Response

from detector import __version__
from detector.post import Origin, Post
from detector.service.bodies import json_response, read_json
from detector.service.judged import Judged
from detector.service.judging import judge
from detector.service.openapi import described
from detector.service.problems import Problem
from detector.service.protocols.openai import problem_body as openai_problem_body
from detector.service.state import Service
from detector.service.submission import Submission

requires: Literal["key"] = "key"
TITLED = re.compile(r"title: ([^\n]*)\n(.*)", re.DOTALL)
STREAM = "text/event-stream"
problem_body = openai_problem_body


class ChatPart(msgspec.Struct, kw_only=True):
    """A part of a message; only those with a text count."""

    type: str = "text"
    text: str = ""


class ChatMessage(msgspec.Struct, kw_only=True):
    """A message; only the user's last one is judged."""

    role: str
    content: str | list[ChatPart] | None = None


class ChatRequest(msgspec.Struct, kw_only=True):
    """As for OpenAI's `/v1/chat/completions`; settings of sampling are passed over."""

    messages: list[ChatMessage]
    model: str = ""
    stream: bool = False


def routes(service: Service) -> APIRouter:
    """`POST /v1/chat/completions`."""
    router = APIRouter()

    @router.post("/v1/chat/completions", response_class=Response, openapi_extra=described(ChatRequest))
    async def completions(request: Request) -> Response:
        """Judge the user's last message, and answer in words to look for."""
        asked = await read_json(request, ChatRequest, service.settings.limits)
        post = _post(last_of_the_user(asked))
        (judged,) = await judge(service, [Submission(post, source="chat")], adapter="chat")
        made = _completion(words(judged), len(post.text))
        if not asked.stream:
            return json_response(made, headers=judged.headers)
        return Response(_streamed(made), headers=judged.headers, media_type=STREAM)

    return router


def words(judged: Judged) -> str:
    """The verdict in words that no author can put there: nothing of the post is quoted."""
    verdict = f"VERDICT:{judged.ruling.verdict.upper()}"
    if judged.checked is None:
        return f"FINANCIAL_ADVICE:UNKNOWN {verdict}"
    findings = judged.checked.findings
    advice = any(each.rule == "recommendation" for each in findings)
    states = {each.integrity.upper() for each in findings if each.integrity}
    kinds = {each.kind for each in findings if each.kind}
    parts = [f"FINANCIAL_ADVICE:{'YES' if advice else 'NO'}", verdict]
    parts += [f"KINDS:{','.join(sorted(kinds))}"] if kinds else []
    return " ".join([*parts, f"DISCLAIMER:{','.join(sorted(states))}"] if states else parts)


def last_of_the_user(asked: ChatRequest) -> str:
    """The text to judge. Raises `Problem` when the user says nothing."""
    for message in reversed(asked.messages):
        if message.role == "user" and message.content is not None:
            if isinstance(message.content, str):
                return message.content
            return "\n\n".join(part.text for part in message.content if part.text)
    raise Problem(400, "invalid", "there is no message of the user")


def _post(text: str) -> Post:
    titled = TITLED.fullmatch(text)
    title, body = (titled[1] or None, titled[2]) if titled else (None, text)
    return Post("", body, title=title, origin=Origin("", 1, "chat"), format="markdown")


def _completion(content: str, size: int) -> dict[str, Any]:
    usage = {"prompt_tokens": size // 4, "completion_tokens": len(content) // 4}
    return {
        "id": f"chatcmpl-{uuid4().hex}",
        "object": "chat.completion",
        "created": int(time.time()),
        "model": f"detector-{__version__}",
        "choices": [{"index": 0, "message": {"role": "assistant", "content": content}, "finish_reason": "stop"}],
        "usage": usage | {"total_tokens": sum(usage.values())},
    }


def _streamed(made: dict[str, Any]) -> bytes:
    """The whole answer as one event, and the end."""
    message = made["choices"][0]["message"]
    chunk = made | {"object": "chat.completion.chunk"}
    chunk["choices"] = [{"index": 0, "delta": message, "finish_reason": "stop"}]
    return b"data: " + msgspec.json.encode(chunk) + b"\n\ndata: [DONE]\n\n"

"""Whatever happens to a file, its reader gives posts and rejections, and never an exception.

`FUZZ=100 pytest tests/readers/test_reader_fuzz.py -n 0` tries a hundred times as many examples.
"""

import io
import json
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from detector.post import Post, Rejected
from detector.readers import format_names, read

FUZZ = int(os.environ.get("FUZZ", "1"))
SAMPLES = sorted((Path(__file__).parent / "samples").iterdir())
GRIT = (
    b"\0",
    b"\xff",
    b'"',
    b"{",
    b"}",
    b"[",
    b"]",
    b"<",
    b">",
    b"&",
    b"\\",
    b"\\ud800",
    b"\n",
    b"null",
    b"9" * 400,
    b",",
)


def check(path: Path, format_name: str | None = None) -> None:
    for found in read([path], format_name=format_name, private_messages=True):
        assert isinstance(found, Post | Rejected)
        if isinstance(found, Post):
            said = (found.id, found.text, found.author, found.created, found.title, found.parent, found.url)
            assert all(isinstance(value, str) or value is None for value in said)
            "".join(filter(None, said)).encode()
            assert all(0 <= region.start < region.end <= len(found.text) for region in found.regions)
            assert found.origin.record > 0
        else:
            str(found).encode()


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.name)
@settings(deadline=None, max_examples=30 * FUZZ, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_damaged_samples(sample: Path, tmp_path: Path, data: st.DataObject) -> None:
    damaged = bytearray(sample.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(damaged)))
        end = data.draw(st.sampled_from([at, at + 1, at + 20, len(damaged)]))
        damaged[at:end] = data.draw(st.sampled_from((*GRIT, b"")))
    path = tmp_path / sample.name
    path.write_bytes(damaged)
    check(path)
    check(path, format_name=sample.name.partition(".")[0])


@pytest.mark.parametrize("name", format_names())
@settings(deadline=None, max_examples=15 * FUZZ, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=400) | st.text(max_size=200).map(str.encode))
def test_any_bytes_as_any_format(name: str, tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "export"
    path.write_bytes(data)
    check(path, format_name=name)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
KEYS = st.sampled_from([
    "text", "body", "id", "author", "user", "from", "messages", "object", "orderedItems", "type", "data", "comment",
    "media", "symbols", "entities", "conversation", "content", "embeds", "fields", "forwardedMessage", "reference",
    "tweet", "noteTweet", "messageCreate", "string_map_data", "to", "cc", "contentMap", "subreddit", "selftext",
    "link_id", "channel", "guild", "post", "timestamp", "title",
])  # fmt: skip
JSON_FORMATS = (
    "json",
    "jsonl",
    "reddit_dump",
    "stocktwits",
    "mastodon",
    "telegram",
    "discord",
    "facebook",
    "x_archive",
)


@pytest.mark.parametrize("name", JSON_FORMATS)
@settings(deadline=None, max_examples=25 * FUZZ, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_known_keys_with_values_of_any_shape(name: str, tmp_path: Path, data: st.DataObject) -> None:
    shape = st.dictionaries(KEYS, VALUES | st.dictionaries(KEYS, VALUES, max_size=4), max_size=6)
    records = data.draw(st.lists(shape, min_size=1, max_size=3))
    array = {"mastodon": "orderedItems", "telegram": "messages", "discord": "messages", "stocktwits": "messages"}
    out = io.StringIO()
    if name in ("jsonl", "reddit_dump"):
        out.writelines(json.dumps(record) + "\n" for record in records)
    else:
        json.dump({array[name]: records} if name in array else records, out)
    path = tmp_path / "export"
    path.write_text(out.getvalue())
    check(path, format_name=name)

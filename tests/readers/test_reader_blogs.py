"""Blogs and the comments below them, in XML: what is read from Disqus and WordPress, and what is left out."""

from pathlib import Path

import pytest
from read_samples import SAMPLES, fields, left_out, posts, read_file

from detector.post import Post, Rejected
from detector.readers import Limits


def test_disqus_keeps_html_and_answers() -> None:
    found = posts("disqus.xml")
    assert fields(found, "id", "author", "parent", "format", "text") == [
        ("30", "mei", None, "html", "<p>Wait for the <b>dip</b> &amp; buy.</p>"),
        ("31", "Uncle Lim", "30", "html", "<p>Agreed.</p>"),
    ]
    assert found[0].extra == {"community": "https://blog.example/harbour"}
    assert left_out("disqus.xml") == ["marked as spam by the site"]


def test_wordpress_reads_what_was_published() -> None:
    found = posts("wordpress.xml")
    assert fields(found, "id", "author", "parent", "title", "format") == [
        ("7", "mei", None, "Why I wait", "html"),
        ("7/c1", "Uncle Lim", "7", None, "html"),
        ("7/c2", "mei", "7/c1", None, "html"),
    ]
    assert 'Units are dear. [gallery ids="1"]' in found[0].text
    assert len(left_out("wordpress.xml")) == 3


def test_wordpress_survives_control_characters(tmp_path: Path) -> None:
    data = (SAMPLES / "wordpress.xml").read_bytes().replace(b"Units are", b"Units\x0b are")
    found = read_file(tmp_path, "blog.xml", data)
    assert isinstance(found[0], Post)
    assert "Units  are dear" in found[0].text


BILLION_LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
FILE_ENTITY = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize("attack", [BILLION_LAUGHS, FILE_ENTITY])
@pytest.mark.parametrize("name", ["disqus.xml", "wordpress.xml"])
def test_xml_entities_are_refused(tmp_path: Path, name: str, attack: str) -> None:
    head, _, rest = (SAMPLES / name).read_text().partition("?>")
    (only,) = read_file(tmp_path, name, f"{head}?>{attack}{rest}")
    assert isinstance(only, Rejected)
    assert "forbidden in an export" in only.reason


def test_xml_nested_too_deep_ends_the_file_not_the_process(tmp_path: Path) -> None:
    data = (SAMPLES / "disqus.xml").read_text().replace("Agreed.", "<a>" * 100_000 + "</a>" * 100_000)
    data = data.replace("<![CDATA[", "").replace("]]>", "")
    found = read_file(tmp_path, "a.xml", data)
    assert isinstance(found[-1], Rejected)
    assert "nested more than 1,000 deep" in found[-1].reason


def test_xml_without_an_end_gives_what_was_whole(tmp_path: Path) -> None:
    data = (SAMPLES / "disqus.xml").read_text()
    found = read_file(tmp_path, "a.xml", data[: data.index('<post dsq:id="31"') + 60])
    assert [type(record) for record in found] == [Post, Rejected]


def test_xml_text_over_the_limit_ends_the_file_not_the_process(tmp_path: Path) -> None:
    data = (SAMPLES / "disqus.xml").read_text().replace("Agreed.", "x" * 3_000_000)
    found = read_file(tmp_path, "a.xml", data, limits=Limits(record_bytes=1_000_000))
    assert [type(record) for record in found] == [Post, Rejected]
    assert "longer than 1,000,000 bytes" in str(found[1])


@pytest.mark.parametrize("above", ["\n\n    ", "\ufeff\n", "<br />\n<b>Notice</b>: Undefined index\n"])
@pytest.mark.parametrize("name", ["disqus.xml", "wordpress.xml"])
def test_what_a_site_prints_above_the_declaration_is_skipped(tmp_path: Path, name: str, above: str) -> None:
    sample = (SAMPLES / name).read_text()
    assert sample.startswith("<?xml")
    assert fields(read_posts(tmp_path, above + sample, name), "id", "text") == fields(posts(name), "id", "text")


def test_a_declaration_within_a_text_is_no_beginning(tmp_path: Path) -> None:
    _, _, sample = (SAMPLES / "wordpress.xml").read_text().partition("?>\n")
    told = sample.replace("<![CDATA[", "<![CDATA[<?xml version='1.0'?>", 1)
    assert len(read_posts(tmp_path, told, "a.xml")) == len(posts("wordpress.xml"))


def read_posts(folder: Path, content: str, name: str) -> list[Post]:
    return [record for record in read_file(folder, name, content) if isinstance(record, Post)]

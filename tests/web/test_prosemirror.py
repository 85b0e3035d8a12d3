"""ProseMirror and TipTap, as they are: decorations that are no part of the document, fixes that its own undo takes back."""

from __future__ import annotations

from importlib.resources import files

import pytest
from playwright.sync_api import Page, Route, expect
from web_pages import ADVICE, ALTERED, OpenPage, checked, panel

BODY = '<div id="post"></div>'
IMPORT = (
    'import { pm, Editor, Document, Paragraph, Text, Bold, Blockquote, HardBreak, UndoRedo } from "/site-bundle.js";\n'
)
CLASSES = "const classes = { Plugin: pm.state.Plugin, PluginKey: pm.state.PluginKey, Decoration: pm.view.Decoration, DecorationSet: pm.view.DecorationSet };\n"
PROSEMIRROR = """
const { Schema, DOMParser, DOMSerializer } = pm.model;
const schema = new Schema({
  nodes: {
    doc: { content: "block+" },
    paragraph: { content: "inline*", group: "block", parseDOM: [{ tag: "p" }], toDOM: () => ["p", 0] },
    blockquote: { content: "block+", group: "block", parseDOM: [{ tag: "blockquote" }], toDOM: () => ["blockquote", 0] },
    code_block: { content: "text*", group: "block", code: true, parseDOM: [{ tag: "pre" }], toDOM: () => ["pre", ["code", 0]] },
    hard_break: { inline: true, group: "inline", parseDOM: [{ tag: "br" }], toDOM: () => ["br"] },
    text: { group: "inline" },
  },
  marks: { strong: { parseDOM: [{ tag: "b" }], toDOM: () => ["strong", 0] } },
});
const from = new window.DOMParser().parseFromString(CONTENT, "text/html").body;
const state = pm.state.EditorState.create({
  doc: DOMParser.fromSchema(schema).parse(from),
  plugins: [pm.history.history(), pm.keymap.keymap({ "Mod-z": pm.history.undo }), pm.keymap.keymap(pm.commands.baseKeymap)],
});
const view = new pm.view.EditorView(document.querySelector("#post"), { state, attributes: { "aria-label": "Post", role: "textbox" } });
window.json = () => JSON.stringify(view.state.doc.toJSON());
window.saved = () => {
  const holder = document.createElement("div");
  holder.append(DOMSerializer.fromSchema(schema).serializeFragment(view.state.doc.content));
  return holder.innerHTML;
};
const target = view;
"""
TIPTAP = """
const target = new Editor({
  element: document.querySelector("#post"), content: CONTENT, injectCSS: false,
  extensions: [Document, Paragraph, Text, Bold, Blockquote, HardBreak, UndoRedo],
});
window.json = () => JSON.stringify(target.getJSON());
window.saved = () => target.getHTML();
"""
ATTACH = 'window.editor = attach(target, { policy: "POLICY", delay: 150, CLASSES });'
EDITORS = {"ProseMirror": PROSEMIRROR, "TipTap": TIPTAP}
DECORATED = (
    "() => [...document.querySelectorAll('.ProseMirror [class^=detector-]')].map((each) => each.textContent).join('')"
)
HIGHLIGHTED = "() => [...CSS.highlights.get('detector-warning')].map((range) => range.toString())"


@pytest.fixture(params=EDITORS)
def write(request: pytest.FixtureRequest, open_page: OpenPage, page: Page) -> OpenPage:
    bundle = files("django_prose_editor").joinpath("static/django_prose_editor/editor.js").read_text(encoding="utf-8")
    bundle = bundle.rsplit("//# sourceMappingURL", 1)[0]

    def serve(route: Route) -> None:
        route.fulfill(body=bundle, headers={"Content-Type": "text/javascript; charset=utf-8"})

    def opened(html: str, *, policy: str = "default", classes: str = "classes") -> Page:
        page.route("**/site-bundle.js", serve)
        attach = ATTACH.replace("POLICY", policy).replace("CLASSES", classes)
        html_space = 'document.querySelector("#post").style.whiteSpace = "pre-wrap";\n'
        script = IMPORT + html_space + CLASSES + EDITORS[request.param].replace("CONTENT", repr(html)) + attach
        return open_page(BODY, script)

    return opened


def test_decorations_mark_the_words_and_are_never_saved(write: OpenPage) -> None:
    page = write("<p>😀 Hello <b>there</b>.</p><p>You <b>should</b> buy TSLA now before it is too late. Bye.</p>")
    checked(page, "2 findings")
    assert page.evaluate(DECORATED) == ADVICE
    assert "detector" not in page.evaluate("window.saved()")
    assert "detector" not in page.evaluate("window.json()")


def test_decorations_move_with_typing(write: OpenPage) -> None:
    page = write(f"<p>{ADVICE}</p>")
    checked(page, "2 findings")
    page.evaluate("editor.delay = 60000")
    page.locator(".ProseMirror").click()
    page.keyboard.press("Control+Home")
    page.keyboard.type("Well. ")
    assert page.evaluate(DECORATED) == ADVICE


def test_without_its_classes_the_browsers_highlights_are_used(write: OpenPage) -> None:
    page = write(f"<p>Morning.</p><p>{ADVICE}</p>", classes="")
    checked(page, "2 findings")
    assert page.evaluate(HIGHLIGHTED) == [ADVICE]


def test_quotations_are_not_the_authors_claims(write: OpenPage) -> None:
    page = write(f"<blockquote><p>{ADVICE}</p></blockquote><p>I disagree.</p>")
    checked(page, "No findings")


def test_what_is_checked_is_what_would_be_saved(write: OpenPage) -> None:
    page = write("<p>A &amp; B &lt;c&gt;<br>two <b>three</b></p><blockquote><p>four</p></blockquote>")
    checked(page, "No findings")
    assert page.evaluate("editor.editor.read().text") == page.evaluate("window.saved()")


def test_a_fix_is_one_step_of_the_editors_own_undo(write: OpenPage) -> None:
    page = write(f"<p>Morning.</p><p>{ALTERED}</p>")
    checked(page, "1 finding")
    before = page.evaluate("window.saved()")
    page.locator(".ProseMirror").focus()
    page.keyboard.press("F8")
    panel(page).get_by_role("button", name="Restore").click()
    checked(page, "No findings")
    assert page.evaluate("window.saved()") == before.replace("low-risk", "high-risk")
    expect(page.locator(".ProseMirror")).to_be_focused()
    page.keyboard.press("Control+z")
    checked(page, "1 finding")
    assert page.evaluate("window.saved()") == before


def test_the_standard_disclaimer_becomes_a_paragraph(write: OpenPage) -> None:
    page = write("<p>Nice day on the market.</p>", policy="every_post")
    checked(page, "1 finding")
    page.locator(".pill").click()
    panel(page).get_by_role("button", name="Insert the standard disclaimer").click()
    checked(page, "No findings")
    saved = page.evaluate("window.saved()")
    assert saved.startswith("<p>Nice day on the market.</p><p>Disclaimer: Investing carries risk.")


def test_a_passage_can_be_marked_as_a_quotation(write: OpenPage) -> None:
    page = write(f"<p>My broker said:</p><p>{ADVICE}</p>")
    checked(page, "2 findings")
    page.locator(".ProseMirror").focus()
    page.keyboard.press("F8")
    panel(page).get_by_role("button", name="Mark as a quotation").click()
    checked(page, "No findings")
    assert f"<blockquote><p>{ADVICE}</p></blockquote>" in page.evaluate("window.saved()")


def test_detaching_takes_the_plugin_away(write: OpenPage) -> None:
    page = write(f"<p>{ADVICE}</p>")
    checked(page, "2 findings")
    plugins = page.evaluate("editor.editor.view.state.plugins.length")
    page.evaluate("editor.detach()")
    assert page.evaluate("editor.editor.view.state.plugins.length") == plugins - 1
    assert page.evaluate(DECORATED) == ""

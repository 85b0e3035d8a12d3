"use strict";
// Every page works without this script; it adds keys, word steps for spans, and a spoken status.
const $ = (selector) => document.querySelector(selector);
const KEYS = "detector-review-keys";
const help = $("#help");

function on() {
  try { return localStorage.getItem(KEYS) !== "off"; } catch { return true; }
}

function follow(selector) {
  const link = $(selector);
  if (link) link.click();
  return Boolean(link);
}

function walk(step) {
  const posts = [...document.querySelectorAll("#posts .open")];
  if (!posts.length) return follow(step > 0 ? ".walk a[rel=next]" : ".walk a[rel=prev]");
  const at = posts.indexOf(document.activeElement);
  const to = at < 0 ? (step > 0 ? 0 : posts.length - 1) : at + step;
  if (to >= posts.length) return follow(".pages a[rel=next]");
  if (to < 0) return follow(".pages a[rel=prev]");
  posts[to].focus();
  posts[to].closest("li").scrollIntoView({ block: "nearest" });
  return true;
}

function choose(action) {
  const radio = $(`#decide [name=action][value=${action}]`);
  if (!radio) return false;
  radio.checked = true;
  const first = { wrong_span: ".spans input", wrong_kind: ".kinds select" }[action] || "#reason";
  $(`#decide ${first}`.replace("#decide #", "#")).focus();
  return true;
}

function focusOn(selector) {
  const element = $(selector);
  if (!element) return false;
  element.focus();
  if (element.select) element.select();
  return true;
}

function openMissed() {
  const missed = $("#missed");
  if (!missed) return false;
  missed.open = true;
  if (!$("#decide [name=action]:checked")) $("#decide [name=action][value=reject]").checked = true;
  return focusOn("#missed-1");
}

function showHelp() {
  if (!help || help.open) return false;
  help.showModal();
  return true;
}

const ACTIONS = {
  j: () => walk(1),
  k: () => walk(-1),
  a: () => choose("approve"),
  r: () => choose("reject"),
  s: () => choose("wrong_span"),
  w: () => choose("wrong_kind"),
  m: openMissed,
  u: () => focusOn("#undo-reason"),
  q: () => follow("#to-queue"),
  "/": () => focusOn("#search"),
  "?": showHelp,
};

document.addEventListener("keydown", (event) => {
  const field = event.target.closest("input:not([type=radio], [type=checkbox]), select, textarea");
  if (event.key === "Escape" && field) { field.blur(); return; }
  if (field || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || (help && help.open)) return;
  const action = Object.hasOwn(ACTIONS, event.key) ? ACTIONS[event.key] : undefined;
  if (action && (on() || event.key === "?") && action()) event.preventDefault();
});

const helpButton = $("#help-button");
if (helpButton) helpButton.addEventListener("click", showHelp);
const switched = $("#keys-on");
if (switched) {
  switched.checked = on();
  switched.addEventListener("change", () => {
    try { localStorage.setItem(KEYS, switched.checked ? "on" : "off"); } catch { /* it holds for this page only */ }
  });
}

// A status that is there from the start is not read out; one that comes is.
const status = $("#status");
if (status) {
  const words = status.textContent;
  status.textContent = "";
  setTimeout(() => { status.textContent = words; }, 150);
}

// Spans: offsets are code points, as in labels; JavaScript counts UTF-16 units.
const text = $("#text");
function wholeText() {
  const part = (id) => [...document.querySelectorAll(`#${id} .t`)].map((each) => each.textContent).join("");
  const title = part("post-title");
  return Array.from(title ? `${title}\n\n${part("post-body")}` : part("post-body"));
}

function pointOf(node, offset) {
  const owner = (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest(".t");
  if (!owner) return null;
  const body = owner.closest("#post-body");
  const within = node.nodeType === Node.TEXT_NODE ? Array.from(node.data.slice(0, offset)).length : 0;
  return Number(owner.dataset.at) + within + (body ? Number(body.dataset.shift) : 0);
}

function selected() {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  const start = pointOf(range.startContainer, range.startOffset);
  const end = pointOf(range.endContainer, range.endOffset);
  return start === null || end === null || start >= end ? null : { start, end };
}

function onSelection(button, use) {
  button.hidden = false;
  button.addEventListener("mousedown", (event) => event.preventDefault()); // keeps the selection
  button.addEventListener("click", () => {
    const found = selected();
    if (found) use(found);
  });
}

function prepareMissed(whole) {
  const rows = [...document.querySelectorAll("[data-missed]")];
  const more = $("[data-more]");
  const field = (row) => row.querySelector("input");
  for (const row of rows) {
    onSelection(row.querySelector("[data-quote]"), ({ start, end }) => {
      field(row).value = whole.slice(start, end).join("").trim();
      row.querySelector("select").focus();
    });
  }
  const last = rows.findLastIndex((row) => field(row).value);
  rows.forEach((row, number) => { row.hidden = number > Math.max(last, 0); });
  const left = () => rows.filter((row) => row.hidden);
  more.hidden = left().length === 0;
  more.addEventListener("click", () => {
    const [next] = left();
    next.hidden = false;
    field(next).focus();
    more.hidden = left().length === 0;
  });
}

function prepareSpan(group, whole) {
  const edge = (name) => group.querySelector(`[name^=${name}-]`);
  const preview = group.querySelector(".preview");
  const show = () => { preview.textContent = whole.slice(edge("start").value, edge("end").value).join(""); };
  const space = (place) => place < 0 || place >= whole.length || /\s/u.test(whole[place]);
  function step(name, direction) {
    let place = Number(edge(name).value) + direction;
    const boundary = name === "start" ? () => space(place - 1) && !space(place) : () => !space(place - 1) && space(place);
    while (place > 0 && place < whole.length && !boundary()) place += direction;
    edge(name).value = Math.min(Math.max(place, 0), whole.length);
    show();
  }
  for (const button of group.querySelectorAll("[data-step]")) {
    button.hidden = false;
    button.addEventListener("click", () => step(button.dataset.edge, Number(button.dataset.step)));
  }
  onSelection(group.querySelector("[data-selection]"), ({ start, end }) => {
    edge("start").value = start;
    edge("end").value = end;
    show();
  });
  for (const name of ["start", "end"]) edge(name).addEventListener("input", show);
  show();
}

if (text) {
  const whole = wholeText();
  for (const group of document.querySelectorAll("[data-span]")) prepareSpan(group, whole);
  if ($("#missed")) prepareMissed(whole);
}

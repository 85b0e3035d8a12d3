"use strict";
// Lists the posts below the charts. Everything from a post is set as text, never as markup.

const posts = JSON.parse(document.getElementById("data").textContent);
const campaigns = JSON.parse(document.getElementById("members").textContent).map((members) => new Set(members.map(String)));
const examples = JSON.parse(document.getElementById("examples").textContent);
const form = document.getElementById("filters");
const SEVERITIES = ["notice", "warning", "error"];
const OF_FINDINGS = ["rule", "kind", "severity", "integrity"];
const FACETS = ["text", ...OF_FINDINGS, "author", "instrument", "campaign", "from", "to", "order", "size"];
const MOST_NAMES_OFFERED = 500;
const MOST_PRINTED = 500;
// Characters that change how text looks without being seen (the joiner and selectors of emoji are fine).
const UNSEEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]/;

let wanted = {};
let matching = posts;
let page = 0;

function element(name, className, ...children) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...children.filter((child) => child !== null && child !== ""));
  return made;
}

function visible(words) {
  const fragment = document.createDocumentFragment();
  let rest = words;
  for (let at = rest.search(UNSEEN); at >= 0; at = rest.search(UNSEEN)) {
    const code = rest.charCodeAt(at).toString(16).toUpperCase().padStart(4, "0");
    const control = element("span", "control", "U+" + code);
    control.title = "an unseen character of the post";
    fragment.append(rest.slice(0, at), control);
    rest = rest.slice(at + 1);
  }
  fragment.append(rest);
  return fragment;
}

function worst(findings) {
  return findings.reduce((sofar, each) => Math.max(sofar, SEVERITIES.indexOf(each.severity)), 0);
}

// ---- one post

function segment(part, post) {
  if (typeof part === "number") return element("span", "left-out", `… ${part.toLocaleString("en")} characters …`);
  if (typeof part === "string") return visible(part);
  const [words, owners] = part;
  const severity = SEVERITIES[worst(owners.map((number) => post.findings[number]))];
  return element("mark", severity, visible(words));
}

function marked(parts, post) {
  const fragment = document.createDocumentFragment();
  parts.forEach((part, at) => {
    fragment.append(segment(part, post));
    const ending = Array.isArray(part) ? part[1].filter((number) => !goesOn(parts[at + 1], number)) : [];
    if (ending.length) fragment.append(element("sup", "", ending.map((number) => number + 1).join(",")));
  });
  return fragment;
}

function goesOn(next, number) {
  return Array.isArray(next) && next[1].includes(number);
}

function difference(pieces) {
  const shown = element("p", "diff");
  const edits = [];
  pieces.forEach(([change, words, note, harm], at) => {
    const name = { deleted: "del", inserted: "ins" }[change];
    shown.append(name ? element(name, "", visible(words)) : visible(words));
    if (!name) return;
    const [nextChange, nextWords] = pieces[at + 1] || [];
    const [previousChange] = pieces[at - 1] || [];
    if (change === "inserted" && previousChange === "deleted") return; // said with the words it replaces
    const said = change === "inserted" ? `“${words.trim()}” was added` :
      nextChange === "inserted" ? `“${words.trim()}” became “${nextWords.trim()}”` : `“${words.trim()}” was removed`;
    const line = element("li", "", visible(`${said}: ${note}`), harm ? element("strong", "", ", which changes the meaning") : "");
    edits.push([harm, line]);
  });
  edits.sort(([one], [other]) => other - one); // what changes the meaning comes first
  const both = document.createDocumentFragment();
  both.append(shown, element("ul", "edits", ...edits.map(([, line]) => line)));
  return both;
}

function similar(each) {
  const [like, unlike, kind] = examples[each.id] || [];
  if (!like && !unlike) return "";
  const written = element("ul", "examples");
  if (like) written.append(element("li", "", element("strong", "", `Also ${each.words}: `), visible(`“${like}”`)));
  if (unlike) written.append(element("li", "", element("strong", "", `But ${kind}: `), visible(`“${unlike}”`)));
  const origin = element("p", "facts", "Written as examples for this program; not from the export.");
  return element("details", "", element("summary", "", "Similar passages"), written, origin);
}

function finding(each, number) {
  const item = element(
    "li", "",
    element("span", "number", String(number + 1)),
    element("span", `chip ${each.severity}`, each.severity), " ",
    element("strong", "", each.words), each.probability ? ` ${each.probability}` : "",
    each.field === "title" ? " in the title" : "",
    element("p", "", visible(each.message)),
  );
  if (each.integrity) item.append(element("p", "facts", visible(`State: ${each.integrity}, ${each.state}${each.note ? `; ${each.note}` : ""}`)));
  if (each.diff.length) item.append(difference(each.diff));
  if (each.reasons.length) item.append(element("p", "facts", "Why: ", visible(each.reasons.join(", "))));
  item.append(similar(each));
  if (each.fix) {
    item.append(element("details", "", element("summary", "", "Suggested fix"), element("p", "text", visible(each.fix))));
  }
  item.append(element("p", "facts", "Finding ", element("code", "", each.id), ` by rule ${each.rule}`));
  return item;
}

function link(post) {
  if (!/^https?:\/\//i.test(post.url)) return null;
  const anchor = element("a", "", "original");
  anchor.href = post.url;
  anchor.rel = "noopener noreferrer nofollow";
  return element("span", "", anchor);
}

function article(post) {
  const where = [post.created, `${post.file}${post.record ? `, record ${post.record}` : ""}`, post.id && `post ${post.id}`];
  const heading = element("h3", "", element("bdi", "", visible(post.author || "(no author given)")));
  const made = element(
    "article", `post ${SEVERITIES[worst(post.findings)]}`, heading,
    element("p", "where", ...where.filter(Boolean).map((fact) => element("span", "", visible(fact))), link(post)),
  );
  const said = element("div", "");
  if (post.title.length) said.append(element("p", "title text", marked(post.title, post)));
  said.append(element("p", "text", marked(post.text, post)));
  for (const paragraph of said.children) paragraph.dir = "auto";
  for (const line of post.disclaimers) said.append(element("p", "facts", visible(line)));
  made.append(element("div", "body", said, element("ol", "findings", ...post.findings.map(finding))));
  return made;
}

// ---- filters: the address after `#` is the state, so that a view can be kept and a chart can link to it

function plain(parts) {
  return parts.map((part) => (typeof part === "string" ? part : typeof part === "number" ? " " : part[0])).join("");
}

function haystack(post) {
  post.haystack ??= [
    plain(post.title), plain(post.text), post.id, post.author, post.file,
    ...post.findings.map((each) => `${each.id} ${each.message} ${each.words}`),
  ].join("\n").toLowerCase();
  return post.haystack;
}

const ORDERS = {
  new: (one, other) => (other.day || "0").localeCompare(one.day || "0"),
  old: (one, other) => (one.day || "9").localeCompare(other.day || "9"),
  file: (one, other) => one.file.localeCompare(other.file) || one.record - other.record,
};

function matches(post) {
  const isHit = (each) => OF_FINDINGS.every((facet) => !wanted[facet] || each[facet] === wanted[facet]);
  return (
    (!wanted.from || post.day >= wanted.from) &&
    (!wanted.to || (post.day && post.day <= wanted.to)) &&
    (!wanted.instrument || post.symbols.includes(wanted.instrument.toUpperCase().replace(/^\$/, ""))) &&
    (!wanted.campaign || campaigns[wanted.campaign - 1]?.has(key(post))) &&
    (!wanted.author || post.author.toLowerCase() === wanted.author.toLowerCase()) &&
    post.findings.some(isHit) &&
    (!wanted.text || haystack(post).includes(wanted.text.toLowerCase()))
  );
}

function key(post) {
  return String([post.file, post.record]);
}

function sayPitches() {
  const cells = document.querySelectorAll("td.pitch");
  const open = new Map(); // the first posts of each campaign, by key
  campaigns.forEach((members, number) => members.forEach((member) => open.set(member, number)));
  for (const post of open.size ? posts : []) {
    const cell = cells[open.get(key(post))];
    if (!cell || cell.textContent) continue;
    const passages = [...post.text, ...post.title].filter(Array.isArray).map(([words]) => words);
    if (passages.length) cell.append("“", visible(shortened(passages.reduce((one, other) => (other.length > one.length ? other : one)))), "”");
  }
}

function shortened(words) {
  return words.length > 200 ? `${Array.from(words).slice(0, 200).join("")}…` : words;
}

function apply() {
  const hash = new URLSearchParams(location.hash.slice(1));
  wanted = Object.fromEntries(FACETS.map((facet) => [facet, hash.get(facet) || ""]));
  for (const facet of FACETS) {
    if (document.activeElement !== form.elements[facet]) form.elements[facet].value = wanted[facet];
  }
  matching = posts.filter(matches);
  if (ORDERS[wanted.order]) matching.sort(ORDERS[wanted.order]);
  page = 0;
  show();
}

// What the list was narrowed to, in words: a printed page has no form to see it in.
function narrowed() {
  const asked = FACETS.filter((facet) => wanted[facet] && facet !== "order" && facet !== "size");
  return asked.map((facet) => `${form.elements[facet].labels[0].firstChild.textContent.trim().toLowerCase()} “${wanted[facet]}”`).join(", ");
}

function show(least = 0) {
  const size = Math.max(least, Number(wanted.size) || 20);
  const pages = Math.max(1, Math.ceil(matching.length / size));
  const first = page * size;
  const shown = matching.slice(first, first + size);
  document.getElementById("list").replaceChildren(...shown.map(article));
  const range = shown.length ? `, showing ${(first + 1).toLocaleString("en")} to ${(first + shown.length).toLocaleString("en")}` : "";
  const total = matching.length === posts.length ? `${posts.length.toLocaleString("en")} posts` :
    `${matching.length.toLocaleString("en")} of ${posts.length.toLocaleString("en")} posts match`;
  const only = narrowed();
  document.getElementById("matches").textContent = total + (only && ` ${only}`) + range + ".";
  document.getElementById("pages").hidden = pages === 1;
  document.getElementById("page").textContent = `Page ${page + 1} of ${pages}`;
  document.getElementById("previous").disabled = page === 0;
  document.getElementById("next").disabled = page === pages - 1;
}

function turn(by) {
  page += by;
  show();
  document.getElementById("posts").scrollIntoView();
  document.getElementById("posts").focus({ preventScroll: true });
}

function remember() {
  const entries = FACETS.map((facet) => [facet, form.elements[facet].value]).filter(([, value]) => value);
  history.replaceState(null, "", "#" + new URLSearchParams(entries));
  apply();
}

function offer(name, pick, say) {
  const counts = new Map();
  for (const post of posts) {
    for (const key of new Set(post.findings.map(pick))) if (key) counts.set(key, (counts.get(key) || 0) + 1);
  }
  for (const [key, count] of [...counts].sort((one, other) => other[1] - one[1])) {
    const option = element("option", "", `${say(key)} (${count.toLocaleString("en")})`);
    option.value = key;
    form.elements[name].append(option);
  }
}

function offerNames(list, pick) {
  const counts = new Map();
  for (const post of posts) for (const name of pick(post)) counts.set(name, (counts.get(name) || 0) + 1);
  const ordered = [...counts].filter(([name]) => name).sort((one, other) => other[1] - one[1]);
  const options = ordered.slice(0, MOST_NAMES_OFFERED).map(([name]) => {
    const option = document.createElement("option");
    option.value = name;
    return option;
  });
  document.getElementById(list).append(...options);
}

function start() {
  const kindWords = new Map(posts.flatMap((post) => post.findings.map((each) => [each.kind, each.words])));
  offer("rule", (each) => each.rule, (rule) => rule.replaceAll("_", " "));
  offer("kind", (each) => each.kind, (kind) => kindWords.get(kind));
  offer("severity", (each) => each.severity, (severity) => severity);
  offer("integrity", (each) => each.integrity, (integrity) => integrity);
  sayPitches();
  offerNames("authors", (post) => [post.author]);
  offerNames("instruments", (post) => post.symbols);
  let waiting = 0;
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(remember, 200);
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(remember));
  document.getElementById("previous").addEventListener("click", () => turn(-1));
  document.getElementById("next").addEventListener("click", () => turn(1));
  addEventListener("hashchange", () => {
    if (!location.hash.includes("=")) return; // a link to a section
    apply();
    document.getElementById("posts").scrollIntoView();
  });
  addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.target.closest("input, select, textarea")) return;
    event.preventDefault();
    form.elements.text.focus();
  });
  // Paper cannot turn pages: print all that match, unless they would fill a book.
  const all = () => page === 0 && matching.length > (Number(wanted.size) || 20) && matching.length <= MOST_PRINTED;
  addEventListener("beforeprint", () => { if (all()) show(MOST_PRINTED); });
  addEventListener("afterprint", () => { if (all()) show(); });
  form.hidden = false;
  apply();
}

if (posts.length) start();

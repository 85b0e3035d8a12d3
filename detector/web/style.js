// How it looks. Constructed style sheets: allowed under a content security policy without 'unsafe-inline'.

const COLOURS = `
  :host {
    --surface: #ffffff; --ink: #1b1f24; --quiet: #57606a; --line: #d4d8dd; --soft: #f3f4f5; --accent: #1f4e79;
    --error: #a3202a; --warning: #8a5a00; --notice: #1f5f9e; --fine: #27693c;
    --error-mark: #fbdfe1; --warning-mark: #fdedc8; --notice-mark: #dcebfa; --fine-mark: #d9f0df;
    color-scheme: light;
  }
  @media (prefers-color-scheme: dark) {
    :host {
      --surface: #1f242a; --ink: #e8eaed; --quiet: #a5adb6; --line: #3d444d; --soft: #2a3037; --accent: #8dbbe8;
      --error: #ff9d98; --warning: #f0c163; --notice: #8fc3f7; --fine: #84d19c;
      --error-mark: #56242a; --warning-mark: #4b3a10; --notice-mark: #1b3a58; --fine-mark: #1d4429;
      color-scheme: dark;
    }
  }
`;

/** Underlines differ in line as well as in colour, which not everybody sees. */
const UNDERLINES = `
  ::highlight(detector-error) { text-decoration: underline solid #d1242f 2px; background-color: rgb(209 36 47 / 12%); }
  ::highlight(detector-warning) { text-decoration: underline wavy #b26a00 1.5px; background-color: rgb(219 143 0 / 10%); }
  ::highlight(detector-notice) { text-decoration: underline dotted #2f7fd0 2px; background-color: rgb(47 127 208 / 8%); }
  .detector-error { text-decoration: underline solid #d1242f 2px; background-color: rgb(209 36 47 / 12%); }
  .detector-warning { text-decoration: underline wavy #b26a00 1.5px; background-color: rgb(219 143 0 / 10%); }
  .detector-notice { text-decoration: underline dotted #2f7fd0 2px; background-color: rgb(47 127 208 / 8%); }
`;

const PARTS = `
  * { box-sizing: border-box; }
  .unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
  .layer { position: absolute; left: 0; top: 0; pointer-events: none; }
  .mirror { position: absolute; overflow: hidden; color: transparent; pointer-events: none; user-select: none; }
  .mirror > div { overflow-wrap: break-word; min-height: 100%; }
  .boxes { position: absolute; left: 0; top: 0; }
  .box { position: absolute; border-bottom: 2px dotted #2f7fd0; }
  .box.warning { border-bottom: 2px dashed #b26a00; }
  .box.error { border-bottom: 2px solid #d1242f; }

  .pill, .panel, .gate, .gate-note { font: 400 15px/1.5 system-ui, "Segoe UI", Roboto, sans-serif; color: var(--ink); text-align: start; }
  .pill {
    position: absolute; width: max-content; padding: 1px 11px; border: 1px solid var(--line); border-radius: 99px;
    background: var(--surface); font-size: 13px; line-height: 22px; cursor: pointer; box-shadow: 0 1px 3px rgb(0 0 0 / 12%);
  }
  .pill[hidden] { display: none; }
  .pill:disabled { cursor: default; color: var(--quiet); }
  .pill::before { content: ""; display: inline-block; width: 8px; height: 8px; margin-inline-end: 7px; border-radius: 50%; background: var(--quiet); }
  .pill[data-state="fine"]::before { background: var(--fine); }
  .pill[data-state="notice"]::before { background: var(--notice); border-radius: 2px; }
  .pill[data-state="warning"]::before { background: var(--warning); border-radius: 0; rotate: 45deg; }
  .pill[data-state="error"]::before { background: var(--error); border-radius: 0; }
  .pill[data-state="unchecked"]::before { background: none; border: 2px solid var(--quiet); }
  .pill[data-state="checking"]::before { background: none; border: 2px solid var(--quiet); border-top-color: transparent; }

  .panel {
    position: fixed; inset: auto; margin: 0; width: min(25rem, calc(100vw - 16px)); max-height: min(32rem, calc(100vh - 16px));
    overflow: auto; padding: 0; border: 1px solid var(--line); border-top: 4px solid var(--notice); border-radius: 8px;
    background: var(--surface); box-shadow: 0 8px 28px rgb(0 0 0 / 22%); overscroll-behavior: contain;
  }
  .panel[data-severity="warning"] { border-top-color: var(--warning); }
  .panel[data-severity="error"] { border-top-color: var(--error); }
  .panel .head { display: flex; flex-wrap: wrap; align-items: baseline; gap: 2px 10px; padding: 12px 16px 0; }
  h2 { margin: 0; font-size: 17px; line-height: 1.3; font-weight: 650; text-wrap: balance; }
  .panel h2 { flex: 1 1 12rem; }
  .severity { flex-basis: 100%; font-size: 12px; font-weight: 650; letter-spacing: .05em; text-transform: uppercase; color: var(--notice); }
  .severity.warning { color: var(--warning); }
  .severity.error { color: var(--error); }
  .certainty { color: var(--quiet); font-size: 13px; white-space: nowrap; }
  .explanation { padding: 4px 16px 12px; }
  .explanation p { margin: 6px 0 0; }
  blockquote { margin: 8px 0; padding: 2px 0 2px 10px; border-inline-start: 3px solid var(--line); color: var(--quiet); overflow-wrap: anywhere; }
  .reasons { display: flex; flex-wrap: wrap; align-items: center; gap: 6px; margin-top: 10px; font-size: 13px; color: var(--quiet); }
  .reasons ul { display: contents; list-style: none; }
  .reasons li { display: block; padding: 0 8px; border-radius: 4px; background: var(--warning-mark); color: var(--ink); overflow-wrap: anywhere; }
  .diff { padding: 8px 10px; border-radius: 6px; background: var(--soft); white-space: pre-wrap; overflow-wrap: anywhere; font-size: 14px; }
  del { padding: 0 2px; border-radius: 2px; color: var(--error); background: var(--error-mark); text-decoration: line-through; }
  ins { padding: 0 2px; border-radius: 2px; color: var(--fine); background: var(--fine-mark); text-decoration: underline; }
  details { margin-top: 10px; font-size: 14px; color: var(--quiet); }
  summary { cursor: pointer; color: var(--accent); width: max-content; }
  .source { font-size: 12.5px; }
  .fixes { display: grid; gap: 6px; padding: 0 16px 12px; }
  .fixes:empty { padding: 0; }
  .fixes[aria-busy]::after { content: "Looking for fixes…"; padding: 0 16px 12px; font-size: 13px; color: var(--quiet); }
  button { font: inherit; color: inherit; }
  .fixes button, .buttons button {
    display: block; width: 100%; padding: 7px 12px; text-align: start; border: 1px solid var(--line); border-radius: 6px;
    background: var(--soft); cursor: pointer;
  }
  .fixes button:hover, .buttons button:hover { border-color: var(--accent); }
  .fixes strong { display: block; font-weight: 600; color: var(--accent); }
  .preview { display: block; font-size: 13px; line-height: 1.4; color: var(--quiet); overflow-wrap: anywhere; }
  .panel .foot { position: sticky; bottom: 0; background: var(--surface); display: flex; align-items: center; gap: 6px; padding: 6px 10px 6px 16px; border-top: 1px solid var(--line); font-size: 13px; color: var(--quiet); }
  .position { margin-inline-end: auto; font-variant-numeric: tabular-nums; }
  .panel .foot button { padding: 2px 10px; min-width: 30px; min-height: 28px; border: 1px solid transparent; border-radius: 5px; background: none; cursor: pointer; color: var(--ink); }
  .panel .foot button:hover { background: var(--soft); }
  .step { font-size: 18px; line-height: 1; }
  :focus-visible { outline: 3px solid var(--accent); outline-offset: 1px; }
  .panel:focus-visible, dialog:focus-visible { outline-offset: -3px; }

  .gate { width: min(34rem, calc(100vw - 32px)); padding: 20px 24px; border: 1px solid var(--line); border-radius: 10px; background: var(--surface); box-shadow: 0 12px 40px rgb(0 0 0 / 30%); }
  .gate::backdrop { background: rgb(10 14 18 / 45%); }
  .gate ul { margin: 8px 0 16px; padding: 0; list-style: none; display: grid; gap: 10px; }
  .gate li { padding-inline-start: 12px; border-inline-start: 4px solid var(--notice); }
  .gate li.warning { border-color: var(--warning); }
  .gate li.error { border-color: var(--error); }
  .gate strong, .gate li span, .gate q { display: block; overflow-wrap: anywhere; }
  .gate q { color: var(--quiet); font-size: 14px; }
  .gate p { margin: 8px 0; }
  .buttons { display: flex; flex-wrap: wrap; gap: 8px; justify-content: end; }
  .buttons button { width: auto; padding-inline: 18px; }
  .buttons .main { background: var(--accent); border-color: var(--accent); color: var(--surface); }
  .gate-note { margin: 6px 0 0; font-size: 14px; color: var(--quiet); }
  .gate-note:empty { margin: 0; }

  @media (prefers-reduced-motion: no-preference) {
    .pill[data-state="checking"]::before { animation: turn .9s linear infinite; }
    .panel:popover-open, .gate[open] { animation: appear .12s ease-out; }
    @keyframes turn { to { rotate: 1turn; } }
    @keyframes appear { from { opacity: 0; translate: 0 4px; } }
  }
  @media (forced-colors: active) {
    .panel, .gate, .pill { border: 1px solid CanvasText; }
    .pill::before { forced-color-adjust: none; }
  }
`;

/** @type {Map<string, CSSStyleSheet>} */
const made = new Map();

/** @param {string} text */
function sheet(text) {
  const known = made.get(text);
  if (known) return known;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  made.set(text, sheet);
  return sheet;
}

/** Gives a shadow root its looks, and the document the looks of underlines. @param {ShadowRoot} root */
export function adopt(root) {
  root.adoptedStyleSheets = [sheet(COLOURS), sheet(UNDERLINES), sheet(PARTS)];
  if (!document.adoptedStyleSheets.includes(sheet(UNDERLINES))) {
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet(UNDERLINES)];
  }
}

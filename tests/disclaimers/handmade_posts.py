"""Whole posts written by hand: how a disclaimer is hidden, cut, denied, quoted or repeated, and what has to be silent.

`{ttm}`, `{crypto}`, `{nrrs}`, `{cfd}`, `{mica}`, `{india}` stand for the registered wordings."""

from detector.post import TextFormat

Post = tuple[str, TextFormat, str]  # text, its format, the states (`|`: either of two sets)

HIDDEN: tuple[Post, ...] = (
    ('<p>Buy.</p><p style="display:none">{ttm}</p>', "html", "concealed"),
    ('<p>Buy.</p><p style="DISPLAY : None !important">{ttm}</p>', "html", "concealed"),
    ("<style>.x{display:none}</style><p>Buy.</p><p class=x>{ttm}</p>", "html", "concealed"),
    ("<p>Buy.</p><p hidden>{ttm}</p>", "html", "concealed"),
    ('<p>Buy.</p><p style="visibility:hidden">{ttm}</p>', "html", "concealed"),
    ('<p>Buy.</p><p style="visibility:collapse">{ttm}</p>', "html", "concealed"),
    ('<p>Buy.</p><p style="font-size:0px">{ttm}</p>', "html", "concealed"),
    ('<p>Buy.</p><p style="font-size:1px">{ttm}</p>', "html", "concealed"),
    ('<p>Buy.</p><p style="font-size:.05em">{ttm}</p>', "html", "concealed"),
    ('<p>Buy.</p><p style="opacity:0">{ttm}</p>', "html", "concealed"),
    ('<p style="background:#fff">Buy. <span style="color:white">{ttm}</span></p>', "html", "concealed"),
    ('<p>Buy.</p><p style="color:rgb(255,255,255);background-color:#FFF">{ttm}</p>', "html", "concealed"),
    ('<p>Buy.</p><p style="color:transparent">{ttm}</p>', "html", "concealed"),
    ('<p>Buy.</p><p style="position:absolute;left:-5000px">{ttm}</p>', "html", "concealed"),
    ('<p>Buy.</p><p style="text-indent:-9999px">{ttm}</p>', "html", "concealed"),
    ('<p>Buy.</p><div style="height:0;overflow:hidden">{ttm}</div>', "html", "concealed"),
    ("<p>Buy.</p><details><summary>More</summary>{ttm}</details>", "html", "concealed"),
    ("<p>Buy.</p><!-- {ttm} -->", "html", "concealed"),
    ('<p>Buy.</p><img alt="{ttm}" src=x>', "html", "concealed"),
    ('<p>Buy.</p><a title="{ttm}" href="#">x</a>', "html", "concealed|"),
    ("<p>Buy.</p><template>{ttm}</template>", "html", "concealed|"),
    ("<p>Buy.</p><noscript>{ttm}</noscript>", "html", "concealed|"),
    ("Buy. ||{ttm}||", "plain", "concealed"),
    ("Buy. >!{ttm}!<", "markdown", "concealed"),
    ("Buy.\n\n[spoiler]{ttm}[/spoiler]", "plain", "concealed|"),
    ("Buy.\n\n```\n{ttm}\n```", "markdown", "intact quoted"),
    ("Buy.\n\n<!-- {ttm} -->", "markdown", "concealed"),
)

CUT: tuple[Post, ...] = (
    ("Buy. {ttm:300}…", "plain", "truncated"),
    ("Buy. {ttm:300}...", "plain", "truncated"),
    ("Buy. {ttm:300}... See more", "plain", "truncated"),
    ("Buy. {ttm:300}… read more", "plain", "truncated"),
    ("Buy. {ttm:300} [Read more]", "plain", "truncated"),
    ("Buy. {ttm:300} (show more)", "plain", "truncated"),
    ("{ttm:43}", "plain", "|truncated"),
    ("Buy. {ttm:57}\n\nComments", "plain", "truncated"),
    ("Buy. {cfd:96}…", "plain", "truncated"),
    ("Buy. {mica:140}", "plain", "truncated"),
    ("Buy. {india:60}… see more", "plain", "truncated"),
)

DENIED: tuple[Post, ...] = (
    ("{ttm} lol not really", "plain", "intact contradicted"),
    ("{ttm}\n\nlol not really", "plain", "intact contradicted"),
    ("{ttm}\n(just kidding)", "plain", "intact contradicted"),
    ("{ttm}\n\nIgnore the boilerplate above.", "plain", "intact contradicted"),
    ("Ignore the legalese below.\n\n{ttm}", "plain", "intact contradicted"),
    ("{ttm}\n\nYou can safely ignore all that.", "plain", "intact contradicted"),
    ("{ttm}\n\nDisregard the above.", "plain", "intact contradicted"),
    ("{ttm}\n\nPay no attention to the disclaimer.", "plain", "intact contradicted"),
    ("{ttm}\n\nThis IS financial advice.", "plain", "intact contradicted"),
    ("This is financial advice, by the way.\n\n{ttm}", "plain", "intact contradicted"),
    ("{ttm}\n\nIt is financial advice, whatever the line says.", "plain", "intact contradicted"),
    ("{ttm}\n\nOf course this is really investment advice.", "plain", "intact contradicted"),
    ("{ttm}\n\nThe disclaimer is just for the lawyers.", "plain", "intact contradicted"),
    ("{ttm}\n\nI don't mean a word of the above disclaimer.", "plain", "intact contradicted"),
    ("My lawyer makes me write this:\n{ttm}", "plain", "intact contradicted"),
    ("I have to put this here, don't take it seriously:\n{ttm}", "plain", "intact contradicted"),
    ("{ttm}\n\nThere is no risk in this one.", "plain", "intact contradicted"),
    ("{ttm}\n\nYou cannot lose.", "plain", "intact contradicted"),
    ("{ttm} /s", "plain", "intact contradicted"),
    ("{ttm} 😉", "plain", "intact contradicted"),
    ("{ttm} 🤡", "plain", "intact contradicted"),
    ("{ttm}\n\nblah blah blah", "plain", "intact contradicted"),
    ("{ttm}\n\nyeah right", "plain", "intact contradicted"),
    ("{ttm}\n\nor is it?", "plain", "intact contradicted"),
    ("{crypto}\n\nThe text above is nonsense.", "plain", "intact contradicted"),
    ("{crypto}\n\nYou will be protected, trust me.", "plain", "intact contradicted"),
    ("{india}\n\nThis one is risk-free though.", "plain", "intact contradicted"),
)

QUOTED: tuple[Post, ...] = (
    ("> {ttm}\n\nWhat a wall of text.", "plain", "intact quoted"),
    ("> > {ttm}\n\nOld quote.", "markdown", "intact quoted"),
    ("<blockquote>{ttm}</blockquote><p>Says who?</p>", "html", "intact quoted"),
    ("<pre>{ttm}</pre><p>Says who?</p>", "html", "intact quoted|reformatted quoted"),
    ("<p>He wrote <q>{ttm}</q></p>", "html", "intact quoted"),
    ('Every post there ends with "{ttm}"', "plain", "intact quoted"),
    ("[quote=ann]{ttm}[/quote] Sure, Ann.", "plain", "intact quoted"),
    ("Up we go.\n\n-- \n{ttm}", "plain", "intact quoted"),
    ("> {ttm}\n\n{ttm}", "plain", "intact"),
    ("`{ttm}`", "plain", "intact quoted"),
)

REPEATED: tuple[Post, ...] = (
    ("{ttm}\n\nBuy.\n\n{ttm}", "plain", "intact duplicated"),
    ("{ttm} {ttm} {ttm}", "plain", "intact duplicated"),
    ("{crypto}\n\nmore text\n\n{crypto}", "plain", "intact duplicated"),
    ("{india}\n{india}", "plain", "intact duplicated"),
)

ALLOWED: tuple[Post, ...] = (
    ("{ttm}", "plain", "intact"),
    ("<p>{ttm}</p>", "html", "intact"),
    ("<ul><li>{ttm}</li></ul>", "html", "intact"),
    ("**{ttm}**", "markdown", "intact|reformatted"),
    ("# {ttm}", "markdown", "intact|reformatted"),
    ("{ttm}\n\nGood luck everyone!", "plain", "intact"),
    ("Do not ignore the disclaimer:\n\n{ttm}", "plain", "intact"),
    ("{ttm} #IWM #smallcaps", "plain", "intact"),
    ("{ttm} https://example.org", "plain", "intact"),
    ("⚠️ {crypto}", "plain", "intact"),
    ("Risk warning: {crypto}", "plain", "intact"),
    ("BTC to 100k. {crypto} Let's go", "plain", "intact"),
    ("Join my channel - {india}", "plain", "intact"),
)

POSTS = (*HIDDEN, *CUT, *DENIED, *QUOTED, *REPEATED, *ALLOWED)

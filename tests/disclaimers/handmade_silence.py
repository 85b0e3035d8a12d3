"""Posts in which no registered text stands, changed or not: talk about disclaimers, jokes, other people's texts."""

ABOUT = (
    "Every post here carries a disclaimer that investing carries risk; nobody reads it.",
    "The disclaimer says this is not financial advice, as always.",
    "Do you know what the disclaimer under the posts means by solicitation?",
    "Why do they say that the content should not be regarded as an offer? Strange wording.",
    "I read the whole disclaimer: risk, no advice, no offer, general information, no warranty. Fine.",
    "TTM assumes no responsibility, so who does?",
    "The platform takes no responsibility for the accuracy of the information, which is a shame.",
    "As they say, investors should do their own research before investing.",
    "Always seek professional advice before you invest.",
    "The FCA wants firms to say that you should not expect to be protected if something goes wrong.",
    "UK ads now say that crypto is a high-risk investment. Good.",
    "The new rule: tell people not to invest unless they're prepared to lose all the money they invest.",
    "I was prepared to lose all the money. And I did.",
    "Only invest money that you are prepared to lose, that's what I tell my kids.",
    "74% of retail accounts lose money, so 26% do not. I like my odds.",
    "Brokers must print the percentage of retail investor accounts that lose money when trading CFDs.",
    "CFDs are complex, leverage is a double-edged sword, and I lost money rapidly last year.",
    "Do you understand how CFDs work? I wrote a guide for beginners.",
    "MiCA asks for a sentence that no competent authority has approved the white paper.",
    "The offeror is solely responsible for what it writes, under MiCA.",
    "In India every advert ends with 'subject to market risks' spoken at double speed.",
    "Mutual funds: read the documents. Carefully. Before investing. That's the whole tip.",
    "Is 'past performance is no guarantee' a legal requirement?",
    "They removed the disclaimer from the app, did anyone else notice?",
    "Where can I find the text of the standard disclaimer?",
    "My post was flagged because the disclaimer was missing. Sorry, mods!",
    "Somebody altered the disclaimer in his post and got banned.",
    "What is the difference between the crypto and the NRRS warning? The last clause.",
    "The risk warning has to be at the top, not behind 'see more'.",
    "Options involve risk, obviously, and they are not suitable for my mother.",
)
JOKES = (
    "Disclaimer: I hold a bag of chips and no shares.",
    "Disclaimer: investing carries the risk of becoming my brother-in-law.",
    "This is not financial advice, this is a cry for help.",
    "Not a financial advisor, just a guy with a spreadsheet.",
    "This is not investment advice, it's a haiku.",
    "Don't invest unless you're prepared to refresh the chart 400 times a day.",
    "Don't invest unless you're prepared to lose your hair.",
    "Don't date unless you're prepared to lose all the money you invest.",
    "This is a high-risk relationship and you should not expect to be protected.",
    "100% of retail investors in my family lose money when trading anything.",
    "Professional advice: seek it. Unprofessional advice: right here.",
    "I assume no responsibility for the accuracy of my dart throwing.",
    "The above content should be regarded as poetry.",
    "For entertainment only. I am a dog.",
    "Investment in pizza is subject to oven risks.",
    "If something goes wrong, blame Powell.",
)
OTHERS = (
    (
        "The information provided here is for informational purposes only and does not constitute financial advice."
        " Please consult a qualified adviser before making any investment decisions."
    ),
    "Nothing in this newsletter is an offer or solicitation to buy or sell any security. Do your own due diligence.",
    "Trading futures and forex carries substantial risk of loss and is not suitable for every investor.",
    "Past performance does not guarantee future results. All investments involve risk, including loss of principal.",
    "The views expressed are my own and do not reflect those of my employer.",
    "Capital at risk. The value of investments can go down as well as up and you may get back less than you put in.",
    "Cryptocurrency trading is subject to high market risk. Please make your trades cautiously.",
    "Securities products: not FDIC insured, no bank guarantee, may lose value.",
    "This material has been prepared for general information and should not be relied upon as investment advice.",
    "Neither the author nor the publisher accepts liability for any loss arising from the use of this information.",
    "We may receive a commission if you open an account through our links.",
    "The author holds a beneficial long position in the shares of the company through stock ownership.",
    "Spread bets and CFDs are leveraged products and can result in losses that exceed deposits.",
    (
        "Any opinions, news, research, analyses, prices or other information are provided as general market commentary"
        " and do not constitute investment advice."
    ),
    "Your capital is at risk. Tax treatment depends on your individual circumstances and may change.",
    (
        "General advice only. It has been prepared without taking into account your objectives, financial situation or"
        " needs. Consider the product disclosure statement before deciding."
    ),
    "This is general advice and does not consider your personal circumstances. Read the PDS and TMD first.",
    "Registration granted by the regulator and certification in no way guarantee performance of the intermediary.",
    "Examples are for illustration only and not a recommendation of any security.",
    "By joining you agree that we are not registered advisers and that all decisions are yours alone.",
)
PARTS = (
    "Investing carries risk.",
    "This is not financial",
    "should not be considered as such either",
    "for general information purpose only",
    "your own investment objectives, financial situations or needs",
    "Don't invest unless",
    "This is a high-risk investment.",
    "if something goes wrong.",
    "losing money rapidly due to leverage",
    "any competent authority in any Member State",
    "Read all the related documents carefully.",
    "financial advice disclaimer investing carries risk financial products warranty accuracy research",
)
SILENT = (*ABOUT, *JOKES, *OTHERS, *PARTS)

window.YTD.tweets.part0 = [
  {
    "tweet" : {
      "id_str" : "1001",
      "created_at" : "Thu Feb 29 10:00:00 +0000 2024",
      "full_text" : "$SHRT looks tired &amp; I sold half.",
      "lang" : "en",
      "entities" : { "symbols" : [ { "text" : "SHRT" } ], "urls" : [ ] }
    }
  },
  {
    "tweet" : {
      "id_str" : "1002",
      "created_at" : "Thu Feb 29 11:00:00 +0000 2024",
      "full_text" : "And the rest goes at 1.20.",
      "lang" : "en",
      "in_reply_to_status_id_str" : "1001"
    }
  }
]

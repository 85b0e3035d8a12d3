window.YTD.note_tweet.part0 = [
  { "noteTweet" : { "noteTweetId" : "2001", "createdAt" : "2024-02-29T12:00:00.000Z", "core" : { "text" : "A long note about harbours.", "cashtags" : [ ] } } },
  { "noteTweet" : { "noteTweetId" : "2002", "noteTweetResults" : { "text" : "Another shape of note." }, "tweetId" : "1003" } }
];

"""A process to be killed: decides without end, and says each decision's number once it was acknowledged."""

import itertools
import sys

from store_samples import check, decision

from detector.service.store.store import Store

store = Store.open(sys.argv[1], keep_text=True)
for number in itertools.count():
    about = check(f"{sys.argv[2]}-{number}", f"{sys.argv[2]} {number}", ())
    seq = store.decide(decision(about, reason=about.post_id))
    sys.stdout.write(f"{seq} {about.post_id}\n")
    sys.stdout.flush()

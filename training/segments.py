"""End to end: the model on passages that our own pipeline finds, matched to the labelled ones by overlap."""

from __future__ import annotations

import numpy as np
from spacy.language import Language

from detector.pipeline.model import Model
from detector.reading import KINDS, Judgement
from training.corpus import Corpus
from training.evaluate import Scored, scored_by
from training.labelled import LabelledPassage


def segmented(corpus: Corpus, model: Model, nlp: Language) -> Scored:
    """Give each labelled passage the highest probability among our passages that share most of either with it."""
    if "passages" not in nlp.pipe_names:
        nlp.add_pipe("passages")
    probability, kinds = np.zeros(len(corpus.passages)), np.zeros((len(corpus.passages), len(KINDS)))
    number = 0
    docs = nlp.pipe(post.text for post in corpus.posts)
    for post, doc in zip(corpus.posts, docs, strict=True):
        judgements = model.judge([doc], [doc._.passages])[0].judgements
        for passage in post.passages:
            matched = [one for one in judgements if _mostly_shared(one, passage)]
            if matched:
                best = max(matched, key=lambda one: one.probability)
                probability[number], kinds[number] = best.probability, list(best.kinds.values())
            else:
                kinds[number, KINDS.index("other")] = 1.0
            number += 1
    return scored_by(corpus, corpus.kind >= 0, probability, kinds)


def _mostly_shared(judgement: Judgement, passage: LabelledPassage) -> bool:
    shared = min(judgement.end, passage.end) - max(judgement.start, passage.start)
    return 2 * shared > min(judgement.end - judgement.start, passage.end - passage.start)

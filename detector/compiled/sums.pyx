# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""The innermost loops of the classifier, compiled.

Each function says which NumPy code it stands for. That is the definition, is used where no compiler was at hand, and
tests hold both to the same results: places and hashes to the last bit, sums of floats but for the order of adding.
"""

import numpy as np

from cpython.dict cimport PyDict_GetItem
from cpython.object cimport PyObject
from cpython.unicode cimport PyUnicode_DecodeASCII
from libc.math cimport expf, sqrt
from libc.string cimport memcpy, memset
from libc.stdint cimport int8_t, int32_t, int64_t, uint8_t, uint32_t, uint64_t

cdef extern from *:
    """
    #if defined(__GNUC__) || defined(__clang__)
    #define FETCH(address) __builtin_prefetch(address)
    #else
    #define FETCH(address)
    #endif
    """
    void FETCH(const void* address) noexcept nogil

ctypedef fused weight_t:
    float
    int8_t

cdef enum:
    MOST_OUTPUTS = 128
    MOST_COLUMNS = 64
    ROWS_AT_ONCE = 1024
    MOST_CHARACTERS = 64
    MOST_GRAMS = 192

cdef uint64_t FIRST = 0x9E3779B97F4A7C15ULL
cdef uint64_t SECOND = 0xD6E8FEB86659FD93ULL
cdef uint64_t BIGRAM = <uint64_t>1 << 32, SKIP = <uint64_t>2 << 32
cdef uint64_t CLASSES = <uint64_t>3 << 32, CLASS_WORD = <uint64_t>4 << 32, WORD_CLASS = <uint64_t>5 << 32


# Hashes: `features_hash.py`.

cdef inline uint64_t combine(uint64_t left, uint64_t right) noexcept nogil:
    cdef uint64_t mixed = (left ^ (right * FIRST)) * SECOND
    return mixed ^ (mixed >> 32)


cdef inline uint64_t finish(uint64_t hashed) noexcept nogil:
    return combine(hashed, hashed >> 32)


cdef inline uint64_t chain(uint64_t name, const uint64_t* parts, int count) noexcept nogil:
    cdef int at
    for at in range(count):
        name = combine(name, parts[at])
    return finish(name)


cdef inline uint64_t chain1(uint64_t name, uint64_t a) noexcept nogil:
    return finish(combine(name, a))


cdef inline uint64_t chain2(uint64_t name, uint64_t a, uint64_t b) noexcept nogil:
    return finish(combine(combine(name, a), b))


cdef inline uint64_t chain3(uint64_t name, uint64_t a, uint64_t b, uint64_t c) noexcept nogil:
    return finish(combine(combine(combine(name, a), b), c))


cdef inline uint64_t chain4(uint64_t name, uint64_t a, uint64_t b, uint64_t c, uint64_t d) noexcept nogil:
    return finish(combine(combine(combine(combine(name, a), b), c), d))


# Tokens: `LexemeTable.rows` and `features.read_batch`.

def known_rows(dict row_of, list words, int64_t[::1] rows, int64_t[::1] sizes):
    """`features_lexemes.known_rows`."""
    cdef Py_ssize_t at
    cdef PyObject* found
    cdef dict missing = {}
    for at in range(len(words)):
        if rows[at] >= 0:
            continue
        word = <str>words[at]
        found = PyDict_GetItem(row_of, word)
        sizes[at] = len(<str>word)
        if found is NULL:
            missing[word] = None
            rows[at] = -1
        else:
            rows[at] = <int64_t><object>found
    return list(missing)


def new_rows(const int64_t[::1] used, uint8_t[::1] held):
    """`features_lexemes.new_rows`, in the order of their use."""
    cdef Py_ssize_t at, count = 0
    cdef int64_t[::1] found = np.empty(used.shape[0], dtype=np.int64)
    for at in range(used.shape[0]):
        if not held[used[at]]:
            held[used[at]] = 1
            found[count] = used[at]
            count += 1
    return np.asarray(found)[:count]


def insert_words(table, list words, Py_ssize_t first, known, read, string_id, tuple shapes, Py_ssize_t longest):
    """Write new words into rows of the table from `first` on; `read` is `features_lexemes._read`.

    Words of ASCII letters are read here; `shapes` are the numbers of a word, a title, a shout and a ticker.
    """
    cdef int64_t[::1] kinds = table.kinds, verbs = table.verbs, lengths = table.lengths
    cdef uint64_t[::1] norms = table.norms, all_flags = table.flags
    cdef uint8_t[::1] shouts = table.shouts.view(np.uint8)
    cdef list texts = table.words
    cdef dict of_lexicon = known.words, pictures = known.pictures
    cdef int of_word = shapes[0], of_title = shapes[1], of_shout = shapes[2], of_ticker = shapes[3]
    cdef Py_ssize_t row = first, size, capitals
    cdef PyObject* found
    cdef str word, normal
    for word in words:
        size, capitals = len(word), 0
        normal = small_letters(word, &capitals) if size <= longest else None
        if normal is None or normal in pictures:
            kinds[row], verbs[row], all_flags[row], shouts[row], normal = read(word, known)
        else:
            shouts[row] = size > 1 and capitals == size
            found = PyDict_GetItem(of_lexicon, normal)
            if found is not NULL:
                kinds[row], verbs[row], all_flags[row] = <object>found
            else:
                verbs[row] = all_flags[row] = 0
                if capitals == size:
                    kinds[row] = of_ticker if 2 <= size <= 5 else of_shout
                else:
                    kinds[row] = of_title if <uint32_t><Py_UCS4>word[0] < 97 else of_word
        lengths[row] = size
        norms[row] = string_id(normal)
        texts.append(normal)
        row += 1


cdef str small_letters(str word, Py_ssize_t* capitals):
    """A word in small letters, with its capitals counted; None if it is not of ASCII letters, or has three alike in a row."""
    cdef char[MOST_CHARACTERS] letters
    cdef Py_ssize_t at, size = len(word)
    cdef uint32_t letter
    for at in range(size):
        letter = <Py_UCS4>word[at]
        if 65 <= letter <= 90:
            capitals[0] += 1
            letter += 32
        elif not 97 <= letter <= 122:
            return None
        letters[at] = letter
        if at > 1 and letters[at] == letters[at - 1] and letters[at] == letters[at - 2]:
            return None
    return PyUnicode_DecodeASCII(letters, size, NULL)


cdef inline int64_t first_from(const int64_t[::1] places, int64_t left, int64_t right, int64_t wanted) noexcept nogil:
    """The first of the ascending places from `left` to `right` that is `wanted` or more; `right` if none is."""
    cdef int64_t middle
    while left < right:
        middle = (left + right) // 2
        if places[middle] < wanted:
            left = middle + 1
        else:
            right = middle
    return left


def batch_columns(
    const int64_t[::1] rows, const int64_t[::1] sizes, const int64_t[::1] counts, const int64_t[::1] text_sizes,
    const int64_t[:, ::1] edges, const int64_t[::1] per_post, table, const uint8_t[::1] is_number,
    int space, int dollar, int cashtag, int longest_section,
):
    """The columns of `features.Batch`, in their order."""
    cdef const int64_t[::1] kinds = table.kinds, verbs = table.verbs, lengths = table.lengths
    cdef const uint64_t[::1] norms = table.norms, all_flags = table.flags
    cdef const uint8_t[::1] shouts = table.shouts.view(np.uint8)
    cdef Py_ssize_t passages = edges.shape[0], tokens = rows.shape[0]
    cdef int64_t[::1] starts = np.empty(tokens, dtype=np.int64), ends = np.empty(tokens, dtype=np.int64)
    cdef int64_t[::1] low = np.empty(passages, dtype=np.int64), high = np.empty(passages, dtype=np.int64)
    cdef int64_t[::1] first = np.empty(passages, dtype=np.int64), size = np.empty(passages, dtype=np.int64)
    cdef int64_t[::1] post = np.empty(passages, dtype=np.int64), section = np.empty(passages, dtype=np.int64)
    cdef int64_t[::1] rank = np.empty(passages, dtype=np.int64), per_section = np.empty(passages, dtype=np.int64)
    cdef Py_ssize_t doc, at, number, of_doc, token = 0, passage = 0, total = 0, sections = 0
    cdef int64_t begin, offset, parts, part, inside
    for doc in range(counts.shape[0]):
        begin, offset = token, 0
        for at in range(counts[doc]):
            starts[token] = offset
            ends[token] = offset + lengths[rows[token]]
            offset += sizes[token]
            token += 1
        of_doc = per_post[doc]
        parts = max((of_doc + longest_section - 1) // longest_section, 1)
        part, inside = 0, 0
        while part < parts and inside == of_doc * (part + 1) // parts - of_doc * part // parts:
            part += 1
        for number in range(of_doc):
            post[passage] = doc
            section[passage] = sections + part
            rank[passage] = inside
            per_section[passage] = of_doc * (part + 1) // parts - of_doc * part // parts
            inside += 1
            if inside == per_section[passage]:
                part, inside = part + 1, 0
            low[passage] = first_from(ends, begin, token, min(edges[passage, 0], text_sizes[doc]) + 1)
            high[passage] = max(first_from(starts, begin, token, min(edges[passage, 1], text_sizes[doc])), low[passage])
            first[passage] = total
            for at in range(low[passage], high[passage]):
                total += kinds[rows[at]] != space
            size[passage] = total - first[passage]
            passage += 1
        sections += parts
    cdef int64_t[::1] row = np.empty(total, dtype=np.int64), kind = np.empty(total, dtype=np.int64)
    cdef int64_t[::1] verb = np.empty(total, dtype=np.int64), owner = np.empty(total, dtype=np.int64)
    cdef int64_t[::1] place = np.empty(total, dtype=np.int64)
    cdef int64_t[::1] start = np.empty(total, dtype=np.int64), end = np.empty(total, dtype=np.int64)
    cdef uint64_t[::1] norm = np.empty(total, dtype=np.uint64), flags = np.empty(total, dtype=np.uint64)
    cdef uint8_t[::1] shout = np.empty(total, dtype=np.uint8)
    cdef int64_t here, what, previous
    token = 0
    for passage in range(passages):
        previous = -1
        for at in range(low[passage], high[passage]):
            here = rows[at]
            what = kinds[here]
            if what == space:
                continue
            row[token] = here
            norm[token] = norms[here]
            verb[token] = verbs[here]
            flags[token] = all_flags[here]
            shout[token] = shouts[here]
            owner[token] = passage
            place[token] = token - first[passage]
            start[token], end[token] = starts[at], ends[at]
            kind[token] = cashtag if previous == dollar and not is_number[what] else what
            previous = what
            token += 1
    return tuple(map(np.asarray, (
        row, norm, kind, verb, flags, np.asarray(shout).view(np.bool_), owner, place, start, end, first, size, post,
        section, rank, per_section,
    )))


# Features: `features_grams.py`, `features_voice.py`.

def word_grams(batch):
    """The hashes of `features_grams.word_grams`."""
    cdef const uint64_t[::1] norm = batch.norm
    cdef const int64_t[::1] place = batch.place
    cdef Py_ssize_t at, count = norm.shape[0]
    cdef uint64_t[:, ::1] found = np.empty((count, 3), dtype=np.uint64)
    cdef uint64_t two, three, bigram
    for at in range(count):
        two = norm[at - 1] if place[at] > 0 else 0
        three = norm[at - 2] if place[at] > 1 else 0
        bigram = combine(norm[at] ^ BIGRAM, two)
        found[at, 0] = bigram
        found[at, 1] = combine(bigram, three)
        found[at, 2] = combine(norm[at] ^ SKIP, three)
    return np.asarray(found)


def class_grams(batch):
    """The hashes of `features_grams.class_grams`."""
    cdef const uint64_t[::1] norm = batch.norm
    cdef const int64_t[::1] place = batch.place, kind = batch.kind
    cdef Py_ssize_t at, back, count = norm.shape[0]
    cdef uint64_t[:, ::1] found = np.empty((count, 6), dtype=np.uint64)
    cdef uint64_t gram
    for at in range(count):
        gram = <uint64_t>kind[at] ^ CLASSES
        for back in range(1, 5):
            gram = combine(gram, <uint64_t>kind[at - back] if place[at] >= back else 0)
            found[at, back - 1] = gram
        found[at, 4] = combine(norm[at] ^ CLASS_WORD, <uint64_t>kind[at - 1] if place[at] else 0)
        found[at, 5] = combine(<uint64_t>kind[at] ^ WORD_CLASS, norm[at - 1] if place[at] else 0)
    return np.asarray(found)


cdef inline int64_t class_of(uint64_t flags, const uint64_t[::1] classes) noexcept nogil:
    """The first of the classes that a token is in, from 1; 0 for none."""
    cdef Py_ssize_t at
    if flags:
        for at in range(classes.shape[0]):
            if flags & classes[at]:
                return at + 1
    return 0


def verbs(
    batch, const int64_t[::1] at, const uint64_t[::1] people, const uint64_t[::1] modals, uint64_t negation,
    const uint8_t[::1] openers, int ask, int forms, int near,
):
    """The hashes of `features_voice.verb_columns`; the tokens `at` ascend."""
    cdef const uint64_t[::1] norm = batch.norm, flags = batch.flags
    cdef const int64_t[::1] kind = batch.kind, verb = batch.verb, first = batch.first, size = batch.size
    cdef Py_ssize_t passage, token, end, found = 0
    cdef uint64_t[:, ::1] hashes = np.empty((at.shape[0], 11), dtype=np.uint64)
    cdef int64_t person, modal, last_person, last_modal, last_negation, number, asks
    cdef uint64_t v, group, form, who, mood, no, left, right, following, opens, word
    cdef uint64_t[7] parts
    for passage in range(first.shape[0]):
        end = first[passage] + size[passage]
        asks = 0
        for token in range(first[passage], end):
            asks |= kind[token] == ask
        person = modal = 0
        last_person = last_modal = last_negation = -1
        for token in range(first[passage], end):
            if verb[token] > 0:
                v, word = verb[token], norm[token]
                group, form = (v - 1) // forms, (v - 1) % forms
                who = 0 if last_person < 0 else person + 8 * (token - last_person > near)
                mood = modal if last_modal >= 0 and token - last_modal <= near else 0
                no = last_negation >= 0 and token - last_negation <= near
                left = kind[token - 1] if token > first[passage] else 0
                right = kind[token + 1] if token + 1 < end else 0
                following = norm[token + 1] if token + 1 < end else 0
                opens = 1 + (token > first[passage]) if openers[left] else 0
                hashes[found, 0] = chain2(20, v, who)
                hashes[found, 1] = chain3(21, v, mood, no)
                hashes[found, 2] = chain4(22, form, who, mood, no)
                hashes[found, 3] = chain3(23, word, opens, right)
                hashes[found, 4] = chain3(24, v, who, asks)
                hashes[found, 5] = chain3(25, v, left, right)
                hashes[found, 6] = chain4(26, form, who, mood, opens)
                parts = [group, form, who, mood, no, opens, asks]
                hashes[found, 7] = chain(27, parts, 7)
                hashes[found, 8] = chain3(28, v, opens, asks)
                hashes[found, 9] = chain3(29, v, opens, following)
                hashes[found, 10] = chain3(30, word, who, mood)
                found += 1
            number = class_of(flags[token], people)
            if number:
                person, last_person = number, token
            number = class_of(flags[token], modals)
            if number:
                modal, last_modal = number, token
            if flags[token] & negation:
                last_negation = token
    return np.asarray(hashes)


cdef inline uint64_t core_forms(uint64_t verb_bits, const uint64_t[::1] masks) noexcept nogil:
    cdef Py_ssize_t bit
    cdef uint64_t found = 0
    for bit in range(masks.shape[0]):
        found |= <uint64_t>((verb_bits & masks[bit]) != 0) << bit
    return found


cdef inline int64_t rounded_log2(int64_t value) noexcept nogil:
    """The logarithm of a positive number, rounded down."""
    cdef int64_t found = 0
    while value > 1:
        value >>= 1
        found += 1
    return found


def passages(
    batch, uint64_t people_mask, const uint64_t[::1] form_masks, const uint64_t[::1] labels,
    const uint8_t[::1] is_number,
    int ask,
):
    """The hashes of `features_voice.passage_columns`."""
    cdef const uint64_t[::1] norm = batch.norm, flags = batch.flags
    cdef const int64_t[::1] kind = batch.kind, verb = batch.verb, first = batch.first, size = batch.size
    cdef const int64_t[::1] section = batch.section, ranks = batch.rank, per_section = batch.per_section
    cdef const uint8_t[::1] shout = batch.shout.view(np.uint8)
    cdef Py_ssize_t passage, token, end, step, bit, count = first.shape[0]
    cdef uint64_t[:, ::1] held = np.zeros((count, 6), dtype=np.uint64)  # people, verbs, asks, signal, whole, shouting
    cdef uint64_t[:, ::1] found = np.empty((count, 25), dtype=np.uint64)
    cdef uint64_t all_flags, trading, shape, whole, previous, following, people, forms, asks, signal
    cdef uint64_t opening, second, third, word, last
    cdef int64_t rank, left, length, numbers, shouted, asked
    cdef bint near, has_before, has_behind
    for passage in range(count):
        end = first[passage] + size[passage]
        all_flags = trading = shape = whole = 0
        numbers = shouted = asked = 0
        for token in range(first[passage], end):
            all_flags |= flags[token]
            asked |= kind[token] == ask
            shouted += shout[token]
            numbers += is_number[kind[token]]
            whole += chain2(5, norm[token], token - first[passage])
            if verb[token] > 0:
                trading |= <uint64_t>1 << (verb[token] - 1)
            if verb[token] > 0 or flags[token]:
                near = False
                for step in range(1, 4):
                    if token + step < end and is_number[kind[token + step]]:
                        near = True
                if near:
                    for bit in range(labels.shape[0]):
                        shape |= <uint64_t>((flags[token] & labels[bit]) != 0) << bit
                    shape |= <uint64_t>(verb[token] > 0) << labels.shape[0]
        held[passage, 0] = all_flags & people_mask
        held[passage, 1] = trading
        held[passage, 2] = asked
        held[passage, 3] = shape << 2 | <uint64_t>min(numbers, 3)
        held[passage, 4] = whole
        held[passage, 5] = <uint64_t>(<double>shouted / <double>max(size[passage], 1) * 4)
    for passage in range(count):
        end = first[passage] + size[passage]
        has_before = passage > 0 and section[passage - 1] == section[passage]
        has_behind = passage + 1 < count and section[passage + 1] == section[passage]
        people, trading, asks, signal = held[passage, 0], held[passage, 1], held[passage, 2], held[passage, 3]
        forms = core_forms(trading, form_masks)
        previous = held[passage - 1, 1] + 1 if has_before else 0
        following = held[passage + 1, 1] + 1 if has_behind else 0
        length = min(2 * rounded_log2(size[passage] + 1), 20)
        rank = min(ranks[passage], 4)
        left = min(per_section[passage] - 1 - ranks[passage], 4)
        token = first[passage]
        word = norm[token] if size[passage] > 0 else 0
        opening = kind[token] if size[passage] > 0 else 0
        second = kind[token + 1] if size[passage] > 1 else 0
        third = kind[token + 2] if size[passage] > 2 else 0
        last = kind[end - 1] if size[passage] > 0 else 0
        found[passage, 0] = chain1(40, word)
        found[passage, 1] = chain2(41, word, norm[token + 1] if size[passage] > 1 else 0)
        found[passage, 2] = chain3(42, opening, second, third)
        found[passage, 3] = chain2(43, opening, asks)
        found[passage, 4] = chain1(44, norm[end - 1] if size[passage] > 0 else 0)
        found[passage, 5] = chain2(45, kind[end - 2] if size[passage] > 1 else 0, last)
        found[passage, 6] = chain2(46, people, asks)
        found[passage, 7] = chain3(47, people, forms, asks)
        found[passage, 8] = chain2(48, opening, people)
        found[passage, 9] = chain1(49, trading)
        found[passage, 10] = chain3(50, rank, left, length)
        found[passage, 11] = chain2(51, length, asks)
        found[passage, 12] = chain2(52, rounded_log2(per_section[passage] + 1), rank)
        found[passage, 13] = chain1(53, signal)
        found[passage, 14] = chain3(54, signal, people != 0, forms)
        found[passage, 15] = chain1(55, previous)
        found[passage, 16] = chain2(56, core_forms(previous, form_masks), forms)
        found[passage, 17] = chain1(57, following)
        found[passage, 18] = chain2(58, core_forms(following, form_masks), forms)
        found[passage, 19] = chain2(59, held[passage - 1, 0] + 1 if has_before else 0, people)
        found[passage, 20] = chain1(60, first_word(norm, first, size, passage - 1) + 1 if has_before else 0)
        found[passage, 21] = chain1(61, first_word(norm, first, size, passage + 1) + 1 if has_behind else 0)
        found[passage, 22] = chain1(62, held[passage, 4])
        found[passage, 23] = chain2(63, held[passage - 1, 2] + 1 if has_before else 0, asks)
        found[passage, 24] = chain2(64, held[passage, 5], length)
    return np.asarray(found)


cdef inline uint64_t first_word(
    const uint64_t[::1] norm, const int64_t[::1] first, const int64_t[::1] size, Py_ssize_t passage
) noexcept nogil:
    return norm[first[passage]] if size[passage] > 0 else 0


# Sums: `features_linear.py`.

ctypedef fused sum_t:
    float
    int32_t


cdef inline void add_weights(sum_t* total, const weight_t* weights, int outputs) noexcept nogil:
    """Add a row of weights: as they are, or the signed squares of the bytes that hold their roots."""
    cdef int output
    cdef int32_t root
    for output in range(outputs):
        if weight_t is int8_t and sum_t is int32_t:
            root = weights[output]
            total[output] += root * (root if root >= 0 else -root)
        elif weight_t is float and sum_t is float:
            total[output] += weights[output]


cdef inline void fetch(const weight_t* weights, int outputs) noexcept nogil:
    """Have a row of weights brought nearer, which may lie across two lines of the cache."""
    FETCH(weights)
    FETCH(weights + outputs - 1)


def add_hashed(
    float[:, ::1] scores, const weight_t[:, ::1] weights, const float[::1] steps, const uint64_t[:, ::1] hashes,
    const int64_t[::1] owner, const float[::1] value, const int64_t[::1] place, int bits,
):
    """Add what a block's features bring to the scores of their owners; `place` is each owner's row, or negative."""
    cdef Py_ssize_t row, begin, end, column, columns = hashes.shape[1], rows = hashes.shape[0]
    cdef int outputs = weights.shape[1], output, shift = 64 - bits
    cdef int64_t here
    cdef float[MOST_OUTPUTS] total
    cdef int32_t[MOST_OUTPUTS] packed
    cdef uint64_t[MOST_COLUMNS] index
    begin = 0
    while begin < rows:
        here = owner[begin]
        end = begin + 1
        while end < rows and owner[end] == here:
            end += 1
        if place[here] >= 0:
            for output in range(outputs):
                total[output] = 0
                packed[output] = 0
            for row in range(begin, end):
                for column in range(columns):
                    index[column] = hashes[row, column] >> shift
                    fetch(&weights[index[column], 0], outputs)
                for column in range(columns):
                    if weight_t is int8_t:
                        add_weights(packed, &weights[index[column], 0], outputs)
                    else:
                        add_weights(total, &weights[index[column], 0], outputs)
                if weight_t is int8_t and (row == end - 1 or (row - begin) % ROWS_AT_ONCE == 0):
                    for output in range(outputs):  # before an integer overflows, wherever in the batch this is
                        total[output] += <float>packed[output] * steps[output]
                        packed[output] = 0
            for output in range(outputs):
                scores[place[here], output] += total[output] * value[here]
        begin = end


cdef inline float shrink(int64_t size) noexcept nogil:
    return <float>(1 / sqrt(<double>max(size, 1)))


def add_words(float[:, ::1] scores, const float[:, ::1] known, batch, const int64_t[::1] place):
    """Add what words bring one by one, to their own passage and around it; `known` has four heads a row of the table.

    Only sections in which a passage is wanted are looked at.
    """
    cdef const int64_t[::1] row = batch.row, first = batch.first, size = batch.size, section = batch.section
    cdef Py_ssize_t outputs = scores.shape[1], width = known.shape[1], passages = first.shape[0]
    cdef Py_ssize_t low = 0, high, passage, output, longest = 0
    cdef int64_t tokens
    cdef float own, whole, near
    cdef bint wanted
    while low < passages:  # how much room the longest section needs
        high = low
        while high < passages and section[high] == section[low]:
            high += 1
        longest, low = max(longest, high - low), high
    cdef float[:, ::1] sums = np.empty((longest, width), dtype=np.float32)
    cdef float[::1] of_section = np.empty(outputs, dtype=np.float32)
    low = 0
    while low < passages:
        high, wanted = low, False
        while high < passages and section[high] == section[low]:
            wanted |= place[high] >= 0
            high += 1
        if wanted:
            tokens = 0
            for passage in range(low, high):
                sum_rows(&sums[passage - low, 0], known, row, first[passage], size[passage])
                tokens += size[passage]
            whole = shrink(tokens)
            for output in range(outputs):
                of_section[output] = 0
                for passage in range(low, high):
                    of_section[output] += sums[passage - low, 3 * outputs + output]
            for passage in range(low, high):
                if place[passage] < 0:
                    continue
                own = shrink(size[passage])
                for output in range(outputs):
                    near = 0
                    if passage > low:
                        near += sums[passage - low - 1, outputs + output] * shrink(size[passage - 1])
                    if passage + 1 < high:
                        near += sums[passage - low + 1, 2 * outputs + output] * shrink(size[passage + 1])
                    near += of_section[output] * whole
                    scores[place[passage], output] += sums[passage - low, output] * own + near
        low = high


cdef inline void sum_rows(
    float* total, const float[:, ::1] known, const int64_t[::1] row, int64_t first, int64_t size
) noexcept nogil:
    cdef Py_ssize_t at, output, width = known.shape[1]
    cdef const float* added
    for output in range(width):
        total[output] = 0
    for at in range(first, first + size):
        added = &known[row[at], 0]
        for output in range(width):
            total[output] += added[output]


cdef Py_ssize_t character_grams(str word, int smallest, int largest, int shift, uint64_t* index) noexcept:
    """Which weights a word's character n-grams own (`features_lexemes.character_grams`), of a word's first characters."""
    cdef uint64_t[MOST_CHARACTERS] codes
    cdef Py_ssize_t at, step, size, known = 0, length = min(len(word), MOST_CHARACTERS - 2) + 2
    cdef uint64_t hashed
    codes[0] = 60  # <
    for at in range(length - 2):
        codes[at + 1] = <Py_UCS4>word[at]
    codes[length - 1] = 62  # >
    for at in range(length - smallest + 1):
        for size in range(smallest, min(largest, length - at) + 1):
            hashed = size
            for step in range(at, at + size):
                hashed = combine(hashed, codes[step])
            index[known] = finish(hashed) >> shift
            known += 1
    return known


cdef inline void add_rows(
    float* sums, const weight_t[:, ::1] weights, const float[::1] steps, const uint64_t* index, Py_ssize_t count,
    float value,
) noexcept nogil:
    """Add rows of weights, each counted by the value."""
    cdef int outputs = weights.shape[1], output
    cdef Py_ssize_t at
    cdef float[MOST_OUTPUTS] total
    cdef int32_t[MOST_OUTPUTS] packed
    for at in range(count):
        fetch(&weights[index[at], 0], outputs)
    for output in range(outputs):
        total[output] = 0
        packed[output] = 0
    for at in range(count):
        if weight_t is int8_t:
            add_weights(packed, &weights[index[at], 0], outputs)
        else:
            add_weights(total, &weights[index[at], 0], outputs)
    for output in range(outputs):
        if weight_t is int8_t:
            total[output] = <float>packed[output] * steps[output]
        sums[output] += total[output] * value


def learn_words(
    float[:, ::1] known, const weight_t[:, ::1] weights, const float[::1] steps, const int64_t[::1] rows, list words,
    const uint64_t[::1] norms, const float[::1] heads, int first_head, float characters, int smallest, int largest,
    int bits,
):
    """Write what new rows of the table bring, by head (`LinearStage.lexemes`); `words` and `norms` are the table's."""
    cdef Py_ssize_t number, head, heads_at_all = heads.shape[0], outputs = weights.shape[1], output, at, side
    cdef int64_t row
    cdef uint64_t[2][MOST_GRAMS] index  # of one word while those of the next are on their way from memory
    cdef Py_ssize_t[2] count
    for number in range(rows.shape[0] + 1):
        if number < rows.shape[0]:
            row, side = rows[number], number & 1
            for head in range(heads_at_all):
                index[side][head] = chain1(first_head + head, norms[row]) >> (64 - bits)
            count[side] = heads_at_all + character_grams(
                <str>words[row], smallest, largest, 64 - bits, &index[side][heads_at_all]
            )
            for at in range(count[side]):
                fetch(&weights[index[side][at], 0], outputs)
        if number:
            row, side = rows[number - 1], (number - 1) & 1
            for output in range(known.shape[1]):
                known[row, output] = 0
            for head in range(heads_at_all):
                add_rows(&known[row, head * outputs], weights, steps, &index[side][head], 1, heads[head])
            add_rows(
                &known[row, 0], weights, steps, &index[side][heads_at_all], count[side] - heads_at_all, characters
            )


def learn_vectors(
    float[:, ::1] vectors, const float[:, ::1] word, const float[:, ::1] flag, const float[:, ::1] gram,
    const int64_t[::1] rows, table, int word_bits, int gram_bits, int smallest, int largest,
):
    """Write the vectors of new rows of the table (`SecondStage._new_words`)."""
    cdef list words = table.words
    cdef const uint64_t[::1] norms = table.norms, flags = table.flags
    cdef const uint8_t[::1] shouts = table.shouts.view(np.uint8)
    cdef Py_ssize_t number, at, bit, classes = flag.shape[0] - 1, width = vectors.shape[1], grams
    cdef int64_t row
    cdef uint64_t[MOST_GRAMS] index
    cdef const float* added
    for number in range(rows.shape[0]):
        row = rows[number]
        grams = character_grams(<str>words[row], smallest, largest, 64 - gram_bits, index)
        for at in range(width):
            vectors[row, at] = 0
        if grams:
            add_rows[float](&vectors[row, 0], gram, None, index, grams, 1)
            for at in range(width):
                vectors[row, at] /= <float>grams
        for bit in range(classes):
            if flags[row] >> bit & 1:
                for at in range(width):
                    vectors[row, at] += flag[bit, at]
        if shouts[row]:
            for at in range(width):
                vectors[row, at] += flag[classes, at]
        added = &word[norms[row] >> (64 - word_bits), 0]
        for at in range(width):
            vectors[row, at] += added[at]


def spread(
    float[::1] tokens, const float[:, ::1] weights, const uint64_t[:, ::1] hashes, const int64_t[::1] owner,
    const int64_t[::1] token, const float[::1] value, const int64_t[::1] first, const int64_t[::1] widths, int bits,
):
    """Add what each feature brings to the tokens that it spans, in equal parts (`model_reasons`)."""
    cdef Py_ssize_t row, column, back
    cdef float each
    for row in range(hashes.shape[0]):
        for column in range(hashes.shape[1]):
            each = weights[hashes[row, column] >> (64 - bits), 0] * value[owner[row]] / <float>widths[column]
            for back in range(widths[column]):
                tokens[max(token[row] - back, first[owner[row]])] += each


# The second stage: `second_stage.py`, `second_stage_layout.py`.

def lay_out(const int64_t[::1] rows, batch, int most_before, int most_own, int most_behind, int gap):
    """The columns of `second_stage_layout.Layout`."""
    cdef const int64_t[::1] first = batch.first, size = batch.size, rank = batch.rank, per_section = batch.per_section
    cdef Py_ssize_t passages = rows.shape[0], number, places = 0, stretch, at
    cdef int64_t[:, ::1] starts = np.empty((passages, 4), dtype=np.int64)
    cdef int64_t[:, ::1] held = np.empty((passages, 3), dtype=np.int64)
    cdef int64_t row
    for number in range(passages):
        row = rows[number]
        held[number, 0] = min(size[row - 1], most_before) if rank[row] > 0 else 0
        held[number, 1] = min(size[row], most_own)
        held[number, 2] = min(size[row + 1], most_behind) if rank[row] < per_section[row] - 1 else 0
        starts[number, 0] = places
        starts[number, 1] = places + held[number, 0] + 1
        starts[number, 2] = starts[number, 1] + held[number, 1]
        starts[number, 3] = starts[number, 2] + 1 + held[number, 2]
        places = starts[number, 3] + gap
    cdef int64_t[::1] token = np.full(places, -1, dtype=np.int64), part = np.empty(places, dtype=np.int64)
    for number in range(passages):
        row = rows[number]
        for at in range(held[number, 0]):
            token[starts[number, 0] + at] = first[row] - held[number, 0] + at
        for at in range(held[number, 1]):
            token[starts[number, 1] + at] = first[row] + at
        for at in range(held[number, 2]):
            token[starts[number, 2] + 1 + at] = first[row + 1] + at
        for stretch in range(3):
            for at in range(starts[number, stretch], starts[number, stretch + 1]):
                part[at] = stretch
        for at in range(starts[number, 3], starts[number, 3] + gap):
            part[at] = 3
    return np.asarray(token), np.asarray(part), np.asarray(starts)


def signal(
    const float[:, ::1] vectors, const int64_t[::1] row, const int64_t[::1] kind, const int64_t[::1] token,
    const int64_t[::1] part, const float[:, :, ::1] beside, int separator, int gap,
):
    """`SecondStage._signal`, of words whose vectors are known; `beside` is what part and class add to a word."""
    cdef Py_ssize_t places = token.shape[0], width = vectors.shape[1], at, column
    cdef float[:, ::1] found = np.zeros((places, width), dtype=np.float32)
    cdef const float* word
    cdef const float* added
    for at in range(places):
        if part[at] == gap:
            continue
        if token[at] < 0:
            memcpy(&found[at, 0], &beside[part[at], separator, 0], width * sizeof(float))
            continue
        word, added = &vectors[row[token[at]], 0], &beside[part[at], kind[token[at]], 0]
        for column in range(width):
            found[at, column] = word[column] + added[column]
    return np.asarray(found)


def windows(const float[:, ::1] signal, int step):
    """`second_stage.windows`."""
    cdef Py_ssize_t places = signal.shape[0], width = signal.shape[1], at, part, source
    cdef float[:, ::1] found = np.empty((places, 3 * width), dtype=np.float32)
    for at in range(places):
        for part in range(3):
            source = at + (part - 1) * step
            if 0 <= source < places:
                memcpy(&found[at, part * width], &signal[source, 0], width * sizeof(float))
            else:
                memset(&found[at, part * width], 0, width * sizeof(float))
    return np.asarray(found)


def rectify(float[:, ::1] found, const float[::1] bias, const int64_t[::1] part, int gap, const float[:, ::1] signal):
    """`second_stage.rectify`."""
    cdef Py_ssize_t width = found.shape[1], at, column
    cdef float value
    for at in range(found.shape[0]):
        if part[at] == gap:
            memset(&found[at, 0], 0, width * sizeof(float))
            continue
        for column in range(width):
            value = found[at, column] + bias[column]
            found[at, column] = value if value > 0 else 0
        if signal is not None:
            for column in range(width):
                found[at, column] += signal[at, column]


def pool(
    const float[:, ::1] signal, const int64_t[:, ::1] starts, const float[:, ::1] place, const float[::1] attention,
    float bias,
):
    """The rows of `SecondStage._pool`: highest and mean of the passage, highest before and behind, its place."""
    cdef Py_ssize_t width = signal.shape[1], passages = starts.shape[0], passage, at, column
    cdef float[:, ::1] found = np.zeros((passages, 4 * width + place.shape[1]), dtype=np.float32)
    cdef float raw, share, total
    cdef float* own
    cdef float* mean
    for passage in range(passages):
        own = &found[passage, 0]
        mean = own + width
        highest(own + 2 * width, signal, starts[passage, 0], starts[passage, 1])
        highest(own, signal, starts[passage, 1], starts[passage, 2])
        highest(own + 3 * width, signal, starts[passage, 2], starts[passage, 3])
        total = 0
        for at in range(starts[passage, 1], max(starts[passage, 2], starts[passage, 1] + 1)):
            raw = bias
            for column in range(width):
                raw += signal[at, column] * attention[column]
            share = expf(min(max(raw, -25), 25))
            total += share
            for column in range(width):
                mean[column] += signal[at, column] * share
        for column in range(width):
            mean[column] /= total
        for column in range(place.shape[1]):
            found[passage, 4 * width + column] = place[passage, column]
    return np.asarray(found)


cdef inline void highest(
    float* found, const float[:, ::1] signal, int64_t start, int64_t end
) noexcept nogil:
    cdef Py_ssize_t at, column
    for column in range(signal.shape[1]):
        found[column] = signal[start, column]
    for at in range(start + 1, end):
        for column in range(signal.shape[1]):
            found[column] = max(found[column], signal[at, column])

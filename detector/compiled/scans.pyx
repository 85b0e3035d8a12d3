# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""Text, character by character: what regular expressions say of it, where most of it is plain.

Whatever is not plain here is left to the regular expression that the function stands for.
"""

from cpython.unicode cimport PyUnicode_DATA, PyUnicode_KIND, PyUnicode_Substring
from libc.stdint cimport uint32_t

cdef extern from "Python.h":
    bint Py_UNICODE_ISSPACE(uint32_t character) noexcept nogil
    bint Py_UNICODE_ISDECIMAL(uint32_t character) noexcept nogil
    uint32_t PyUnicode_READ(int kind, const void* data, Py_ssize_t at) noexcept nogil

cdef enum:
    LETTER = 1  # ASCII
    CAPITAL = 2
    DIGIT = 4
    ENDS_WORD = 8  # a space, `,`, `!`, `?`, a line's end or `)`: behind these letters or figures a token is sure to end
    ALONE = 16  # signs that are a token of their own, whatever stands beside them
    SIGN = 32  # signs that stand for letters
    PARTS = 64  # signs that part the letters of a word
    LETTER_BEYOND = 128

cdef unsigned char[128] CLASSES

cdef void classify(str characters, int what):
    for character in characters:
        CLASSES[<int>ord(character)] |= what

classify("abcdefghijklmnopqrstuvwxyz", LETTER)
classify("ABCDEFGHIJKLMNOPQRSTUVWXYZ", LETTER | CAPITAL)
classify("0123456789", DIGIT | SIGN)
classify(" ,!?\n)", ENDS_WORD)
classify(",!?()[]{}\"#$%*/>\\^`|", ALONE)
classify("@$!|+", SIGN)
classify(" .*_~-", PARTS)


cdef inline int class_of(uint32_t character) noexcept:
    if character < 128:
        return CLASSES[character]
    if character == 0x17F or character == 0x212A:  # small forms of these are ASCII letters
        return LETTER_BEYOND
    if character == 0xB7:  # ·
        return PARTS
    if character == 0x20AC:  # €
        return SIGN
    return DIGIT | SIGN if Py_UNICODE_ISDECIMAL(character) else 0


cdef inline int class_at(int kind, const void* data, Py_ssize_t at, Py_ssize_t size) noexcept:
    """Of the character there; 0 where there is none."""
    return class_of(PyUnicode_READ(kind, data, at)) if 0 <= at < size else 0


cdef inline uint32_t character_at(int kind, const void* data, Py_ssize_t at, Py_ssize_t size) noexcept:
    return PyUnicode_READ(kind, data, at) if 0 <= at < size else 0


def spaced_words(str text, match, frozenset abbreviations):
    """`tokens.TOKEN.findall(text)`, of which `match` is the `match`; `abbreviations` keep their full stop."""
    cdef Py_ssize_t size = len(text), at = 0, end
    cdef int kind = PyUnicode_KIND(text), here
    cdef const void* data = PyUnicode_DATA(text)
    cdef uint32_t character, behind
    cdef list words = []
    while at < size:
        character = PyUnicode_READ(kind, data, at)
        here = class_of(character)
        end = at + 1
        if here & (LETTER | DIGIT):
            while class_at(kind, data, end, size) & here & (LETTER | DIGIT):
                end += 1
            if end < size:
                behind = PyUnicode_READ(kind, data, end)
                if here & DIGIT and behind == 44 and class_at(kind, data, end + 1, size) & DIGIT:  # 1,000
                    end = 0
                elif behind == 46 and here & LETTER and end + 1 < size:  # a full stop
                    if not Py_UNICODE_ISSPACE(PyUnicode_READ(kind, data, end + 1)):
                        end = 0
                    elif PyUnicode_Substring(text, at, end) in abbreviations:
                        end = 0
                elif behind >= 128 or not CLASSES[behind] & ENDS_WORD:
                    end = 0
        elif here & ALONE:
            pass
        elif Py_UNICODE_ISSPACE(character):
            while end < size and Py_UNICODE_ISSPACE(PyUnicode_READ(kind, data, end)):
                end += 1
            words.append(PyUnicode_Substring(text, at, end))
            at = end
            continue
        elif not (character == 46 and (end == size or Py_UNICODE_ISSPACE(PyUnicode_READ(kind, data, end)))):
            end = 0
        if not end:
            found = match(text, at)
            words.append(found.group())
            at = found.end()
            continue
        if end < size and PyUnicode_READ(kind, data, end) == 32:
            end += 1
        words.append(PyUnicode_Substring(text, at, end))
        at = end
    return words


def runs(str text, set known, Py_ssize_t shortest):
    """The runs of ASCII letters that are at least so long and not among the known ones."""
    cdef Py_ssize_t size = len(text), at = 0, end
    cdef int kind = PyUnicode_KIND(text)
    cdef const void* data = PyUnicode_DATA(text)
    cdef set found = set()
    while at < size:
        if not class_at(kind, data, at, size) & LETTER:
            at += 1
            continue
        end = at + 1
        while class_at(kind, data, end, size) & LETTER:
            end += 1
        if end - at >= shortest:
            run = PyUnicode_Substring(text, at, end)
            if run not in known:
                found.add(run)
        at = end
    return found


def has_beside_figure(str text):
    """Whether `glued._BESIDE_FIGURE` is found in the text."""
    cdef Py_ssize_t size = len(text), at, letters = 0
    cdef int kind = PyUnicode_KIND(text), here
    cdef const void* data = PyUnicode_DATA(text)
    for at in range(size):
        here = class_at(kind, data, at, size)
        if here & DIGIT:
            if letters >= 3 or (
                class_at(kind, data, at + 1, size) & LETTER and class_at(kind, data, at + 2, size) & LETTER
                and class_at(kind, data, at + 3, size) & LETTER
            ):
                return True
        letters = letters + 1 if here & LETTER else 0
    return False


def has_sign(str text):
    """False only where `leet._SIGN` is not found in the text."""
    cdef Py_ssize_t size = len(text), at
    cdef int kind = PyUnicode_KIND(text), before, behind, next_but_one
    cdef const void* data = PyUnicode_DATA(text)
    cdef uint32_t letter
    for at in range(size):
        if not class_at(kind, data, at, size) & SIGN:
            continue
        before, behind = class_at(kind, data, at - 1, size), class_at(kind, data, at + 1, size)
        if behind & LETTER:
            if PyUnicode_READ(kind, data, at) == 36 and behind & CAPITAL and not before & (LETTER | SIGN):
                continue  # a ticker's
            if before & LETTER:
                return True
            next_but_one = class_at(kind, data, at + 2, size)
            if next_but_one & (LETTER | DIGIT):
                return True
            letter = PyUnicode_READ(kind, data, at + 1) | 32
            if (letter == 110 or letter == 112) and character_at(kind, data, at + 2, size) != 95:
                return True
        elif behind & DIGIT and before & LETTER:
            return True
    return False


def has_parted(str text):
    """False only where `spelling._QUICK_LOOK` is not found in the text."""
    cdef Py_ssize_t size = len(text), at, other
    cdef int kind = PyUnicode_KIND(text)
    cdef const void* data = PyUnicode_DATA(text)
    for at in range(1, size - 2):
        if not (
            class_at(kind, data, at, size) & (LETTER | LETTER_BEYOND) and class_at(kind, data, at - 1, size) & PARTS
            and class_at(kind, data, at + 1, size) & PARTS
        ):
            continue
        other = at + 3 if class_at(kind, data, at + 2, size) & PARTS else at + 2
        if class_at(kind, data, other, size) & (LETTER | LETTER_BEYOND) and not class_at(kind, data, other + 1, size) & (LETTER | DIGIT):
            return True
    return False

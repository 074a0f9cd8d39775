"""Writes the differential vectors for the `member` policy's rules, decided by Django itself.

    python3 -m venv venv && venv/bin/pip install 'django>=5.2,<5.3'
    venv/bin/python tests/vectors/django/generate.py > crates/password-domain/tests/django_vectors.json

Output: {"common": [entries of Django's list that the cases need], "cases": [[password, login, first_name, last_name,
email, verdicts]]}, where verdicts is a string of the letters s (too similar), t (too short), c (common), n (numeric)
that apply. The cases use no characters newer than Unicode 14, the version of Python 3.11, and no empty password: there
Django's similarity depends on empty parts of attributes, and the product answers "too short" and nothing else.
"""

import json
import random
import sys
import unicodedata

from django.conf import settings

settings.configure(USE_I18N=False)

from django.contrib.auth import password_validation as validation  # noqa: E402
from django.core.exceptions import ValidationError  # noqa: E402

RANDOM = random.Random(20240607)
VALIDATORS = [
    ("s", validation.UserAttributeSimilarityValidator()),
    ("t", validation.MinimumLengthValidator(8)),
    ("c", validation.CommonPasswordValidator()),
    ("n", validation.NumericPasswordValidator()),
]
COMMON = VALIDATORS[2][1].passwords


class User:
    """Has the attributes that the similarity validator reads, and nothing else."""

    class _meta:
        @staticmethod
        def get_field(name):
            return type("Field", (), {"verbose_name": name})

    def __init__(self, login, first_name, last_name, email):
        self.username, self.first_name, self.last_name, self.email = login, first_name, last_name, email


def verdicts(password, attributes):
    user = User(*attributes)
    letters = ""
    for letter, validator in VALIDATORS:
        try:
            validator.validate(password, user)
        except ValidationError:
            letters += letter
    return letters


SPECIAL = [
    "\u03a3", "\u03c3", "\u03c2", "\u0130", "\u0131", "\u00df", "\u1e9e", "\ufb03", "\u017f", "\u212a", "\u01c5",
    "\u00b2", "\u00b3", "\u2460", "\u2080", "\u0661", "\u06f3", "\u0966", "\uff11", "\u00bd", "\u2167", "\u4e00",
    "\u1369", "\u19da", "\U0001d7d8", "\U0001f100", "\u24d0", "\u24b6", "\U0001f170", "\u0301", "\u0308", "\u0345",
    "\u0903", "\u200d", "\ufe0f", "\u200b", "\U0001f600", "\U0001f469", "\u00e9", "\u0436", "\u05d0", "\u0e01",
    "\u203f", "_", "-", ".", "@", "'", " ", "\u00a0", "\u3000", "\u00aa", "\u00b5", "\u0149", "\u1d2c", "\u02b0",
]  # fmt: skip
LETTERS = "abcdefghijABCDEFGHIJ0123456789"


def word(least, most, special=0.1):
    return "".join(
        RANDOM.choice(SPECIAL) if RANDOM.random() < special else RANDOM.choice(LETTERS)
        for _ in range(RANDOM.randint(least, most))
    )


def mutated(text, changes):
    text = list(text)
    for _ in range(changes):
        at = RANDOM.randrange(len(text) + 1)
        kind = RANDOM.randrange(4)
        if kind == 0:
            text.insert(at, word(1, 1))
        elif kind == 1 and text:
            text.pop(at % len(text))
        elif kind == 2:
            RANDOM.shuffle(text)
        elif text:
            text[at % len(text)] = RANDOM.choice([str.upper, str.lower, str.swapcase])(text[at % len(text)])
    return "".join(text)


def cases():
    # Fixed cases: final sigma, dotted i, sharp s, separators, digits beside Nd.
    for password, login in [
        ("\u039f\u0394\u039f\u03a3", "\u03bf\u03b4\u03bf\u03c2"), ("\u03bf\u03b4\u03bf\u03c3", "\u039f\u0394\u039f\u03a3"),
        ("A\u03a3.B\u03a3 A\u03a3", "a\u03c2.b\u03c2"), ("\u0391'\u03a3'", "\u03a3\u03a3\u03a3"), ("\u03a3\u0301\u03a3\u0301", "\u03c3\u0301"),
        ("\u0130stanbul", "istanbul"), ("ISTANBUL", "\u0130stanbul"), ("\u0131stanbul", "ISTANBUL"), ("i\u0307", "\u0130"),
        ("STRASSE", "stra\u00dfe"), ("STRA\u1e9eE", "stra\u00dfe"), ("\u212aelvin", "kelvin"), ("\u017ftreet", "street"),
        ("beatrice", "beatrice_smith"), ("beatrice", "beatrice-smith"), ("beatrice", "__beatrice__"), ("beatrice", "--beatrice--"),
        ("smith123", "...smith123..."), ("...", "..."), ("@", "@"), ("@@@@", "@"), ("a", "a"), ("aaaaaaaaaa", "a"), ("aaaaaaaaa", "a"),
        ("beatrice", "beatrice\u203fsmith"), ("beatrice", "beatrice\u0301smith"), ("beatrice", "x\u24d0beatrice"), ("beatrice", "x\u00b2beatrice"),
        ("beatrice", "x\U0001f600beatrice"), ("\U0001f600\U0001f600\U0001f600", "\U0001f600\U0001f600\U0001f600"), ("e\u0301t\u0301", "\u00e9t"),
        ("\u00b2\u00b3\u00b9", ""), ("12345678", ""), ("\u0661\u0662\u0663\u0664", ""), ("\u2460\u2461\u2462", ""), ("\u2469", ""), ("\u00bd", ""), ("\u2167", ""),
        ("\u4e00\u4e8c\u4e09", ""), ("1 2", ""), ("1\u0661\u00b2\uff11", ""), ("\u19da", ""), ("\u137b", ""), ("-1", ""), ("1\u200d", ""), ("\U0001f101", ""),
        ("\U00010a40", ""), ("\u3007", ""), ("\u24ff\u24ea", ""), ("\u2189", ""), ("   ", "   "), ("   ", " a "), ("password", "Password"),
    ]:  # fmt: skip
        yield password, login, "", "", ""
        yield password, "", "", login, "nobody@example.org"
    # Each digit beside Nd, and one Nd of each script, alone and beside an ASCII digit.
    digits = [chr(c) for c in range(0x110000) if chr(c).isdigit() and unicodedata.category(chr(c)) != "Nd"]
    zeros = [chr(c) for c in range(0x110000) if unicodedata.category(chr(c)) == "Nd" and unicodedata.digit(chr(c)) == 0]
    for digit in digits + zeros:
        yield "1" + digit, "", "", "", ""
    numbers = [chr(c) for c in range(0x110000) if chr(c).isnumeric() and not chr(c).isdigit() and not chr(c).isalpha()]
    for number in RANDOM.sample(numbers, 60):
        yield "1" + number, "", "", "", ""
    # Word characters: a part ends exactly at what \W matches.
    for c in SPECIAL + RANDOM.sample([chr(c) for c in range(0x80, 0x20000) if unicodedata.category(chr(c))[0] in "LMNPSZ"], 150):
        yield "beatrice", "zzzzzzzzzzzz" + c + "beatrice" + c + "zzzzzzzz", "", "", ""
    # The border of 0.7, with lengths on both sides.
    for total in range(2, 42):
        for part in range(max(1, total // 4), min(total, total * 3 // 4) + 1, 3):
            own = total - part
            if own < 1:
                continue
            border = 0.35 * total
            for shared in {int(border) - 1, int(border), int(border) + 1}:
                if 0 <= shared <= min(own, part):
                    pool = [chr(0x4E00 + i) for i in range(shared)]
                    password = pool + [chr(0x5E00 + i) for i in range(own - shared)]
                    login = pool + [chr(0x6E00 + i) for i in range(part - shared)]
                    if total % 4 == 0:
                        RANDOM.shuffle(login)
                    yield "".join(password), "".join(login), "", "", ""
    # The border of ten times the length.
    for part in range(1, 5):
        for length in (part * 10 - 1, part * 10, part * 10 + 1):
            yield "a" * length, "a" * part, "", "", ""
            yield "a" * length, "", "b." + "a" * part + ".c", "", ""
    # Common passwords, in other clothes.
    entries = RANDOM.sample(sorted(COMMON), 90)
    for entry in entries:
        dress = RANDOM.choice([str.upper, str.title, str.swapcase, str])
        blank = RANDOM.choice(["", " ", "\t", "\u3000 ", "\x1f", "\x1c", "\x85", "\u200b", "\n"])
        yield blank + dress(entry) + RANDOM.choice([blank, ""]), "", "", "", ""
        yield mutated(entry, 1) or "x", entry, "", "", ""
    # Random accounts and passwords made of their attributes.
    for _ in range(420):
        login, first, last = word(1, 10), word(0, 8, 0.3), word(0, 12)
        email = RANDOM.choice(["", f"{first}.{last}@{word(2, 6, 0)}.org", f"{login}@example.org"])
        source = RANDOM.choice([login, first, last, email, first + last, last[::-1], email.split("@")[0], login * 3])
        yield mutated(source, RANDOM.randrange(5)) or "x", login, first, last, email


def main():
    seen, rows, needed = set(), [], set()
    for case in cases():
        if case in seen or not case[0]:
            continue
        seen.add(case)
        rows.append([*case, verdicts(case[0], case[1:])])
        folded = case[0].lower().strip()
        if folded in COMMON:
            needed.add(folded)
    out = sys.stdout
    out.write('{"common":' + json.dumps(sorted(needed)) + ',\n"cases":[\n')
    out.write(",\n".join(json.dumps(row, separators=(",", ":")) for row in rows))
    out.write("\n]}\n")


main()

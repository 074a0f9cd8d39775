# Deutsch. Anrede: Sie.
# Glossar: password = Passwort, character = Zeichen, special character = Sonderzeichen, commonly used = häufig verwendet.
# Keine Auszeichnung: < > und & dürfen nicht vorkommen.

rule-similar = Ihr Passwort darf Ihren persönlichen Angaben nicht zu ähnlich sein.
rule-too-short = { $count ->
        [one] Ihr Passwort muss mindestens { $count } Zeichen lang sein.
       *[other] Ihr Passwort muss mindestens { $count } Zeichen lang sein.
    }
rule-common = Ihr Passwort darf kein häufig verwendetes Passwort sein.
rule-numeric = Ihr Passwort darf nicht nur aus Ziffern bestehen.
rule-classes = Ihr Passwort muss mindestens { $list } enthalten.
rule-too-long = { $count ->
        [one] Ihr Passwort darf höchstens { $count } Zeichen lang sein.
       *[other] Ihr Passwort darf höchstens { $count } Zeichen lang sein.
    }
rule-unprintable = Ihr Passwort enthält Zeichen, die nicht verwendet werden können.
rule-blank = Ihr Passwort darf nicht nur aus Leerzeichen bestehen.
rule-reused = Ihr Passwort wurde vor Kurzem schon verwendet.
rule-too-weak = Ihr Passwort ist zu leicht zu erraten.

checklist-similar = Ihren persönlichen Angaben nicht zu ähnlich
checklist-too-short = { $count ->
        [one] Mindestens { $count } Zeichen
       *[other] Mindestens { $count } Zeichen
    }
checklist-common = Kein häufig verwendetes Passwort
checklist-numeric = Nicht nur Ziffern
checklist-classes = Enthält mindestens { $list }
checklist-too-long = { $count ->
        [one] Höchstens { $count } Zeichen
       *[other] Höchstens { $count } Zeichen
    }
checklist-unprintable = Nur druckbare Zeichen
checklist-reused-current = Nicht Ihr aktuelles Passwort
checklist-reused = { $count ->
        [one] Nicht Ihr letztes Passwort ({ $count })
       *[other] Keines Ihrer letzten { $count } Passwörter
    }
checklist-too-weak = Schwer zu erraten

# Mit Artikel, im Akkusativ.
class-capital = einen Großbuchstaben
class-uppercase = einen Großbuchstaben
class-small = einen Kleinbuchstaben
class-lowercase = einen Kleinbuchstaben
class-number = eine Ziffer
class-digit = eine Ziffer
class-special = ein Sonderzeichen
class-special-of = ein Sonderzeichen ({ $set })

list-pair = { $first } und { $last }
list-more = { $first }, { $next }
list-end = { $first } und { $last }
list-end-comma = { $first } und { $last }

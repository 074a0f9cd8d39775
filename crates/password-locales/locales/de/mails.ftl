# Deutsch. Anrede: Sie. Anführungszeichen: „…“.
# Glossar: login = Anmeldename, password = Passwort, account = Konto, link = Link, e-mail address = E-Mail-Adresse,
# to sign in = sich anmelden, to sign out = abmelden. Nach der Anrede geht es klein weiter.
# Keine Auszeichnung: < > und & dürfen nicht vorkommen.

mail-reset-subject = Neues Passwort festlegen
mail-changed-subject = Ihr Passwort wurde geändert
mail-email-subject = Die E-Mail-Adresse Ihres Kontos wurde geändert
mail-attempts-subject = Viele falsche Passwörter für Ihr Konto

mail-greeting = Guten Tag,
mail-greeting-named = Guten Tag { $name },

mail-reset-intro = für Ihr Konto bei { $site } wurde ein neues Passwort angefordert. Wenn Sie das waren, öffnen Sie diesen Link:
mail-reset-button = Neues Passwort festlegen
mail-reset-copy = Falls die Schaltfläche nicht funktioniert, kopieren Sie diesen Link in Ihren Browser:
mail-reset-lifetime = Der Link ist { $lifetime } lang gültig und funktioniert nur einmal.
mail-reset-not-you = Wenn Sie das nicht waren, brauchen Sie nichts zu tun: Ihr Passwort bleibt, wie es ist. Wer diese E-Mail hat, kann Ihr Passwort festlegen. Geben Sie sie daher an niemanden weiter.

mail-changed-intro = das Passwort Ihres Kontos bei { $site } wurde geändert. Alle, die an diesem Konto angemeldet waren, wurden abgemeldet.
mail-changed-you = Wenn Sie das waren, brauchen Sie nichts zu tun.
mail-changed-not-you = Wenn Sie das nicht waren, fordern Sie sofort auf dieser Seite ein neues Passwort an:
mail-changed-button = Neues Passwort anfordern
mail-changed-then = Wenden Sie sich danach an den Betreiber von { $site }.

mail-email-intro = die E-Mail-Adresse Ihres Kontos bei { $site } wurde geändert. Diese E-Mail geht an die alte und an die neue Adresse.
mail-email-you = Wenn Sie davon wissen, brauchen Sie nichts zu tun.
mail-email-not-you = Wenn nicht, hat sich möglicherweise jemand anderes Zugang zu Ihrem Konto verschafft: Wenden Sie sich sofort an den Betreiber von { $site }. Er kann das Konto sperren und die Änderung rückgängig machen.

mail-attempts-intro = jemand hat mit vielen falschen Passwörtern versucht, sich an Ihrem Konto bei { $site } anzumelden.
mail-attempts-open = Ihr Konto ist nicht gesperrt: Von dort, wo Sie sich in letzter Zeit angemeldet haben, können Sie sich weiterhin anmelden. Andernorts müssen Sie möglicherweise eine Weile warten.
mail-attempts-you = Wenn Sie das waren, brauchen Sie nichts zu tun.
mail-attempts-not-you = Wenn Sie das nicht waren und Ihr Passwort leicht zu erraten ist oder Sie es auch anderswo verwenden, fordern Sie auf dieser Seite ein neues an:
mail-attempts-then = Wählen Sie ein langes Passwort, das Sie sonst nirgends verwenden.

mail-detail = { $label }: { $value }
mail-detail-account = Konto
mail-detail-asked = Angefordert am
mail-detail-changed = Geändert am
mail-detail-attempt = Letzter Versuch am
mail-detail-from = Von der IP-Adresse

mail-help-questions = Fragen? { $contact }
mail-help-reach = So erreichen Sie ihn: { $contact }

mail-moment =
    { $day }. { $month ->
        [1] Januar
        [2] Februar
        [3] März
        [4] April
        [5] Mai
        [6] Juni
        [7] Juli
        [8] August
        [9] September
        [10] Oktober
        [11] November
       *[12] Dezember
    } { $year } um { $time } Uhr (UTC)
mail-moment-unknown = einem unbekannten Tag

# Im Akkusativ, vor „lang“.
mail-days = { $count ->
        [one] { $count } Tag
       *[other] { $count } Tage
    }
mail-hours = { $count ->
        [one] { $count } Stunde
       *[other] { $count } Stunden
    }
mail-minutes = { $count ->
        [one] { $count } Minute
       *[other] { $count } Minuten
    }
mail-seconds = { $count ->
        [one] { $count } Sekunde
       *[other] { $count } Sekunden
    }
mail-two-units = { $larger } und { $smaller }

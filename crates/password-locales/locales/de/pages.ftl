# Deutsch. Anrede: Sie. Anführungszeichen: „…“.
# Glossar: login = Anmeldename, password = Passwort, account = Konto, link = Link, e-mail address = E-Mail-Adresse,
# to sign in = sich anmelden, to sign out = abmelden, password manager = Passwortmanager.
# Keine Auszeichnung: < > und & dürfen nicht vorkommen.

page-title-failed = Fehler: { $title }
page-problems = Es gibt ein Problem
page-language = Sprache
page-help = Brauchen Sie Hilfe?

page-field-login = Anmeldename
page-field-login-or-email = Anmeldename oder E-Mail-Adresse
page-field-login-hidden = Anmeldename, für Ihren Passwortmanager
page-field-current = Aktuelles Passwort
page-field-new = Neues Passwort
page-field-confirm = Neues Passwort wiederholen

page-reset-title = Neues Passwort festlegen
page-reset-submit = Passwort festlegen

page-forgot-title = Passwort vergessen?
page-forgot-intro = Geben Sie Ihren Anmeldenamen oder die E-Mail-Adresse Ihres Kontos ein. Wenn es ein Konto gibt, senden wir eine Nachricht mit einem Link an dessen Adresse.
page-forgot-submit = Link senden
page-sent-title = Sehen Sie in Ihr Postfach
page-sent-text = Wenn es ein Konto mit diesem Anmeldenamen oder dieser Adresse gibt, ist eine Nachricht mit einem Link unterwegs. Das kann einige Minuten dauern; sehen Sie auch im Spam-Ordner nach.
page-sent-again = Noch einmal anfordern

page-change-title = Passwort ändern
page-change-submit = Passwort ändern
page-change-forgot = Passwort vergessen?

page-done-title = Ihr Passwort ist geändert
page-done-text = Sie können sich jetzt mit Ihrem neuen Passwort anmelden. Sie wurden überall abgemeldet.
page-done-again = Noch einmal ändern

page-link-title = Dieser Link funktioniert nicht mehr
page-link-text = Er wurde schon benutzt, ist zu alt oder wurde nicht vollständig kopiert.
page-link-again = Neuen Link anfordern

page-demo-title = Demokonto
page-demo-text = Im Demomodus ist diese Funktion abgeschaltet.

page-missing-login = Geben Sie Ihren Anmeldenamen ein.
page-missing-login-or-email = Geben Sie Ihren Anmeldenamen oder Ihre E-Mail-Adresse ein.
page-missing-current = Geben Sie Ihr aktuelles Passwort ein.
page-missing-new = Geben Sie ein neues Passwort ein.
page-problem-mismatch = Die beiden Passwörter stimmen nicht überein.
page-problem-rejected = Der Anmeldename oder das aktuelle Passwort ist falsch.
page-problem-not-activated = Dieses Konto ist noch nicht aktiviert.
page-problem-blocked = Dieses Konto ist gesperrt.
page-problem-unchanged = Das neue Passwort muss sich vom bisherigen unterscheiden.
page-problem-too-many = Zu viele Versuche. Warten Sie eine Weile und versuchen Sie es dann noch einmal.
page-problem-too-many-minutes = { $count ->
        [one] Zu viele Versuche. Versuchen Sie es in { $count } Minute noch einmal.
       *[other] Zu viele Versuche. Versuchen Sie es in { $count } Minuten noch einmal.
    }
page-problem-busy = Der Dienst ist ausgelastet. Warten Sie einen Moment und versuchen Sie es dann noch einmal.
page-problem-unexpected = Etwas ist schiefgegangen. Versuchen Sie es später noch einmal.

page-bad-request-title = Ungültige Anfrage
page-bad-request-text = Die Anfrage war nicht zu verstehen.
page-cross-site-title = Abgelehnt
page-cross-site-text = Dieses Formular wurde von einer anderen Website gesendet. Öffnen Sie die Seite selbst und versuchen Sie es noch einmal.
page-not-found-title = Seite nicht gefunden
page-not-found-text = Unter dieser Adresse gibt es keine Seite.
page-method-title = Methode nicht erlaubt
page-method-text = Diese Adresse nimmt eine solche Anfrage nicht an.
page-too-large-title = Anfrage zu groß
page-too-large-text = Was gesendet wurde, ist zu groß.
page-unsupported-title = Format nicht unterstützt
page-unsupported-text = Hier wird nur ein abgesendetes Formular angenommen.
page-unavailable-title = Dienst nicht verfügbar
page-unavailable-text = Warten Sie einen Moment und versuchen Sie es dann noch einmal.
page-unexpected-title = Etwas ist schiefgegangen
page-unexpected-text = Versuchen Sie es später noch einmal.
page-failed-title = Anfrage fehlgeschlagen
page-failed-text = Die Anfrage konnte nicht ausgeführt werden.

page-show = Anzeigen
page-hide = Verbergen
page-show-field = Anzeigen: { $field }
page-hide-field = Verbergen: { $field }
page-caps-lock = Die Feststelltaste ist aktiv.
page-rules = Anforderungen an das neue Passwort:
page-rule-met = erfüllt
page-rule-open = noch nicht erfüllt
page-rules-met = { $met } von { $total } erfüllt
page-match = Die beiden Passwörter stimmen überein.
page-no-match = Die beiden Passwörter stimmen noch nicht überein.
page-checking = Wird geprüft …
page-check-failed = Das konnte jetzt nicht geprüft werden. Es wird beim Absenden geprüft.

page-strength = Stärke: { $word }
page-strength-0 = sehr schwach
page-strength-1 = schwach
page-strength-2 = mittel
page-strength-3 = stark
page-strength-4 = sehr stark

page-warning-straight-rows = Nebeneinanderliegende Tasten sind leicht zu erraten.
page-warning-keyboard-patterns = Kurze Tastaturmuster sind leicht zu erraten.
page-warning-repeats-aaa = Wiederholungen wie „aaa“ sind leicht zu erraten.
page-warning-repeats-abcabc = Wiederholungen wie „abcabcabc“ sind nur wenig schwerer zu erraten als „abc“.
page-warning-top-10 = Das ist eines der 10 häufigsten Passwörter.
page-warning-top-100 = Das ist eines der 100 häufigsten Passwörter.
page-warning-common = Das ist ein sehr häufiges Passwort.
page-warning-similar-to-common = Das ähnelt einem häufig verwendeten Passwort.
page-warning-sequences = Folgen wie abc oder 6543 sind leicht zu erraten.
page-warning-recent-years = Jahreszahlen der letzten Zeit sind leicht zu erraten.
page-warning-single-word = Ein einzelnes Wort ist leicht zu erraten.
page-warning-dates = Datumsangaben sind oft leicht zu erraten.
page-warning-names = Vor- und Nachnamen allein sind leicht zu erraten.
page-warning-common-names = Häufige Vor- und Nachnamen sind leicht zu erraten.

page-suggestion-few-words = Verwenden Sie mehrere Wörter und meiden Sie bekannte Redewendungen.
page-suggestion-no-symbols-needed = Symbole, Ziffern oder Großbuchstaben sind nicht nötig.
page-suggestion-another-word = Fügen Sie ein oder zwei Wörter hinzu. Seltene Wörter sind besser.
page-suggestion-capitalization = Großschreibung hilft nicht viel.
page-suggestion-all-uppercase = Nur Großbuchstaben sind fast so leicht zu erraten wie nur Kleinbuchstaben.
page-suggestion-reversed = Rückwärts geschriebene Wörter sind kaum schwerer zu erraten.
page-suggestion-substitutions = Naheliegende Ersetzungen wie „@“ statt „a“ helfen nicht viel.
page-suggestion-longer-pattern = Verwenden Sie ein längeres Tastaturmuster mit mehr Richtungswechseln.
page-suggestion-repeats = Vermeiden Sie wiederholte Wörter und Zeichen.
page-suggestion-sequences = Vermeiden Sie Folgen.
page-suggestion-recent-years = Vermeiden Sie Jahreszahlen der letzten Zeit.
page-suggestion-own-years = Vermeiden Sie Jahreszahlen, die mit Ihnen zu tun haben.
page-suggestion-own-dates = Vermeiden Sie Daten und Jahreszahlen, die mit Ihnen zu tun haben.

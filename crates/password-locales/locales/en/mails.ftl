# English: the language that every other one is translated from, and the one to fall back to.
# Plain words, short sentences, ASCII only (an English mail is sent in seven bits).
# Glossary: login (the name somebody signs in with), password, account, link, e-mail address, to sign in, to sign out.
# Write a value in braces where its place is; a mail sets it apart from the sentence. No markup: < > and & must not occur.

## Subjects. They have no variables, so that nobody's name gets there.

mail-reset-subject = Set a new password
mail-changed-subject = Your password was changed
mail-email-subject = The e-mail address of your account was changed
mail-attempts-subject = Many wrong passwords were tried for your account

## Every mail begins with one of these. $name is a full name.

mail-greeting = Hello,
mail-greeting-named = Hello { $name },

## Somebody asked for a new password. $site is the name of the service or its host, $lifetime one of the durations below.

mail-reset-intro = Somebody asked to set a new password for your account at { $site }. If it was you, open this link:
mail-reset-button = Set a new password
mail-reset-copy = If the button does not work, copy this link into your browser:
mail-reset-lifetime = The link works for { $lifetime }, and only once.
mail-reset-not-you = If it was not you, do nothing: your password stays as it is. Whoever has this mail can set your password, so do not pass it on to anybody.

## The password was changed.

mail-changed-intro = The password of your account at { $site } was changed. Everybody who was signed in to the account has been signed out.
mail-changed-you = If it was you, there is nothing to do.
mail-changed-not-you = If it was not you, ask for a new password at once on this page:
mail-changed-button = Ask for a new password
mail-changed-then = Then tell the people who run { $site }.

## The e-mail address was changed.

mail-email-intro = The e-mail address of your account at { $site } was changed. This mail goes to the old and to the new address.
mail-email-you = If you know about it, there is nothing to do.
mail-email-not-you = If you do not, somebody else may have got into the account: tell the people who run { $site } at once. They can block the account and undo the change.

## Somebody tried many wrong passwords. The page is behind a button with the text of mail-changed-button.

mail-attempts-intro = Somebody tried to sign in to your account at { $site } with many wrong passwords.
mail-attempts-open = Your account is not locked: you can still sign in from where you signed in lately. From elsewhere you may have to wait for a while.
mail-attempts-you = If it was you, there is nothing to do.
mail-attempts-not-you = If it was not you, and your password is easy to guess or used elsewhere too, ask for a new one on this page:
mail-attempts-then = Choose a long password that you use nowhere else.

## Details at the end of a mail, one a line. mail-detail joins one of the labels and its value.

mail-detail = { $label }: { $value }
mail-detail-account = Account
mail-detail-asked = Asked for
mail-detail-changed = Changed
mail-detail-attempt = Last attempt
mail-detail-from = From the IP address

## How to reach people. $contact is an address or a sentence of the operator's.

mail-help-questions = Questions? { $contact }
mail-help-reach = How to reach them: { $contact }

## A point in time. $month is 1 to 12, $time as in 04:30.

mail-moment =
    { $day } { $month ->
        [1] January
        [2] February
        [3] March
        [4] April
        [5] May
        [6] June
        [7] July
        [8] August
        [9] September
        [10] October
        [11] November
       *[12] December
    } { $year } at { $time } UTC
mail-moment-unknown = an unknown day

## Durations, put into mail-reset-lifetime: whatever case that sentence asks for.

mail-days = { $count ->
        [one] { $count } day
       *[other] { $count } days
    }
mail-hours = { $count ->
        [one] { $count } hour
       *[other] { $count } hours
    }
mail-minutes = { $count ->
        [one] { $count } minute
       *[other] { $count } minutes
    }
mail-seconds = { $count ->
        [one] { $count } second
       *[other] { $count } seconds
    }
mail-two-units = { $larger } and { $smaller }

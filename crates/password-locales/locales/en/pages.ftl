# English: the language that every other one is translated from, and the one to fall back to.
# Plain words, short sentences. Glossary: login (the name somebody signs in with), password, account, link, e-mail address,
# to sign in, to sign out, password manager.
# No markup: < > and & must not occur.

## On every page. $title is the page's own title.

page-title-failed = Error: { $title }
page-problems = There is a problem
page-language = Language
page-help = Need help?

## Fields.

page-field-login = Login
page-field-login-or-email = Login or e-mail address
page-field-login-hidden = Login, for your password manager
page-field-current = Current password
page-field-new = New password
page-field-confirm = New password again

## The page behind the mail's link.

page-reset-title = Set a new password
page-reset-submit = Set password

## The page that asks for the mail, and the one after it.

page-forgot-title = Forgot your password?
page-forgot-intro = Enter your login or the e-mail address of your account. If there is an account, a message with a link is sent to its address.
page-forgot-submit = Send the link
page-sent-title = Check your mail
page-sent-text = If there is an account with this login or address, a message with a link is on its way to it. It can take a few minutes; look into the folder for unwanted mail too.
page-sent-again = Ask again

## The page that changes a password.

page-change-title = Change your password
page-change-submit = Change password
page-change-forgot = Forgot your password?

## The password is set.

page-done-title = Your password is changed
page-done-text = You can sign in with your new password now. You have been signed out everywhere.
page-done-again = Change it again

## The link was used, is too old, or is not whole; nobody is told which.

page-link-title = This link does not work any more
page-link-text = It was used already, is too old, or was not copied in full.
page-link-again = Ask for a new link

## An account for demonstration.

page-demo-title = Demo account
page-demo-text = In demo mode this function is disabled.

## What is wrong with a form.

page-missing-login = Enter your login.
page-missing-login-or-email = Enter your login or e-mail address.
page-missing-current = Enter your current password.
page-missing-new = Enter a new password.
page-problem-mismatch = The two password fields didn't match.
page-problem-rejected = The login or the current password is wrong.
page-problem-not-activated = This account is not activated yet.
page-problem-blocked = This account is blocked.
page-problem-unchanged = New password must be different.
page-problem-too-many = Too many attempts. Wait a while, then try again.
page-problem-too-many-minutes = { $count ->
        [one] Too many attempts. Try again in { $count } minute.
       *[other] Too many attempts. Try again in { $count } minutes.
    }
page-problem-busy = The service is busy. Wait a moment, then try again.
page-problem-unexpected = Something went wrong. Try again later.

## Pages for what goes wrong before there is a form.

page-bad-request-title = Bad request
page-bad-request-text = The request could not be understood.
page-cross-site-title = Refused
page-cross-site-text = This form was sent from another site. Open the page itself and try again.
page-not-found-title = Page not found
page-not-found-text = There is no page at this address.
page-method-title = Method not allowed
page-method-text = This address does not take such a request.
page-too-large-title = Request too large
page-too-large-text = What was sent is too large.
page-unsupported-title = Unsupported type
page-unsupported-text = Only a submitted form is accepted here.
page-unavailable-title = Service unavailable
page-unavailable-text = Wait a moment, then try again.
page-unexpected-title = Something went wrong
page-unexpected-text = Try again later.
page-failed-title = Request failed
page-failed-text = The request could not be carried out.

## Help while typing. $field is a field's label; the states of a rule are read out after the rule.

page-show = Show
page-hide = Hide
page-show-field = Show: { $field }
page-hide-field = Hide: { $field }
page-caps-lock = Caps lock is on.
page-rules = Requirements for the new password:
page-rule-met = met
page-rule-open = not met yet
page-rules-met = { $met } of { $total } met
page-match = The two passwords match.
page-no-match = The two passwords do not match yet.
page-checking = Checking...
page-check-failed = This could not be checked now. It is checked when you submit.

## How hard the password is to guess. $word is one of the five.

page-strength = Strength: { $word }
page-strength-0 = very weak
page-strength-1 = weak
page-strength-2 = fair
page-strength-3 = strong
page-strength-4 = very strong

## Why it is easy to guess.

page-warning-straight-rows = Straight rows of keys are easy to guess.
page-warning-keyboard-patterns = Short keyboard patterns are easy to guess.
page-warning-repeats-aaa = Repeats like "aaa" are easy to guess.
page-warning-repeats-abcabc = Repeats like "abcabcabc" are only slightly harder to guess than "abc".
page-warning-top-10 = This is a top-10 common password.
page-warning-top-100 = This is a top-100 common password.
page-warning-common = This is a very common password.
page-warning-similar-to-common = This is similar to a commonly used password.
page-warning-sequences = Sequences like abc or 6543 are easy to guess.
page-warning-recent-years = Recent years are easy to guess.
page-warning-single-word = A word by itself is easy to guess.
page-warning-dates = Dates are often easy to guess.
page-warning-names = Names and surnames by themselves are easy to guess.
page-warning-common-names = Common names and surnames are easy to guess.

## What would help.

page-suggestion-few-words = Use a few words, avoid common phrases.
page-suggestion-no-symbols-needed = No need for symbols, digits, or uppercase letters.
page-suggestion-another-word = Add another word or two. Uncommon words are better.
page-suggestion-capitalization = Capitalization doesn't help very much.
page-suggestion-all-uppercase = All-uppercase is almost as easy to guess as all-lowercase.
page-suggestion-reversed = Reversed words aren't much harder to guess.
page-suggestion-substitutions = Predictable substitutions like '@' instead of 'a' don't help very much.
page-suggestion-longer-pattern = Use a longer keyboard pattern with more turns.
page-suggestion-repeats = Avoid repeated words and characters.
page-suggestion-sequences = Avoid sequences.
page-suggestion-recent-years = Avoid recent years.
page-suggestion-own-years = Avoid years that are associated with you.
page-suggestion-own-dates = Avoid dates and years that are associated with you.

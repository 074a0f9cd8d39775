# English. These sentences are also published by an API: their English stands in the domain, and a test keeps both alike.
# Glossary: password, character, commonly used, to guess.
# No markup: < > and & must not occur.

## What a password violates.

rule-similar = Your password can't be too similar to your other personal information.
rule-too-short = { $count ->
        [one] Your password must contain at least { $count } character.
       *[other] Your password must contain at least { $count } characters.
    }
rule-common = Your password can't be a commonly used password.
rule-numeric = Your password can't be entirely numeric.
rule-classes = Your password must contain at least one { $list }.
rule-too-long = { $count ->
        [one] Your password must contain at most { $count } character.
       *[other] Your password must contain at most { $count } characters.
    }
rule-unprintable = Your password contains characters that can't be used.
rule-blank = Your password can't be blank.
rule-reused = Your password was recently used.
rule-too-weak = Your password is too easy to guess.

## What a password needs: the lines of a list, without a full stop.

checklist-similar = Not too similar to your other personal information
checklist-too-short = { $count ->
        [one] At least { $count } character
       *[other] At least { $count } characters
    }
checklist-common = Not a commonly used password
checklist-numeric = Not entirely numeric
checklist-classes = At least one { $list }
checklist-too-long = { $count ->
        [one] At most { $count } character
       *[other] At most { $count } characters
    }
checklist-unprintable = Printable characters only
checklist-reused-current = Not your current password
checklist-reused = { $count ->
        [one] None of your last { $count } passwords
       *[other] None of your last { $count } passwords
    }
checklist-too-weak = Hard to guess

## Classes of characters, put into rule-classes and checklist-classes. English has two words for three of them, because two
## published APIs have; where a language has one, both lines are the same.

class-capital = capital letter
class-uppercase = uppercase letter
class-small = small letter
class-lowercase = lowercase letter
class-number = number
class-digit = digit
class-special = special character
# $set is the characters to choose from, as in !@#$%^&*
class-special-of = special character ({ $set })

## Lists: two items; more than two are joined from the left, the last one with list-end or list-end-comma.

list-pair = { $first } and { $last }
list-more = { $first }, { $next }
list-end = { $first } and { $last }
list-end-comma = { $first }, and { $last }

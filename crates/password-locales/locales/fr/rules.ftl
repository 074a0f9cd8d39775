# Français. Vouvoiement.
# Glossaire : password = mot de passe, character = caractère, special character = caractère spécial, commonly used = courant.
# Pas de balisage : les caractères < > et & sont exclus.

rule-similar = Votre mot de passe ne peut pas trop ressembler à vos autres informations personnelles.
rule-too-short = { $count ->
        [one] Votre mot de passe doit contenir au moins { $count } caractère.
       *[other] Votre mot de passe doit contenir au moins { $count } caractères.
    }
rule-common = Votre mot de passe ne peut pas être un mot de passe courant.
rule-numeric = Votre mot de passe ne peut pas être composé uniquement de chiffres.
rule-classes = Votre mot de passe doit contenir au moins { $list }.
rule-too-long = { $count ->
        [one] Votre mot de passe doit contenir au plus { $count } caractère.
       *[other] Votre mot de passe doit contenir au plus { $count } caractères.
    }
rule-unprintable = Votre mot de passe contient des caractères qui ne peuvent pas être utilisés.
rule-blank = Votre mot de passe ne peut pas être vide.
rule-reused = Votre mot de passe a été utilisé récemment.
rule-too-weak = Votre mot de passe est trop facile à deviner.

checklist-similar = Pas trop proche de vos autres informations personnelles
checklist-too-short = { $count ->
        [one] Au moins { $count } caractère
       *[other] Au moins { $count } caractères
    }
checklist-common = Pas un mot de passe courant
checklist-numeric = Pas uniquement des chiffres
checklist-classes = Au moins { $list }
checklist-too-long = { $count ->
        [one] Au plus { $count } caractère
       *[other] Au plus { $count } caractères
    }
checklist-unprintable = Uniquement des caractères imprimables
checklist-reused-current = Pas votre mot de passe actuel
checklist-reused = { $count ->
        [one] Pas votre dernier mot de passe ({ $count })
       *[other] Aucun de vos { $count } derniers mots de passe
    }
checklist-too-weak = Difficile à deviner

# Avec l’article.
class-capital = une lettre majuscule
class-uppercase = une lettre majuscule
class-small = une lettre minuscule
class-lowercase = une lettre minuscule
class-number = un chiffre
class-digit = un chiffre
class-special = un caractère spécial
class-special-of = un caractère spécial ({ $set })

list-pair = { $first } et { $last }
list-more = { $first }, { $next }
list-end = { $first } et { $last }
list-end-comma = { $first } et { $last }

# Español, neutro. Tratamiento: usted.
# Glosario: password = contraseña, character = carácter, special character = carácter especial, commonly used = de uso común.
# Sin marcas: < > y & no deben aparecer.

rule-similar = Su contraseña no puede parecerse demasiado a sus demás datos personales.
rule-too-short = { $count ->
        [one] Su contraseña debe tener al menos { $count } carácter.
       *[other] Su contraseña debe tener al menos { $count } caracteres.
    }
rule-common = Su contraseña no puede ser una contraseña de uso común.
rule-numeric = Su contraseña no puede estar formada solo por números.
rule-classes = Su contraseña debe contener al menos { $list }.
rule-too-long = { $count ->
        [one] Su contraseña puede tener como máximo { $count } carácter.
       *[other] Su contraseña puede tener como máximo { $count } caracteres.
    }
rule-unprintable = Su contraseña contiene caracteres que no se pueden usar.
rule-blank = Su contraseña no puede estar en blanco.
rule-reused = Su contraseña se ha usado recientemente.
rule-too-weak = Su contraseña es demasiado fácil de adivinar.

checklist-similar = No demasiado parecida a sus demás datos personales
checklist-too-short = { $count ->
        [one] Al menos { $count } carácter
       *[other] Al menos { $count } caracteres
    }
checklist-common = No una contraseña de uso común
checklist-numeric = No solo números
checklist-classes = Al menos { $list }
checklist-too-long = { $count ->
        [one] Como máximo { $count } carácter
       *[other] Como máximo { $count } caracteres
    }
checklist-unprintable = Solo caracteres imprimibles
checklist-reused-current = No su contraseña actual
checklist-reused = { $count ->
        [one] No su última contraseña ({ $count })
       *[other] Ninguna de sus últimas { $count } contraseñas
    }
checklist-too-weak = Difícil de adivinar

# Con artículo.
class-capital = una letra mayúscula
class-uppercase = una letra mayúscula
class-small = una letra minúscula
class-lowercase = una letra minúscula
class-number = un número
class-digit = un número
class-special = un carácter especial
class-special-of = un carácter especial ({ $set })

list-pair = { $first } y { $last }
list-more = { $first }, { $next }
list-end = { $first } y { $last }
list-end-comma = { $first } y { $last }

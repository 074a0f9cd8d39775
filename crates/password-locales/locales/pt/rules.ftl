# Português, na forma do Brasil. Tratamento: você, sem gíria.
# Glossário: password = senha, character = caractere, special character = caractere especial, commonly used = muito usada.
# Sem marcação: < > e & não podem aparecer.

rule-similar = Sua senha não pode ser muito parecida com seus outros dados pessoais.
rule-too-short = { $count ->
        [one] Sua senha deve ter pelo menos { $count } caractere.
       *[other] Sua senha deve ter pelo menos { $count } caracteres.
    }
rule-common = Sua senha não pode ser uma senha muito usada.
rule-numeric = Sua senha não pode ter apenas números.
rule-classes = Sua senha deve conter pelo menos { $list }.
rule-too-long = { $count ->
        [one] Sua senha pode ter no máximo { $count } caractere.
       *[other] Sua senha pode ter no máximo { $count } caracteres.
    }
rule-unprintable = Sua senha contém caracteres que não podem ser usados.
rule-blank = Sua senha não pode ficar em branco.
rule-reused = Sua senha foi usada recentemente.
rule-too-weak = Sua senha é fácil demais de adivinhar.

checklist-similar = Não muito parecida com seus outros dados pessoais
checklist-too-short = { $count ->
        [one] Pelo menos { $count } caractere
       *[other] Pelo menos { $count } caracteres
    }
checklist-common = Não uma senha muito usada
checklist-numeric = Não apenas números
checklist-classes = Pelo menos { $list }
checklist-too-long = { $count ->
        [one] No máximo { $count } caractere
       *[other] No máximo { $count } caracteres
    }
checklist-unprintable = Apenas caracteres imprimíveis
checklist-reused-current = Não a sua senha atual
checklist-reused = { $count ->
        [one] Não a sua última senha ({ $count })
       *[other] Nenhuma das suas últimas { $count } senhas
    }
checklist-too-weak = Difícil de adivinhar

# Com artigo.
class-capital = uma letra maiúscula
class-uppercase = uma letra maiúscula
class-small = uma letra minúscula
class-lowercase = uma letra minúscula
class-number = um número
class-digit = um número
class-special = um caractere especial
class-special-of = um caractere especial ({ $set })

list-pair = { $first } e { $last }
list-more = { $first }, { $next }
list-end = { $first } e { $last }
list-end-comma = { $first } e { $last }

# Português, na forma do Brasil. Tratamento: você, sem gíria. Aspas: “…”.
# Glossário: login = nome de usuário, password = senha, account = conta, link = link, e-mail address = endereço de e-mail,
# to sign in = entrar, to sign out = desconectar.
# Sem marcação: < > e & não podem aparecer.

mail-reset-subject = Defina uma nova senha
mail-changed-subject = Sua senha foi alterada
mail-email-subject = O endereço de e-mail da sua conta foi alterado
mail-attempts-subject = Muitas senhas incorretas foram tentadas na sua conta

mail-greeting = Olá,
mail-greeting-named = Olá, { $name },

mail-reset-intro = Alguém solicitou uma nova senha para a sua conta em { $site }. Se foi você, abra este link:
mail-reset-button = Definir uma nova senha
mail-reset-copy = Se o botão não funcionar, copie este link para o seu navegador:
mail-reset-lifetime = O link é válido por { $lifetime } e funciona apenas uma vez.
mail-reset-not-you = Se não foi você, não faça nada: sua senha continua a mesma. Quem tiver este e-mail pode definir a sua senha; por isso, não o repasse a ninguém.

mail-changed-intro = A senha da sua conta em { $site } foi alterada. Todas as pessoas que estavam conectadas à conta foram desconectadas.
mail-changed-you = Se foi você, não é preciso fazer nada.
mail-changed-not-you = Se não foi você, solicite imediatamente uma nova senha nesta página:
mail-changed-button = Solicitar uma nova senha
mail-changed-then = Depois, avise os responsáveis por { $site }.

mail-email-intro = O endereço de e-mail da sua conta em { $site } foi alterado. Esta mensagem é enviada ao endereço antigo e ao novo.
mail-email-you = Se você sabe disso, não é preciso fazer nada.
mail-email-not-you = Se não sabe, outra pessoa pode ter acessado a sua conta: avise imediatamente os responsáveis por { $site }. Eles podem bloquear a conta e desfazer a alteração.

mail-attempts-intro = Alguém tentou entrar na sua conta em { $site } com muitas senhas incorretas.
mail-attempts-open = Sua conta não está bloqueada: você ainda pode entrar de onde entrou recentemente. De outros lugares, talvez seja preciso esperar um pouco.
mail-attempts-you = Se foi você, não é preciso fazer nada.
mail-attempts-not-you = Se não foi você e a sua senha é fácil de adivinhar ou também é usada em outro lugar, solicite uma nova nesta página:
mail-attempts-then = Escolha uma senha longa que você não use em nenhum outro lugar.

mail-detail = { $label }: { $value }
mail-detail-account = Conta
mail-detail-asked = Data da solicitação
mail-detail-changed = Data da alteração
mail-detail-attempt = Data da última tentativa
mail-detail-from = A partir do endereço IP

mail-help-questions = Dúvidas? { $contact }
mail-help-reach = Como entrar em contato com eles: { $contact }

mail-moment =
    { $day } de { $month ->
        [1] janeiro
        [2] fevereiro
        [3] março
        [4] abril
        [5] maio
        [6] junho
        [7] julho
        [8] agosto
        [9] setembro
        [10] outubro
        [11] novembro
       *[12] dezembro
    } de { $year }, { $time } UTC
mail-moment-unknown = um dia desconhecido

mail-days = { $count ->
        [one] { $count } dia
       *[other] { $count } dias
    }
mail-hours = { $count ->
        [one] { $count } hora
       *[other] { $count } horas
    }
mail-minutes = { $count ->
        [one] { $count } minuto
       *[other] { $count } minutos
    }
mail-seconds = { $count ->
        [one] { $count } segundo
       *[other] { $count } segundos
    }
mail-two-units = { $larger } e { $smaller }

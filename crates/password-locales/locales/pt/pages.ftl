# Português, na forma do Brasil. Tratamento: você, sem gíria. Aspas: “…”.
# Glossário: login = nome de usuário, password = senha, account = conta, link = link, e-mail address = endereço de e-mail,
# to sign in = entrar, to sign out = desconectar, password manager = gerenciador de senhas.
# Sem marcação: < > e & não podem aparecer.

page-title-failed = Erro: { $title }
page-problems = Há um problema
page-language = Idioma
page-help = Precisa de ajuda?

page-field-login = Nome de usuário
page-field-login-or-email = Nome de usuário ou endereço de e-mail
page-field-login-hidden = Nome de usuário, para o seu gerenciador de senhas
page-field-current = Senha atual
page-field-new = Nova senha
page-field-confirm = Repita a nova senha

page-reset-title = Defina uma nova senha
page-reset-submit = Definir senha

page-forgot-title = Esqueceu a senha?
page-forgot-intro = Digite seu nome de usuário ou o endereço de e-mail da sua conta. Se houver uma conta, uma mensagem com um link será enviada ao endereço dela.
page-forgot-submit = Enviar o link
page-sent-title = Verifique seu e-mail
page-sent-text = Se houver uma conta com este nome de usuário ou endereço, uma mensagem com um link está a caminho. Pode levar alguns minutos; verifique também a pasta de spam.
page-sent-again = Solicitar novamente

page-change-title = Altere sua senha
page-change-submit = Alterar senha
page-change-forgot = Esqueceu a senha?

page-done-title = Sua senha foi alterada
page-done-text = Agora você pode entrar com a nova senha. Você foi desconectado em todos os lugares.
page-done-again = Alterar novamente

page-link-title = Este link não funciona mais
page-link-text = Ele já foi usado, é antigo demais ou não foi copiado por inteiro.
page-link-again = Solicitar um novo link

page-demo-title = Conta de demonstração
page-demo-text = No modo de demonstração, esta função está desativada.

page-missing-login = Digite seu nome de usuário.
page-missing-login-or-email = Digite seu nome de usuário ou endereço de e-mail.
page-missing-current = Digite sua senha atual.
page-missing-new = Digite uma nova senha.
page-problem-mismatch = As duas senhas não são iguais.
page-problem-rejected = O nome de usuário ou a senha atual está incorreta.
page-problem-not-activated = Esta conta ainda não foi ativada.
page-problem-blocked = Esta conta está bloqueada.
page-problem-unchanged = A nova senha deve ser diferente.
page-problem-too-many = Muitas tentativas. Espere um pouco e tente novamente.
page-problem-too-many-minutes = { $count ->
        [one] Muitas tentativas. Tente novamente em { $count } minuto.
       *[other] Muitas tentativas. Tente novamente em { $count } minutos.
    }
page-problem-busy = O serviço está ocupado. Espere um momento e tente novamente.
page-problem-unexpected = Algo deu errado. Tente novamente mais tarde.

page-bad-request-title = Solicitação inválida
page-bad-request-text = Não foi possível entender a solicitação.
page-cross-site-title = Recusado
page-cross-site-text = Este formulário foi enviado a partir de outro site. Abra a própria página e tente novamente.
page-not-found-title = Página não encontrada
page-not-found-text = Não há nenhuma página neste endereço.
page-method-title = Método não permitido
page-method-text = Este endereço não aceita esse tipo de solicitação.
page-too-large-title = Solicitação grande demais
page-too-large-text = O que foi enviado é grande demais.
page-unsupported-title = Tipo não suportado
page-unsupported-text = Aqui só é aceito um formulário enviado.
page-unavailable-title = Serviço indisponível
page-unavailable-text = Espere um momento e tente novamente.
page-unexpected-title = Algo deu errado
page-unexpected-text = Tente novamente mais tarde.
page-failed-title = A solicitação falhou
page-failed-text = Não foi possível executar a solicitação.

page-show = Mostrar
page-hide = Ocultar
page-show-field = Mostrar: { $field }
page-hide-field = Ocultar: { $field }
page-caps-lock = A tecla Caps Lock está ativada.
page-rules = Requisitos da nova senha:
page-rule-met = cumprido
page-rule-open = ainda não cumprido
page-rules-met = { $met } de { $total } cumpridos
page-match = As duas senhas são iguais.
page-no-match = As duas senhas ainda não são iguais.
page-checking = Verificando…
page-check-failed = Não foi possível verificar agora. A verificação será feita no envio.

page-strength = Força: { $word }
page-strength-0 = muito fraca
page-strength-1 = fraca
page-strength-2 = razoável
page-strength-3 = forte
page-strength-4 = muito forte

page-warning-straight-rows = Fileiras de teclas são fáceis de adivinhar.
page-warning-keyboard-patterns = Padrões curtos do teclado são fáceis de adivinhar.
page-warning-repeats-aaa = Repetições como “aaa” são fáceis de adivinhar.
page-warning-repeats-abcabc = Repetições como “abcabcabc” são apenas um pouco mais difíceis de adivinhar do que “abc”.
page-warning-top-10 = Esta é uma das 10 senhas mais comuns.
page-warning-top-100 = Esta é uma das 100 senhas mais comuns.
page-warning-common = Esta é uma senha muito comum.
page-warning-similar-to-common = Esta senha é parecida com uma senha muito usada.
page-warning-sequences = Sequências como abc ou 6543 são fáceis de adivinhar.
page-warning-recent-years = Anos recentes são fáceis de adivinhar.
page-warning-single-word = Uma palavra sozinha é fácil de adivinhar.
page-warning-dates = Datas costumam ser fáceis de adivinhar.
page-warning-names = Nomes e sobrenomes sozinhos são fáceis de adivinhar.
page-warning-common-names = Nomes e sobrenomes comuns são fáceis de adivinhar.

page-suggestion-few-words = Use algumas palavras e evite frases comuns.
page-suggestion-no-symbols-needed = Não é preciso usar símbolos, números nem letras maiúsculas.
page-suggestion-another-word = Acrescente mais uma ou duas palavras. Palavras incomuns são melhores.
page-suggestion-capitalization = Letras maiúsculas não ajudam muito.
page-suggestion-all-uppercase = Tudo em maiúsculas é quase tão fácil de adivinhar quanto tudo em minúsculas.
page-suggestion-reversed = Palavras ao contrário não são muito mais difíceis de adivinhar.
page-suggestion-substitutions = Substituições previsíveis, como “@” no lugar de “a”, não ajudam muito.
page-suggestion-longer-pattern = Use um padrão de teclado mais longo e com mais mudanças de direção.
page-suggestion-repeats = Evite palavras e caracteres repetidos.
page-suggestion-sequences = Evite sequências.
page-suggestion-recent-years = Evite anos recentes.
page-suggestion-own-years = Evite anos associados a você.
page-suggestion-own-dates = Evite datas e anos associados a você.

# Français. Vouvoiement. Guillemets : « … ». Espace insécable devant : et ?, fine devant ; et !.
# Glossaire : login = identifiant, password = mot de passe, account = compte, link = lien, e-mail address = adresse e-mail,
# to sign in = se connecter, to sign out = déconnecter.
# Pas de balisage : les caractères < > et & sont exclus.

mail-reset-subject = Définissez un nouveau mot de passe
mail-changed-subject = Votre mot de passe a été modifié
mail-email-subject = L’adresse e-mail de votre compte a été modifiée
mail-attempts-subject = De nombreux mots de passe incorrects ont été essayés pour votre compte

mail-greeting = Bonjour,
mail-greeting-named = Bonjour { $name },

mail-reset-intro = Quelqu’un a demandé un nouveau mot de passe pour votre compte sur { $site }. Si c’est vous, ouvrez ce lien :
mail-reset-button = Définir un nouveau mot de passe
mail-reset-copy = Si le bouton ne fonctionne pas, copiez ce lien dans votre navigateur :
mail-reset-lifetime = Le lien est valable pendant { $lifetime } et ne fonctionne qu’une seule fois.
mail-reset-not-you = Si ce n’est pas vous, ne faites rien : votre mot de passe reste le même. Toute personne qui possède ce message peut définir votre mot de passe ; ne le transmettez donc à personne.

mail-changed-intro = Le mot de passe de votre compte sur { $site } a été modifié. Toutes les personnes connectées à ce compte ont été déconnectées.
mail-changed-you = Si c’est vous, vous n’avez rien à faire.
mail-changed-not-you = Si ce n’est pas vous, demandez immédiatement un nouveau mot de passe sur cette page :
mail-changed-button = Demander un nouveau mot de passe
mail-changed-then = Prévenez ensuite les responsables de { $site }.

mail-email-intro = L’adresse e-mail de votre compte sur { $site } a été modifiée. Ce message est envoyé à l’ancienne et à la nouvelle adresse.
mail-email-you = Si vous êtes au courant, vous n’avez rien à faire.
mail-email-not-you = Sinon, quelqu’un d’autre a peut-être accédé à votre compte : prévenez immédiatement les responsables de { $site }. Ils peuvent bloquer le compte et annuler la modification.

mail-attempts-intro = Quelqu’un a essayé de se connecter à votre compte sur { $site } avec de nombreux mots de passe incorrects.
mail-attempts-open = Votre compte n’est pas bloqué : vous pouvez toujours vous connecter depuis les endroits où vous l’avez fait récemment. Ailleurs, vous devrez peut-être attendre un moment.
mail-attempts-you = Si c’est vous, vous n’avez rien à faire.
mail-attempts-not-you = Si ce n’est pas vous et que votre mot de passe est facile à deviner ou vous sert aussi ailleurs, demandez-en un nouveau sur cette page :
mail-attempts-then = Choisissez un mot de passe long que vous n’utilisez nulle part ailleurs.

mail-detail = { $label } : { $value }
mail-detail-account = Compte
mail-detail-asked = Date de la demande
mail-detail-changed = Date de la modification
mail-detail-attempt = Date de la dernière tentative
mail-detail-from = Depuis l’adresse IP

mail-help-questions = Des questions ? { $contact }
mail-help-reach = Comment les joindre : { $contact }

mail-moment =
    { $day } { $month ->
        [1] janvier
        [2] février
        [3] mars
        [4] avril
        [5] mai
        [6] juin
        [7] juillet
        [8] août
        [9] septembre
        [10] octobre
        [11] novembre
       *[12] décembre
    } { $year } à { $time } UTC
mail-moment-unknown = un jour inconnu

mail-days = { $count ->
        [one] { $count } jour
       *[other] { $count } jours
    }
mail-hours = { $count ->
        [one] { $count } heure
       *[other] { $count } heures
    }
mail-minutes = { $count ->
        [one] { $count } minute
       *[other] { $count } minutes
    }
mail-seconds = { $count ->
        [one] { $count } seconde
       *[other] { $count } secondes
    }
mail-two-units = { $larger } et { $smaller }

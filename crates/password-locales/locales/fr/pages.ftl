# Français. Vouvoiement. Guillemets : « … ». Espace insécable devant : et ?, fine devant ; et !.
# Glossaire : login = identifiant, password = mot de passe, account = compte, link = lien, e-mail address = adresse e-mail,
# to sign in = se connecter, to sign out = déconnecter, password manager = gestionnaire de mots de passe.
# Pas de balisage : les caractères < > et & sont exclus.

page-title-failed = Erreur : { $title }
page-problems = Il y a un problème
page-language = Langue
page-help = Besoin d’aide ?

page-field-login = Identifiant
page-field-login-or-email = Identifiant ou adresse e-mail
page-field-login-hidden = Identifiant, pour votre gestionnaire de mots de passe
page-field-current = Mot de passe actuel
page-field-new = Nouveau mot de passe
page-field-confirm = Répétez le nouveau mot de passe

page-reset-title = Définissez un nouveau mot de passe
page-reset-submit = Définir le mot de passe

page-forgot-title = Mot de passe oublié ?
page-forgot-intro = Saisissez votre identifiant ou l’adresse e-mail de votre compte. Si un compte existe, un message contenant un lien est envoyé à son adresse.
page-forgot-submit = Envoyer le lien
page-sent-title = Consultez votre messagerie
page-sent-text = S’il existe un compte avec cet identifiant ou cette adresse, un message contenant un lien est en route. Cela peut prendre quelques minutes ; regardez aussi dans le dossier des courriers indésirables.
page-sent-again = Faire une nouvelle demande

page-change-title = Changez votre mot de passe
page-change-submit = Changer le mot de passe
page-change-forgot = Mot de passe oublié ?

page-done-title = Votre mot de passe est modifié
page-done-text = Vous pouvez maintenant vous connecter avec votre nouveau mot de passe. Vous avez été déconnecté partout.
page-done-again = Le changer à nouveau

page-link-title = Ce lien ne fonctionne plus
page-link-text = Il a déjà été utilisé, il est trop ancien ou il n’a pas été copié en entier.
page-link-again = Demander un nouveau lien

page-demo-title = Compte de démonstration
page-demo-text = En mode démonstration, cette fonction est désactivée.

page-missing-login = Saisissez votre identifiant.
page-missing-login-or-email = Saisissez votre identifiant ou votre adresse e-mail.
page-missing-current = Saisissez votre mot de passe actuel.
page-missing-new = Saisissez un nouveau mot de passe.
page-problem-mismatch = Les deux mots de passe ne correspondent pas.
page-problem-rejected = L’identifiant ou le mot de passe actuel est incorrect.
page-problem-not-activated = Ce compte n’est pas encore activé.
page-problem-blocked = Ce compte est bloqué.
page-problem-unchanged = Le nouveau mot de passe doit être différent.
page-problem-too-many = Trop de tentatives. Attendez un peu, puis réessayez.
page-problem-too-many-minutes = { $count ->
        [one] Trop de tentatives. Réessayez dans { $count } minute.
       *[other] Trop de tentatives. Réessayez dans { $count } minutes.
    }
page-problem-busy = Le service est surchargé. Attendez un instant, puis réessayez.
page-problem-unexpected = Une erreur s’est produite. Réessayez plus tard.

page-bad-request-title = Requête incorrecte
page-bad-request-text = La requête n’a pas pu être comprise.
page-cross-site-title = Refusé
page-cross-site-text = Ce formulaire a été envoyé depuis un autre site. Ouvrez la page elle-même et réessayez.
page-not-found-title = Page introuvable
page-not-found-text = Il n’y a aucune page à cette adresse.
page-method-title = Méthode non autorisée
page-method-text = Cette adresse n’accepte pas une telle requête.
page-too-large-title = Requête trop volumineuse
page-too-large-text = Ce qui a été envoyé est trop volumineux.
page-unsupported-title = Type non pris en charge
page-unsupported-text = Seul un formulaire envoyé est accepté ici.
page-unavailable-title = Service indisponible
page-unavailable-text = Attendez un instant, puis réessayez.
page-unexpected-title = Une erreur s’est produite
page-unexpected-text = Réessayez plus tard.
page-failed-title = Échec de la requête
page-failed-text = La requête n’a pas pu être exécutée.

page-show = Afficher
page-hide = Masquer
page-show-field = Afficher : { $field }
page-hide-field = Masquer : { $field }
page-caps-lock = La touche de verrouillage des majuscules est activée.
page-rules = Exigences pour le nouveau mot de passe :
page-rule-met = rempli
page-rule-open = pas encore rempli
page-rules-met = { $met } sur { $total } remplis
page-match = Les deux mots de passe correspondent.
page-no-match = Les deux mots de passe ne correspondent pas encore.
page-checking = Vérification en cours…
page-check-failed = La vérification est impossible pour le moment. Elle aura lieu à l’envoi.

page-strength = Robustesse : { $word }
page-strength-0 = très faible
page-strength-1 = faible
page-strength-2 = moyenne
page-strength-3 = forte
page-strength-4 = très forte

page-warning-straight-rows = Les suites de touches voisines sont faciles à deviner.
page-warning-keyboard-patterns = Les motifs de clavier courts sont faciles à deviner.
page-warning-repeats-aaa = Les répétitions comme « aaa » sont faciles à deviner.
page-warning-repeats-abcabc = Les répétitions comme « abcabcabc » ne sont guère plus difficiles à deviner que « abc ».
page-warning-top-10 = C’est l’un des 10 mots de passe les plus courants.
page-warning-top-100 = C’est l’un des 100 mots de passe les plus courants.
page-warning-common = C’est un mot de passe très courant.
page-warning-similar-to-common = Il ressemble à un mot de passe courant.
page-warning-sequences = Les suites comme abc ou 6543 sont faciles à deviner.
page-warning-recent-years = Les années récentes sont faciles à deviner.
page-warning-single-word = Un mot seul est facile à deviner.
page-warning-dates = Les dates sont souvent faciles à deviner.
page-warning-names = Les prénoms et noms de famille seuls sont faciles à deviner.
page-warning-common-names = Les prénoms et noms de famille courants sont faciles à deviner.

page-suggestion-few-words = Utilisez plusieurs mots, évitez les expressions courantes.
page-suggestion-no-symbols-needed = Les symboles, chiffres ou majuscules ne sont pas nécessaires.
page-suggestion-another-word = Ajoutez un ou deux mots. Les mots rares sont préférables.
page-suggestion-capitalization = Les majuscules n’aident pas beaucoup.
page-suggestion-all-uppercase = Tout en majuscules est presque aussi facile à deviner que tout en minuscules.
page-suggestion-reversed = Les mots écrits à l’envers ne sont guère plus difficiles à deviner.
page-suggestion-substitutions = Les substitutions prévisibles, comme « @ » à la place de « a », n’aident pas beaucoup.
page-suggestion-longer-pattern = Utilisez un motif de clavier plus long, avec plus de changements de direction.
page-suggestion-repeats = Évitez les mots et les caractères répétés.
page-suggestion-sequences = Évitez les suites.
page-suggestion-recent-years = Évitez les années récentes.
page-suggestion-own-years = Évitez les années qui vous concernent.
page-suggestion-own-dates = Évitez les dates et les années qui vous concernent.

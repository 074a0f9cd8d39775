# Español, neutro. Tratamiento: usted. Comillas: «…».
# Glosario: login = nombre de usuario, password = contraseña, account = cuenta, link = enlace, e-mail address = dirección de
# correo electrónico, to sign in = iniciar sesión, to sign out = cerrar la sesión.
# Sin marcas: < > y & no deben aparecer.

mail-reset-subject = Establezca una nueva contraseña
mail-changed-subject = Su contraseña se ha cambiado
mail-email-subject = La dirección de correo electrónico de su cuenta se ha cambiado
mail-attempts-subject = Se han probado muchas contraseñas incorrectas en su cuenta

mail-greeting = Hola:
mail-greeting-named = Hola, { $name }:

mail-reset-intro = Alguien ha solicitado una nueva contraseña para su cuenta en { $site }. Si ha sido usted, abra este enlace:
mail-reset-button = Establecer una nueva contraseña
mail-reset-copy = Si el botón no funciona, copie este enlace en su navegador:
mail-reset-lifetime = El enlace es válido durante { $lifetime } y solo funciona una vez.
mail-reset-not-you = Si no ha sido usted, no haga nada: su contraseña sigue siendo la misma. Quien tenga este mensaje puede establecer su contraseña, así que no lo comparta con nadie.

mail-changed-intro = La contraseña de su cuenta en { $site } se ha cambiado. Se ha cerrado la sesión de todas las personas que la tenían abierta en esta cuenta.
mail-changed-you = Si ha sido usted, no tiene que hacer nada.
mail-changed-not-you = Si no ha sido usted, solicite de inmediato una nueva contraseña en esta página:
mail-changed-button = Solicitar una nueva contraseña
mail-changed-then = Después, avise a los responsables de { $site }.

mail-email-intro = La dirección de correo electrónico de su cuenta en { $site } se ha cambiado. Este mensaje se envía a la dirección anterior y a la nueva.
mail-email-you = Si está al tanto, no tiene que hacer nada.
mail-email-not-you = Si no lo está, es posible que otra persona haya accedido a su cuenta: avise de inmediato a los responsables de { $site }. Ellos pueden bloquear la cuenta y deshacer el cambio.

mail-attempts-intro = Alguien ha intentado iniciar sesión en su cuenta en { $site } con muchas contraseñas incorrectas.
mail-attempts-open = Su cuenta no está bloqueada: puede seguir iniciando sesión desde donde lo haya hecho recientemente. Desde otros lugares, es posible que tenga que esperar un tiempo.
mail-attempts-you = Si ha sido usted, no tiene que hacer nada.
mail-attempts-not-you = Si no ha sido usted y su contraseña es fácil de adivinar o también la usa en otros sitios, solicite una nueva en esta página:
mail-attempts-then = Elija una contraseña larga que no use en ningún otro sitio.

mail-detail = { $label }: { $value }
mail-detail-account = Cuenta
mail-detail-asked = Fecha de la solicitud
mail-detail-changed = Fecha del cambio
mail-detail-attempt = Fecha del último intento
mail-detail-from = Desde la dirección IP

mail-help-questions = ¿Tiene preguntas? { $contact }
mail-help-reach = Cómo contactar con ellos: { $contact }

mail-moment =
    { $day } de { $month ->
        [1] enero
        [2] febrero
        [3] marzo
        [4] abril
        [5] mayo
        [6] junio
        [7] julio
        [8] agosto
        [9] septiembre
        [10] octubre
        [11] noviembre
       *[12] diciembre
    } de { $year }, { $time } UTC
mail-moment-unknown = un día desconocido

mail-days = { $count ->
        [one] { $count } día
       *[other] { $count } días
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
mail-two-units = { $larger } y { $smaller }

# Español, neutro. Tratamiento: usted. Comillas: «…».
# Glosario: login = nombre de usuario, password = contraseña, account = cuenta, link = enlace, e-mail address = dirección de
# correo electrónico, to sign in = iniciar sesión, to sign out = cerrar la sesión, password manager = gestor de contraseñas.
# Sin marcas: < > y & no deben aparecer.

page-title-failed = Error: { $title }
page-problems = Hay un problema
page-language = Idioma
page-help = ¿Necesita ayuda?

page-field-login = Nombre de usuario
page-field-login-or-email = Nombre de usuario o dirección de correo electrónico
page-field-login-hidden = Nombre de usuario, para su gestor de contraseñas
page-field-current = Contraseña actual
page-field-new = Nueva contraseña
page-field-confirm = Repita la nueva contraseña

page-reset-title = Establezca una nueva contraseña
page-reset-submit = Establecer contraseña

page-forgot-title = ¿Ha olvidado su contraseña?
page-forgot-intro = Introduzca su nombre de usuario o la dirección de correo electrónico de su cuenta. Si existe una cuenta, se enviará un mensaje con un enlace a su dirección.
page-forgot-submit = Enviar el enlace
page-sent-title = Revise su correo
page-sent-text = Si existe una cuenta con este nombre de usuario o esta dirección, un mensaje con un enlace está en camino. Puede tardar unos minutos; mire también en la carpeta de correo no deseado.
page-sent-again = Solicitarlo de nuevo

page-change-title = Cambie su contraseña
page-change-submit = Cambiar contraseña
page-change-forgot = ¿Ha olvidado su contraseña?

page-done-title = Su contraseña se ha cambiado
page-done-text = Ya puede iniciar sesión con su nueva contraseña. Se ha cerrado su sesión en todos los dispositivos.
page-done-again = Cambiarla de nuevo

page-link-title = Este enlace ya no funciona
page-link-text = Ya se ha usado, es demasiado antiguo o no se ha copiado completo.
page-link-again = Solicitar un nuevo enlace

page-demo-title = Cuenta de demostración
page-demo-text = En el modo de demostración esta función está desactivada.

page-missing-login = Introduzca su nombre de usuario.
page-missing-login-or-email = Introduzca su nombre de usuario o su dirección de correo electrónico.
page-missing-current = Introduzca su contraseña actual.
page-missing-new = Introduzca una nueva contraseña.
page-problem-mismatch = Las dos contraseñas no coinciden.
page-problem-rejected = El nombre de usuario o la contraseña actual no son correctos.
page-problem-not-activated = Esta cuenta aún no está activada.
page-problem-blocked = Esta cuenta está bloqueada.
page-problem-unchanged = La nueva contraseña debe ser diferente.
page-problem-too-many = Demasiados intentos. Espere un rato e inténtelo de nuevo.
page-problem-too-many-minutes = { $count ->
        [one] Demasiados intentos. Inténtelo de nuevo dentro de { $count } minuto.
       *[other] Demasiados intentos. Inténtelo de nuevo dentro de { $count } minutos.
    }
page-problem-busy = El servicio está ocupado. Espere un momento e inténtelo de nuevo.
page-problem-unexpected = Algo ha salido mal. Inténtelo de nuevo más tarde.

page-bad-request-title = Solicitud incorrecta
page-bad-request-text = No se ha podido entender la solicitud.
page-cross-site-title = Rechazado
page-cross-site-text = Este formulario se ha enviado desde otro sitio. Abra la página misma e inténtelo de nuevo.
page-not-found-title = Página no encontrada
page-not-found-text = No hay ninguna página en esta dirección.
page-method-title = Método no permitido
page-method-text = Esta dirección no acepta una solicitud así.
page-too-large-title = Solicitud demasiado grande
page-too-large-text = Lo que se ha enviado es demasiado grande.
page-unsupported-title = Tipo no admitido
page-unsupported-text = Aquí solo se acepta un formulario enviado.
page-unavailable-title = Servicio no disponible
page-unavailable-text = Espere un momento e inténtelo de nuevo.
page-unexpected-title = Algo ha salido mal
page-unexpected-text = Inténtelo de nuevo más tarde.
page-failed-title = La solicitud ha fallado
page-failed-text = No se ha podido llevar a cabo la solicitud.

page-show = Mostrar
page-hide = Ocultar
page-show-field = Mostrar: { $field }
page-hide-field = Ocultar: { $field }
page-caps-lock = El bloqueo de mayúsculas está activado.
page-rules = Requisitos de la nueva contraseña:
page-rule-met = cumplido
page-rule-open = aún no cumplido
page-rules-met = { $met } de { $total } cumplidos
page-match = Las dos contraseñas coinciden.
page-no-match = Las dos contraseñas aún no coinciden.
page-checking = Comprobando…
page-check-failed = No se ha podido comprobar ahora. Se comprobará al enviar el formulario.

page-strength = Seguridad: { $word }
page-strength-0 = muy débil
page-strength-1 = débil
page-strength-2 = aceptable
page-strength-3 = fuerte
page-strength-4 = muy fuerte

page-warning-straight-rows = Las filas de teclas seguidas son fáciles de adivinar.
page-warning-keyboard-patterns = Los patrones de teclado cortos son fáciles de adivinar.
page-warning-repeats-aaa = Las repeticiones como «aaa» son fáciles de adivinar.
page-warning-repeats-abcabc = Las repeticiones como «abcabcabc» son solo un poco más difíciles de adivinar que «abc».
page-warning-top-10 = Es una de las 10 contraseñas más comunes.
page-warning-top-100 = Es una de las 100 contraseñas más comunes.
page-warning-common = Es una contraseña muy común.
page-warning-similar-to-common = Se parece a una contraseña de uso común.
page-warning-sequences = Las secuencias como abc o 6543 son fáciles de adivinar.
page-warning-recent-years = Los años recientes son fáciles de adivinar.
page-warning-single-word = Una sola palabra es fácil de adivinar.
page-warning-dates = Las fechas suelen ser fáciles de adivinar.
page-warning-names = Los nombres y apellidos por sí solos son fáciles de adivinar.
page-warning-common-names = Los nombres y apellidos comunes son fáciles de adivinar.

page-suggestion-few-words = Use varias palabras y evite las frases hechas.
page-suggestion-no-symbols-needed = No hacen falta símbolos, números ni mayúsculas.
page-suggestion-another-word = Añada una o dos palabras más. Las palabras poco comunes son mejores.
page-suggestion-capitalization = Las mayúsculas no ayudan mucho.
page-suggestion-all-uppercase = Todo en mayúsculas es casi tan fácil de adivinar como todo en minúsculas.
page-suggestion-reversed = Las palabras escritas al revés no son mucho más difíciles de adivinar.
page-suggestion-substitutions = Las sustituciones previsibles, como «@» en lugar de «a», no ayudan mucho.
page-suggestion-longer-pattern = Use un patrón de teclado más largo y con más giros.
page-suggestion-repeats = Evite las palabras y los caracteres repetidos.
page-suggestion-sequences = Evite las secuencias.
page-suggestion-recent-years = Evite los años recientes.
page-suggestion-own-years = Evite los años relacionados con usted.
page-suggestion-own-dates = Evite las fechas y los años relacionados con usted.

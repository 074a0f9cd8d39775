# Русский. Обращение: на «вы», со строчной буквы. Кавычки: «…».
# Глоссарий: login = логин, password = пароль, account = учётная запись, link = ссылка, e-mail address = адрес электронной
# почты, to sign in = войти, to sign out = завершить сеанс, password manager = менеджер паролей. Буква «ё» пишется всегда.
# Без разметки: знаков < > и & быть не должно.

page-title-failed = Ошибка: { $title }
page-problems = Возникла проблема
page-language = Язык
page-help = Нужна помощь?

page-field-login = Логин
page-field-login-or-email = Логин или адрес электронной почты
page-field-login-hidden = Логин, для вашего менеджера паролей
page-field-current = Текущий пароль
page-field-new = Новый пароль
page-field-confirm = Новый пароль ещё раз

page-reset-title = Установите новый пароль
page-reset-submit = Установить пароль

page-forgot-title = Забыли пароль?
page-forgot-intro = Введите логин или адрес электронной почты вашей учётной записи. Если такая учётная запись есть, на её адрес будет отправлено письмо со ссылкой.
page-forgot-submit = Отправить ссылку
page-sent-title = Проверьте почту
page-sent-text = Если учётная запись с таким логином или адресом есть, письмо со ссылкой уже в пути. Это может занять несколько минут; проверьте также папку «Спам».
page-sent-again = Запросить ещё раз

page-change-title = Смена пароля
page-change-submit = Сменить пароль
page-change-forgot = Забыли пароль?

page-done-title = Ваш пароль изменён
page-done-text = Теперь вы можете войти с новым паролем. Все ваши сеансы завершены.
page-done-again = Сменить ещё раз

page-link-title = Эта ссылка больше не действует
page-link-text = Она уже использована, устарела или скопирована не полностью.
page-link-again = Запросить новую ссылку

page-demo-title = Демонстрационная учётная запись
page-demo-text = В демонстрационном режиме эта функция отключена.

page-missing-login = Введите логин.
page-missing-login-or-email = Введите логин или адрес электронной почты.
page-missing-current = Введите текущий пароль.
page-missing-new = Введите новый пароль.
page-problem-mismatch = Введённые пароли не совпадают.
page-problem-rejected = Неверный логин или текущий пароль.
page-problem-not-activated = Эта учётная запись ещё не активирована.
page-problem-blocked = Эта учётная запись заблокирована.
page-problem-unchanged = Новый пароль должен отличаться от прежнего.
page-problem-too-many = Слишком много попыток. Подождите немного и попробуйте снова.
page-problem-too-many-minutes = { $count ->
        [one] Слишком много попыток. Попробуйте снова через { $count } минуту.
        [few] Слишком много попыток. Попробуйте снова через { $count } минуты.
        [many] Слишком много попыток. Попробуйте снова через { $count } минут.
       *[other] Слишком много попыток. Попробуйте снова через { $count } минуты.
    }
page-problem-busy = Сервис перегружен. Подождите немного и попробуйте снова.
page-problem-unexpected = Что-то пошло не так. Попробуйте позже.

page-bad-request-title = Неверный запрос
page-bad-request-text = Не удалось разобрать запрос.
page-cross-site-title = Отказано
page-cross-site-text = Эта форма отправлена с другого сайта. Откройте саму страницу и попробуйте снова.
page-not-found-title = Страница не найдена
page-not-found-text = По этому адресу нет страницы.
page-method-title = Метод не разрешён
page-method-text = Этот адрес не принимает такие запросы.
page-too-large-title = Слишком большой запрос
page-too-large-text = Отправлено слишком много данных.
page-unsupported-title = Тип не поддерживается
page-unsupported-text = Здесь принимается только отправленная форма.
page-unavailable-title = Сервис недоступен
page-unavailable-text = Подождите немного и попробуйте снова.
page-unexpected-title = Что-то пошло не так
page-unexpected-text = Попробуйте позже.
page-failed-title = Запрос не выполнен
page-failed-text = Не удалось выполнить запрос.

page-show = Показать
page-hide = Скрыть
page-show-field = Показать: { $field }
page-hide-field = Скрыть: { $field }
page-caps-lock = Включён Caps Lock.
page-rules = Требования к новому паролю:
page-rule-met = выполнено
page-rule-open = ещё не выполнено
page-rules-met = Выполнено: { $met } из { $total }
page-match = Пароли совпадают.
page-no-match = Пароли пока не совпадают.
page-checking = Проверка…
page-check-failed = Сейчас проверить не удалось. Проверка пройдёт при отправке.

page-strength = Надёжность: { $word }
page-strength-0 = очень низкая
page-strength-1 = низкая
page-strength-2 = средняя
page-strength-3 = высокая
page-strength-4 = очень высокая

page-warning-straight-rows = Клавиши, стоящие подряд, легко угадать.
page-warning-keyboard-patterns = Короткие сочетания соседних клавиш легко угадать.
page-warning-repeats-aaa = Повторы вроде «aaa» легко угадать.
page-warning-repeats-abcabc = Повторы вроде «abcabcabc» угадать лишь немногим труднее, чем «abc».
page-warning-top-10 = Это один из 10 самых распространённых паролей.
page-warning-top-100 = Это один из 100 самых распространённых паролей.
page-warning-common = Это очень распространённый пароль.
page-warning-similar-to-common = Это похоже на распространённый пароль.
page-warning-sequences = Последовательности вроде abc или 6543 легко угадать.
page-warning-recent-years = Недавние годы легко угадать.
page-warning-single-word = Одно слово легко угадать.
page-warning-dates = Даты часто легко угадать.
page-warning-names = Имена и фамилии сами по себе легко угадать.
page-warning-common-names = Распространённые имена и фамилии легко угадать.

page-suggestion-few-words = Используйте несколько слов, избегайте устойчивых выражений.
page-suggestion-no-symbols-needed = Специальные символы, цифры и заглавные буквы не обязательны.
page-suggestion-another-word = Добавьте ещё одно-два слова. Лучше подойдут редкие слова.
page-suggestion-capitalization = Заглавные буквы помогают мало.
page-suggestion-all-uppercase = Слово из одних заглавных букв угадать почти так же легко, как из одних строчных.
page-suggestion-reversed = Слова, написанные наоборот, угадать ненамного труднее.
page-suggestion-substitutions = Предсказуемые замены вроде «@» вместо «a» помогают мало.
page-suggestion-longer-pattern = Используйте более длинное сочетание клавиш с частой сменой направления.
page-suggestion-repeats = Избегайте повторов слов и символов.
page-suggestion-sequences = Избегайте последовательностей.
page-suggestion-recent-years = Избегайте недавних годов.
page-suggestion-own-years = Избегайте годов, связанных с вами.
page-suggestion-own-dates = Избегайте дат и годов, связанных с вами.

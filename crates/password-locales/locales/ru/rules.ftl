# Русский. Обращение: на «вы».
# Глоссарий: password = пароль, character = символ, special character = специальный символ, commonly used = распространённый.
# Без разметки: знаков < > и & быть не должно.

rule-similar = Пароль не должен быть слишком похож на другие ваши личные данные.
rule-too-short = { $count ->
        [one] Пароль должен содержать не менее { $count } символа.
        [few] Пароль должен содержать не менее { $count } символов.
        [many] Пароль должен содержать не менее { $count } символов.
       *[other] Пароль должен содержать не менее { $count } символа.
    }
rule-common = Пароль не должен быть одним из распространённых.
rule-numeric = Пароль не должен состоять только из цифр.
rule-classes = Пароль должен содержать хотя бы { $list }.
rule-too-long = { $count ->
        [one] Пароль должен содержать не более { $count } символа.
        [few] Пароль должен содержать не более { $count } символов.
        [many] Пароль должен содержать не более { $count } символов.
       *[other] Пароль должен содержать не более { $count } символа.
    }
rule-unprintable = Пароль содержит символы, которые нельзя использовать.
rule-blank = Пароль не должен состоять из одних пробелов.
rule-reused = Этот пароль недавно использовался.
rule-too-weak = Этот пароль слишком легко угадать.

checklist-similar = Не слишком похож на другие ваши личные данные
checklist-too-short = { $count ->
        [one] Не менее { $count } символа
        [few] Не менее { $count } символов
        [many] Не менее { $count } символов
       *[other] Не менее { $count } символа
    }
checklist-common = Не из числа распространённых паролей
checklist-numeric = Не только цифры
checklist-classes = Содержит хотя бы { $list }
checklist-too-long = { $count ->
        [one] Не более { $count } символа
        [few] Не более { $count } символов
        [many] Не более { $count } символов
       *[other] Не более { $count } символа
    }
checklist-unprintable = Только печатные символы
checklist-reused-current = Не совпадает с текущим паролем
checklist-reused = { $count ->
        [one] Не совпадает ни с одним из { $count } последнего пароля
        [few] Не совпадает ни с одним из { $count } последних паролей
        [many] Не совпадает ни с одним из { $count } последних паролей
       *[other] Не совпадает ни с одним из { $count } последних паролей
    }
checklist-too-weak = Трудно угадать

# Винительный падеж, с числом.
class-capital = одну заглавную букву
class-uppercase = одну заглавную букву
class-small = одну строчную букву
class-lowercase = одну строчную букву
class-number = одну цифру
class-digit = одну цифру
class-special = один специальный символ
class-special-of = один специальный символ ({ $set })

list-pair = { $first } и { $last }
list-more = { $first }, { $next }
list-end = { $first } и { $last }
list-end-comma = { $first } и { $last }

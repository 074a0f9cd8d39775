# العربية الفصحى. صيغة مهذبة محايدة.
# المسرد: password = كلمة المرور، character = حرف أو رمز (في العدّ: «حرف»)، special character = رمز خاص، commonly used = شائعة.
# دون ترميز: لا تُستعمل العلامات < > و &

rule-similar = يجب ألا تكون كلمة المرور شديدة الشبه بمعلوماتك الشخصية الأخرى.
rule-too-short = { $count ->
        [zero] يجب ألا يقل طول كلمة المرور عن { $count } حرف.
        [one] يجب ألا يقل طول كلمة المرور عن حرف واحد.
        [two] يجب ألا يقل طول كلمة المرور عن حرفين.
        [few] يجب ألا يقل طول كلمة المرور عن { $count } أحرف.
        [many] يجب ألا يقل طول كلمة المرور عن { $count } حرفًا.
       *[other] يجب ألا يقل طول كلمة المرور عن { $count } حرف.
    }
rule-common = يجب ألا تكون كلمة المرور من الكلمات الشائعة الاستخدام.
rule-numeric = يجب ألا تتكون كلمة المرور من أرقام فقط.
rule-classes = يجب أن تحتوي كلمة المرور على الأقل على { $list }.
rule-too-long = { $count ->
        [zero] يجب ألا يزيد طول كلمة المرور على { $count } حرف.
        [one] يجب ألا يزيد طول كلمة المرور على حرف واحد.
        [two] يجب ألا يزيد طول كلمة المرور على حرفين.
        [few] يجب ألا يزيد طول كلمة المرور على { $count } أحرف.
        [many] يجب ألا يزيد طول كلمة المرور على { $count } حرفًا.
       *[other] يجب ألا يزيد طول كلمة المرور على { $count } حرف.
    }
rule-unprintable = تحتوي كلمة المرور على رموز لا يمكن استخدامها.
rule-blank = يجب ألا تتكون كلمة المرور من مسافات فقط.
rule-reused = استُخدمت كلمة المرور هذه مؤخرًا.
rule-too-weak = كلمة المرور سهلة التخمين للغاية.

checklist-similar = ألا تكون شديدة الشبه بمعلوماتك الشخصية الأخرى
checklist-too-short = { $count ->
        [zero] { $count } حرف على الأقل
        [one] حرف واحد على الأقل
        [two] حرفان على الأقل
        [few] { $count } أحرف على الأقل
        [many] { $count } حرفًا على الأقل
       *[other] { $count } حرف على الأقل
    }
checklist-common = ألا تكون من الكلمات الشائعة الاستخدام
checklist-numeric = ألا تتكون من أرقام فقط
checklist-classes = أن تحتوي على الأقل على { $list }
checklist-too-long = { $count ->
        [zero] { $count } حرف على الأكثر
        [one] حرف واحد على الأكثر
        [two] حرفان على الأكثر
        [few] { $count } أحرف على الأكثر
        [many] { $count } حرفًا على الأكثر
       *[other] { $count } حرف على الأكثر
    }
checklist-unprintable = رموز قابلة للطباعة فقط
checklist-reused-current = ألا تكون كلمة المرور الحالية
checklist-reused = { $count ->
        [zero] ألا تكون من آخر { $count } كلمة مرور
        [one] ألا تكون آخر كلمة مرور
        [two] ألا تكون من آخر كلمتي مرور
        [few] ألا تكون من آخر { $count } كلمات مرور
        [many] ألا تكون من آخر { $count } كلمة مرور
       *[other] ألا تكون من آخر { $count } كلمة مرور
    }
checklist-too-weak = صعبة التخمين

# بعد «على»، في حالة الجر.
class-capital = حرف كبير واحد
class-uppercase = حرف كبير واحد
class-small = حرف صغير واحد
class-lowercase = حرف صغير واحد
class-number = رقم واحد
class-digit = رقم واحد
class-special = رمز خاص واحد
class-special-of = رمز خاص واحد ({ $set })

list-pair = { $first } و{ $last }
list-more = { $first } و{ $next }
list-end = { $first } و{ $last }
list-end-comma = { $first } و{ $last }

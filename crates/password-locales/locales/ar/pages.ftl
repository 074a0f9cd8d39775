# العربية الفصحى. صيغة مهذبة محايدة: «يُرجى» مع المصدر. تُكتب الأرقام بالشكل 0–9. من اليمين إلى اليسار.
# المسرد: login = اسم المستخدم، password = كلمة المرور، account = الحساب، link = الرابط، e-mail address = عنوان البريد
# الإلكتروني، to sign in = تسجيل الدخول، to sign out = تسجيل الخروج، password manager = مدير كلمات المرور.
# دون ترميز: لا تُستعمل العلامات < > و &

page-title-failed = خطأ: { $title }
page-problems = هناك مشكلة
page-language = اللغة
page-help = هل تحتاج إلى مساعدة؟

page-field-login = اسم المستخدم
page-field-login-or-email = اسم المستخدم أو عنوان البريد الإلكتروني
page-field-login-hidden = اسم المستخدم، لمدير كلمات المرور لديك
page-field-current = كلمة المرور الحالية
page-field-new = كلمة المرور الجديدة
page-field-confirm = تأكيد كلمة المرور الجديدة

page-reset-title = تعيين كلمة مرور جديدة
page-reset-submit = تعيين كلمة المرور

page-forgot-title = هل نسيت كلمة المرور؟
page-forgot-intro = يُرجى إدخال اسم المستخدم أو عنوان البريد الإلكتروني لحسابك. إذا كان هناك حساب، فستُرسل رسالة تحتوي على رابط إلى عنوانه.
page-forgot-submit = إرسال الرابط
page-sent-title = يُرجى التحقق من البريد
page-sent-text = إذا كان هناك حساب باسم المستخدم أو العنوان هذا، فإن رسالة تحتوي على رابط في طريقها إليه. قد يستغرق ذلك بضع دقائق؛ يُرجى التحقق من مجلد البريد غير المرغوب فيه أيضًا.
page-sent-again = الطلب مرة أخرى

page-change-title = تغيير كلمة المرور
page-change-submit = تغيير كلمة المرور
page-change-forgot = هل نسيت كلمة المرور؟

page-done-title = تم تغيير كلمة المرور الخاصة بك
page-done-text = يمكنك الآن تسجيل الدخول بكلمة المرور الجديدة. تم تسجيل خروجك من جميع الأجهزة.
page-done-again = تغييرها مرة أخرى

page-link-title = لم يعد هذا الرابط يعمل
page-link-text = لقد استُخدم من قبل، أو انتهت صلاحيته، أو لم يُنسخ كاملًا.
page-link-again = طلب رابط جديد

page-demo-title = حساب تجريبي
page-demo-text = هذه الوظيفة معطّلة في الوضع التجريبي.

page-missing-login = يُرجى إدخال اسم المستخدم.
page-missing-login-or-email = يُرجى إدخال اسم المستخدم أو عنوان البريد الإلكتروني.
page-missing-current = يُرجى إدخال كلمة المرور الحالية.
page-missing-new = يُرجى إدخال كلمة مرور جديدة.
page-problem-mismatch = كلمتا المرور غير متطابقتين.
page-problem-rejected = اسم المستخدم أو كلمة المرور الحالية غير صحيحة.
page-problem-not-activated = لم يتم تفعيل هذا الحساب بعد.
page-problem-blocked = هذا الحساب محظور.
page-problem-unchanged = يجب أن تكون كلمة المرور الجديدة مختلفة.
page-problem-too-many = محاولات كثيرة جدًا. يُرجى الانتظار قليلًا ثم المحاولة مرة أخرى.
page-problem-too-many-minutes = { $count ->
        [zero] محاولات كثيرة جدًا. يُرجى المحاولة مرة أخرى بعد { $count } دقيقة.
        [one] محاولات كثيرة جدًا. يُرجى المحاولة مرة أخرى بعد دقيقة واحدة.
        [two] محاولات كثيرة جدًا. يُرجى المحاولة مرة أخرى بعد دقيقتين.
        [few] محاولات كثيرة جدًا. يُرجى المحاولة مرة أخرى بعد { $count } دقائق.
        [many] محاولات كثيرة جدًا. يُرجى المحاولة مرة أخرى بعد { $count } دقيقة.
       *[other] محاولات كثيرة جدًا. يُرجى المحاولة مرة أخرى بعد { $count } دقيقة.
    }
page-problem-busy = الخدمة مشغولة. يُرجى الانتظار لحظة ثم المحاولة مرة أخرى.
page-problem-unexpected = حدث خطأ ما. يُرجى المحاولة لاحقًا.

page-bad-request-title = طلب غير صالح
page-bad-request-text = تعذّر فهم الطلب.
page-cross-site-title = مرفوض
page-cross-site-text = أُرسل هذا النموذج من موقع آخر. يُرجى فتح الصفحة نفسها والمحاولة مرة أخرى.
page-not-found-title = الصفحة غير موجودة
page-not-found-text = لا توجد صفحة على هذا العنوان.
page-method-title = الطريقة غير مسموح بها
page-method-text = لا يقبل هذا العنوان مثل هذا الطلب.
page-too-large-title = الطلب كبير جدًا
page-too-large-text = البيانات المرسلة كبيرة جدًا.
page-unsupported-title = نوع غير مدعوم
page-unsupported-text = لا يُقبل هنا سوى نموذج مُرسل.
page-unavailable-title = الخدمة غير متاحة
page-unavailable-text = يُرجى الانتظار لحظة ثم المحاولة مرة أخرى.
page-unexpected-title = حدث خطأ ما
page-unexpected-text = يُرجى المحاولة لاحقًا.
page-failed-title = فشل الطلب
page-failed-text = تعذّر تنفيذ الطلب.

page-show = إظهار
page-hide = إخفاء
page-show-field = إظهار: { $field }
page-hide-field = إخفاء: { $field }
page-caps-lock = مفتاح Caps Lock مفعّل.
page-rules = متطلبات كلمة المرور الجديدة:
page-rule-met = مستوفى
page-rule-open = غير مستوفى بعد
page-rules-met = تم استيفاء { $met } من { $total }
page-match = كلمتا المرور متطابقتان.
page-no-match = كلمتا المرور غير متطابقتين بعد.
page-checking = جارٍ التحقق…
page-check-failed = تعذّر التحقق الآن. سيجري التحقق عند الإرسال.

page-strength = القوة: { $word }
page-strength-0 = ضعيفة جدًا
page-strength-1 = ضعيفة
page-strength-2 = متوسطة
page-strength-3 = قوية
page-strength-4 = قوية جدًا

page-warning-straight-rows = صفوف المفاتيح المتجاورة سهلة التخمين.
page-warning-keyboard-patterns = أنماط لوحة المفاتيح القصيرة سهلة التخمين.
page-warning-repeats-aaa = التكرارات مثل «aaa» سهلة التخمين.
page-warning-repeats-abcabc = التكرارات مثل «abcabcabc» أصعب تخمينًا من «abc» بقليل فقط.
page-warning-top-10 = هذه من أكثر 10 كلمات مرور شيوعًا.
page-warning-top-100 = هذه من أكثر 100 كلمة مرور شيوعًا.
page-warning-common = هذه كلمة مرور شائعة جدًا.
page-warning-similar-to-common = هذه تشبه كلمة مرور شائعة الاستخدام.
page-warning-sequences = التسلسلات مثل abc أو 6543 سهلة التخمين.
page-warning-recent-years = السنوات الأخيرة سهلة التخمين.
page-warning-single-word = الكلمة المفردة سهلة التخمين.
page-warning-dates = التواريخ غالبًا سهلة التخمين.
page-warning-names = الأسماء وأسماء العائلات وحدها سهلة التخمين.
page-warning-common-names = الأسماء وأسماء العائلات الشائعة سهلة التخمين.

page-suggestion-few-words = يُفضّل استخدام عدة كلمات وتجنّب العبارات الشائعة.
page-suggestion-no-symbols-needed = لا حاجة إلى الرموز أو الأرقام أو الأحرف الكبيرة.
page-suggestion-another-word = يُفضّل إضافة كلمة أو كلمتين. الكلمات غير الشائعة أفضل.
page-suggestion-capitalization = الأحرف الكبيرة لا تفيد كثيرًا.
page-suggestion-all-uppercase = استخدام الأحرف الكبيرة وحدها سهل التخمين تقريبًا مثل الأحرف الصغيرة وحدها.
page-suggestion-reversed = الكلمات المعكوسة ليست أصعب تخمينًا بكثير.
page-suggestion-substitutions = الاستبدالات المتوقعة مثل «@» بدلًا من «a» لا تفيد كثيرًا.
page-suggestion-longer-pattern = يُفضّل استخدام نمط أطول على لوحة المفاتيح بتغييرات أكثر في الاتجاه.
page-suggestion-repeats = يُفضّل تجنّب الكلمات والرموز المكررة.
page-suggestion-sequences = يُفضّل تجنّب التسلسلات.
page-suggestion-recent-years = يُفضّل تجنّب السنوات الأخيرة.
page-suggestion-own-years = يُفضّل تجنّب السنوات المرتبطة بك.
page-suggestion-own-dates = يُفضّل تجنّب التواريخ والسنوات المرتبطة بك.

# العربية الفصحى. صيغة مهذبة محايدة: «يُرجى» مع المصدر. تُكتب الأرقام بالشكل 0–9. من اليمين إلى اليسار.
# المسرد: login = اسم المستخدم، password = كلمة المرور، account = الحساب، link = الرابط، e-mail address = عنوان البريد
# الإلكتروني، to sign in = تسجيل الدخول، to sign out = تسجيل الخروج.
# دون ترميز: لا تُستعمل العلامات < > و &

mail-reset-subject = تعيين كلمة مرور جديدة
mail-changed-subject = تم تغيير كلمة المرور الخاصة بك
mail-email-subject = تم تغيير عنوان البريد الإلكتروني لحسابك
mail-attempts-subject = محاولات كثيرة بكلمات مرور خاطئة على حسابك

mail-greeting = مرحبًا،
mail-greeting-named = مرحبًا { $name }،

mail-reset-intro = طلب أحدهم تعيين كلمة مرور جديدة لحسابك في { $site }. إذا كان هذا الطلب منك، فيُرجى فتح هذا الرابط:
mail-reset-button = تعيين كلمة مرور جديدة
mail-reset-copy = إذا لم يعمل الزر، فيُرجى نسخ هذا الرابط إلى المتصفح:
mail-reset-lifetime = الرابط صالح لمدة { $lifetime }، ويعمل مرة واحدة فقط.
mail-reset-not-you = إذا لم يكن الطلب منك، فلا يلزم القيام بأي شيء: ستبقى كلمة المرور كما هي. كل من يحصل على هذه الرسالة يمكنه تعيين كلمة المرور الخاصة بك، لذا يُرجى عدم إرسالها إلى أي شخص.

mail-changed-intro = تم تغيير كلمة المرور لحسابك في { $site }، وتم تسجيل خروج كل من كان قد سجّل الدخول إلى الحساب.
mail-changed-you = إذا كان هذا التغيير منك، فلا يلزم القيام بأي شيء.
mail-changed-not-you = إذا لم يكن منك، فيُرجى طلب كلمة مرور جديدة فورًا من هذه الصفحة:
mail-changed-button = طلب كلمة مرور جديدة
mail-changed-then = ثم يُرجى إبلاغ القائمين على { $site }.

mail-email-intro = تم تغيير عنوان البريد الإلكتروني لحسابك في { $site }. أُرسلت هذه الرسالة إلى العنوان القديم وإلى العنوان الجديد.
mail-email-you = إذا كنت على علم بذلك، فلا يلزم القيام بأي شيء.
mail-email-not-you = وإلا فربما تمكّن شخص آخر من الدخول إلى الحساب: يُرجى إبلاغ القائمين على { $site } فورًا، فبإمكانهم حظر الحساب والتراجع عن التغيير.

mail-attempts-intro = حاول أحدهم تسجيل الدخول إلى حسابك في { $site } بكلمات مرور خاطئة كثيرة.
mail-attempts-open = حسابك غير محظور: لا يزال بإمكانك تسجيل الدخول من الأماكن التي سجّلت الدخول منها مؤخرًا، أما من أماكن أخرى فقد يلزم الانتظار بعض الوقت.
mail-attempts-you = إذا كانت هذه المحاولات منك، فلا يلزم القيام بأي شيء.
mail-attempts-not-you = إذا لم تكن منك، وكانت كلمة المرور سهلة التخمين أو مستعملة في مكان آخر أيضًا، فيُرجى طلب كلمة مرور جديدة من هذه الصفحة:
mail-attempts-then = يُرجى اختيار كلمة مرور طويلة غير مستعملة في أي مكان آخر.

mail-detail = { $label }: { $value }
mail-detail-account = الحساب
mail-detail-asked = وقت الطلب
mail-detail-changed = وقت التغيير
mail-detail-attempt = وقت آخر محاولة
mail-detail-from = من عنوان IP

mail-help-questions = هل لديك أسئلة؟ { $contact }
mail-help-reach = للتواصل معهم: { $contact }

mail-moment =
    { $day } { $month ->
        [1] يناير
        [2] فبراير
        [3] مارس
        [4] أبريل
        [5] مايو
        [6] يونيو
        [7] يوليو
        [8] أغسطس
        [9] سبتمبر
        [10] أكتوبر
        [11] نوفمبر
       *[12] ديسمبر
    } { $year }، { $time } بالتوقيت العالمي (UTC)
mail-moment-unknown = يوم غير معروف

# في حالة الجر، بعد «لمدة».
mail-days = { $count ->
        [zero] { $count } يوم
        [one] يوم واحد
        [two] يومين
        [few] { $count } أيام
        [many] { $count } يومًا
       *[other] { $count } يوم
    }
mail-hours = { $count ->
        [zero] { $count } ساعة
        [one] ساعة واحدة
        [two] ساعتين
        [few] { $count } ساعات
        [many] { $count } ساعة
       *[other] { $count } ساعة
    }
mail-minutes = { $count ->
        [zero] { $count } دقيقة
        [one] دقيقة واحدة
        [two] دقيقتين
        [few] { $count } دقائق
        [many] { $count } دقيقة
       *[other] { $count } دقيقة
    }
mail-seconds = { $count ->
        [zero] { $count } ثانية
        [one] ثانية واحدة
        [two] ثانيتين
        [few] { $count } ثوانٍ
        [many] { $count } ثانية
       *[other] { $count } ثانية
    }
mail-two-units = { $larger } و{ $smaller }

# 日本語。です・ます調、丁寧語。かぎ括弧は「…」。数字は半角、句読点は「、」「。」。
# 用語集: login = ログインID、password = パスワード、account = アカウント、link = リンク、e-mail address = メールアドレス、
# to sign in = ログイン、to sign out = ログアウト。
# マークアップ不可: < > と & は使わないこと。

mail-reset-subject = 新しいパスワードの設定
mail-changed-subject = パスワードが変更されました
mail-email-subject = アカウントのメールアドレスが変更されました
mail-attempts-subject = アカウントに誤ったパスワードが何度も入力されました

mail-greeting = いつもご利用いただきありがとうございます。
mail-greeting-named = { $name } 様

mail-reset-intro = { $site } のお客様のアカウントについて、新しいパスワードの設定が依頼されました。ご本人による依頼の場合は、次のリンクを開いてください。
mail-reset-button = 新しいパスワードを設定する
mail-reset-copy = ボタンが機能しない場合は、次のリンクをブラウザーにコピーしてください。
mail-reset-lifetime = リンクの有効期間は{ $lifetime }で、1回だけ使用できます。
mail-reset-not-you = お心当たりがない場合は、何もする必要はありません。パスワードは今のまま変わりません。このメールを持っている人は誰でもパスワードを設定できるため、他の人に転送しないでください。

mail-changed-intro = { $site } のお客様のアカウントのパスワードが変更されました。このアカウントにログインしていたすべての端末はログアウトされました。
mail-changed-you = ご本人による変更の場合は、何もする必要はありません。
mail-changed-not-you = お心当たりがない場合は、すぐに次のページで新しいパスワードの設定を依頼してください。
mail-changed-button = 新しいパスワードを依頼する
mail-changed-then = その後、{ $site } の運営者にご連絡ください。

mail-email-intro = { $site } のお客様のアカウントのメールアドレスが変更されました。このメールは、変更前と変更後の両方のアドレスにお送りしています。
mail-email-you = この変更をご存じの場合は、何もする必要はありません。
mail-email-not-you = お心当たりがない場合は、第三者がアカウントに侵入した可能性があります。すぐに { $site } の運営者にご連絡ください。運営者はアカウントを停止し、変更を元に戻すことができます。

mail-attempts-intro = { $site } のお客様のアカウントに対し、誤ったパスワードによるログインが何度も試みられました。
mail-attempts-open = アカウントは停止されていません。最近ログインした場所からは、引き続きログインできます。それ以外の場所からは、しばらくお待ちいただく場合があります。
mail-attempts-you = ご本人による操作の場合は、何もする必要はありません。
mail-attempts-not-you = お心当たりがなく、パスワードが推測されやすい場合や他でも使用している場合は、次のページで新しいパスワードの設定を依頼してください。
mail-attempts-then = 他では使用していない長いパスワードをお選びください。

mail-detail = { $label }：{ $value }
mail-detail-account = アカウント
mail-detail-asked = 依頼日時
mail-detail-changed = 変更日時
mail-detail-attempt = 最後の試行日時
mail-detail-from = 操作元のIPアドレス

mail-help-questions = お問い合わせ：{ $contact }
mail-help-reach = 運営者の連絡先：{ $contact }

mail-moment =
    { $year }年{ $month ->
        [1] 1月
        [2] 2月
        [3] 3月
        [4] 4月
        [5] 5月
        [6] 6月
        [7] 7月
        [8] 8月
        [9] 9月
        [10] 10月
        [11] 11月
       *[12] 12月
    }{ $day }日 { $time }（UTC）
mail-moment-unknown = 不明な日

mail-days = { $count ->
       *[other] { $count }日
    }
mail-hours = { $count ->
       *[other] { $count }時間
    }
mail-minutes = { $count ->
       *[other] { $count }分
    }
mail-seconds = { $count ->
       *[other] { $count }秒
    }
mail-two-units = { $larger }{ $smaller }

# 日本語。です・ます調、丁寧語。かぎ括弧は「…」。数字は半角、句読点は「、」「。」。
# 用語集: login = ログインID、password = パスワード、account = アカウント、link = リンク、e-mail address = メールアドレス、
# to sign in = ログイン、to sign out = ログアウト、password manager = パスワードマネージャー。
# マークアップ不可: < > と & は使わないこと。

page-title-failed = エラー：{ $title }
page-problems = 入力内容に問題があります
page-language = 言語
page-help = お困りですか？

page-field-login = ログインID
page-field-login-or-email = ログインIDまたはメールアドレス
page-field-login-hidden = ログインID（パスワードマネージャー用）
page-field-current = 現在のパスワード
page-field-new = 新しいパスワード
page-field-confirm = 新しいパスワード（確認）

page-reset-title = 新しいパスワードの設定
page-reset-submit = パスワードを設定する

page-forgot-title = パスワードをお忘れですか？
page-forgot-intro = ログインIDまたはアカウントのメールアドレスを入力してください。アカウントが存在する場合は、リンクを記載したメールをそのアドレスにお送りします。
page-forgot-submit = リンクを送信する
page-sent-title = メールをご確認ください
page-sent-text = このログインIDまたはアドレスのアカウントが存在する場合は、リンクを記載したメールをお送りしています。届くまで数分かかることがあります。迷惑メールフォルダーもご確認ください。
page-sent-again = もう一度依頼する

page-change-title = パスワードの変更
page-change-submit = パスワードを変更する
page-change-forgot = パスワードをお忘れですか？

page-done-title = パスワードが変更されました
page-done-text = 新しいパスワードでログインできるようになりました。すべての端末からログアウトされています。
page-done-again = もう一度変更する

page-link-title = このリンクは使用できません
page-link-text = すでに使用されたか、有効期限が切れたか、正しくコピーされていません。
page-link-again = 新しいリンクを依頼する

page-demo-title = デモアカウント
page-demo-text = デモモードではこの機能は使用できません。

page-missing-login = ログインIDを入力してください。
page-missing-login-or-email = ログインIDまたはメールアドレスを入力してください。
page-missing-current = 現在のパスワードを入力してください。
page-missing-new = 新しいパスワードを入力してください。
page-problem-mismatch = 2つのパスワードが一致しません。
page-problem-rejected = ログインIDまたは現在のパスワードが正しくありません。
page-problem-not-activated = このアカウントはまだ有効になっていません。
page-problem-blocked = このアカウントは停止されています。
page-problem-unchanged = 新しいパスワードは現在のものと異なる必要があります。
page-problem-too-many = 試行回数が多すぎます。しばらく待ってから、もう一度お試しください。
page-problem-too-many-minutes = { $count ->
       *[other] 試行回数が多すぎます。{ $count }分後にもう一度お試しください。
    }
page-problem-busy = サービスが混み合っています。少し待ってから、もう一度お試しください。
page-problem-unexpected = 問題が発生しました。後でもう一度お試しください。

page-bad-request-title = 無効なリクエスト
page-bad-request-text = リクエストを理解できませんでした。
page-cross-site-title = 拒否されました
page-cross-site-text = このフォームは別のサイトから送信されました。ページを直接開いて、もう一度お試しください。
page-not-found-title = ページが見つかりません
page-not-found-text = このアドレスにページはありません。
page-method-title = 許可されていないメソッド
page-method-text = このアドレスではこのようなリクエストを受け付けていません。
page-too-large-title = リクエストが大きすぎます
page-too-large-text = 送信された内容が大きすぎます。
page-unsupported-title = 対応していない形式
page-unsupported-text = ここでは送信されたフォームのみを受け付けています。
page-unavailable-title = サービスを利用できません
page-unavailable-text = 少し待ってから、もう一度お試しください。
page-unexpected-title = 問題が発生しました
page-unexpected-text = 後でもう一度お試しください。
page-failed-title = リクエストに失敗しました
page-failed-text = リクエストを実行できませんでした。

page-show = 表示
page-hide = 非表示
page-show-field = 表示：{ $field }
page-hide-field = 非表示：{ $field }
page-caps-lock = Caps Lockがオンになっています。
page-rules = 新しいパスワードの条件：
page-rule-met = 満たしています
page-rule-open = まだ満たしていません
page-rules-met = { $total }件中{ $met }件を満たしています
page-match = 2つのパスワードは一致しています。
page-no-match = 2つのパスワードはまだ一致していません。
page-checking = 確認しています…
page-check-failed = 現在は確認できません。送信時に確認されます。

page-strength = 強度：{ $word }
page-strength-0 = 非常に弱い
page-strength-1 = 弱い
page-strength-2 = 普通
page-strength-3 = 強い
page-strength-4 = 非常に強い

page-warning-straight-rows = 並んだキーの列は推測されやすいです。
page-warning-keyboard-patterns = 短いキーボードパターンは推測されやすいです。
page-warning-repeats-aaa = 「aaa」のような繰り返しは推測されやすいです。
page-warning-repeats-abcabc = 「abcabcabc」のような繰り返しは、「abc」よりわずかに推測されにくいだけです。
page-warning-top-10 = これは最もよく使われるパスワードの上位10位に入っています。
page-warning-top-100 = これは最もよく使われるパスワードの上位100位に入っています。
page-warning-common = これは非常によく使われるパスワードです。
page-warning-similar-to-common = これはよく使われるパスワードに似ています。
page-warning-sequences = abcや6543のような連続した文字は推測されやすいです。
page-warning-recent-years = 最近の年は推測されやすいです。
page-warning-single-word = 1つの単語だけでは推測されやすいです。
page-warning-dates = 日付は推測されやすいことが多いです。
page-warning-names = 名前や姓だけでは推測されやすいです。
page-warning-common-names = よくある名前や姓は推測されやすいです。

page-suggestion-few-words = いくつかの単語を使い、よくある言い回しは避けてください。
page-suggestion-no-symbols-needed = 記号、数字、大文字は必要ありません。
page-suggestion-another-word = 単語を1つか2つ追加してください。珍しい単語のほうが適しています。
page-suggestion-capitalization = 大文字にしてもあまり効果はありません。
page-suggestion-all-uppercase = すべて大文字にしても、すべて小文字の場合とほぼ同じくらい推測されやすいです。
page-suggestion-reversed = 逆から書いた単語でも、それほど推測されにくくなりません。
page-suggestion-substitutions = 「a」の代わりに「@」を使うような予測しやすい置き換えは、あまり効果がありません。
page-suggestion-longer-pattern = 曲がる回数の多い、より長いキーボードパターンを使ってください。
page-suggestion-repeats = 単語や文字の繰り返しを避けてください。
page-suggestion-sequences = 連続した文字を避けてください。
page-suggestion-recent-years = 最近の年を避けてください。
page-suggestion-own-years = ご自身に関係のある年を避けてください。
page-suggestion-own-dates = ご自身に関係のある日付や年を避けてください。

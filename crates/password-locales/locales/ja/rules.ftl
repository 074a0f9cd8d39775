# 日本語。です・ます調、丁寧語。
# 用語集: password = パスワード、character = 文字、special character = 記号、commonly used = よく使われる。
# マークアップ不可: < > と & は使わないこと。

rule-similar = お客様の個人情報に似すぎているパスワードは使用できません。
rule-too-short = { $count ->
       *[other] パスワードは{ $count }文字以上にしてください。
    }
rule-common = よく使われるパスワードは使用できません。
rule-numeric = 数字だけのパスワードは使用できません。
rule-classes = パスワードには{ $list }を必ず1文字以上含めてください。
rule-too-long = { $count ->
       *[other] パスワードは{ $count }文字以下にしてください。
    }
rule-unprintable = パスワードに使用できない文字が含まれています。
rule-blank = 空白だけのパスワードは使用できません。
rule-reused = このパスワードは最近使用されたものです。
rule-too-weak = このパスワードは推測されやすいため使用できません。

checklist-similar = お客様の個人情報に似すぎていないこと
checklist-too-short = { $count ->
       *[other] { $count }文字以上
    }
checklist-common = よく使われるパスワードではないこと
checklist-numeric = 数字だけではないこと
checklist-classes = { $list }を必ず1文字以上含むこと
checklist-too-long = { $count ->
       *[other] { $count }文字以下
    }
checklist-unprintable = 印字可能な文字だけであること
checklist-reused-current = 現在のパスワードと異なること
checklist-reused = { $count ->
       *[other] 直近{ $count }個のパスワードと異なること
    }
checklist-too-weak = 推測されにくいこと

class-capital = 大文字
class-uppercase = 大文字
class-small = 小文字
class-lowercase = 小文字
class-number = 数字
class-digit = 数字
class-special = 記号
class-special-of = 記号（{ $set }）

list-pair = { $first }、{ $last }
list-more = { $first }、{ $next }
list-end = { $first }、{ $last }
list-end-comma = { $first }、{ $last }

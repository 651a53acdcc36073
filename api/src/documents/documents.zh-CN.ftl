## 为什么不能制证
FONT_MISSING = 未找到可用的中文字体（已查找：{ $searched }），不能制证。请安装中文字体（Debian：apt-get install fonts-wqy-microhei），或在 CARD_FONT_FILE 中指定字体文件。
FONT_UNUSABLE = 字体文件 { $file } 无法读取或不含中文，不能制证。请在 CARD_FONT_FILE 中指定其他字体文件。
GLYPH_MISSING = 字体“{ $font }”中没有“{ $character }”（{ $codepoint }），不能印制。请在 CARD_FONT_FILE 中指定包含该字的字体。

## 证件上的文字
title-ENFORCEMENT_OFFICER = 行政执法证
title-SUPERVISION_OFFICER = 行政执法监督证
name = 姓名
unit = 单位
number = 证号
authority = 发证机关
validity = 有效期限
validity-days = { $from }-{ $until }
domain = 官方网址
scan = 扫描二维码，核验证件当前状态
scan-domain = 请认准官方网址 { $domain }
emblem = 国徽
emblem-place = 印制位置

## 页边
sheet-front = 第{ $sheet }张 正面
sheet-back = 第{ $sheet }张 背面
document = 行政执法证件 { $number }
document-sheets = 行政执法证件 { $cards }张

NOTHING_SELECTED = 没有选中可以制证的证件。
TOO_MANY = 一次最多制{ $most }张证。
CERTIFICATE_NOT_FOUND = 未找到证件 { $id }，或不在您的管理范围内。
CERTIFICATE_ENDED = 证件 { $number } { $state }，不能制证。
CERTIFICATE_SUSPENDED = 证件 { $number } { $state }，暂扣期间不能制证。
PHOTO_MISSING = 证件 { $number } 没有照片，不能制证。
CODE_MISSING = 证件 { $number } 没有本系统签发的二维码，不能制证。

words = 证件 { $number }：{ $why }
state-SUSPENDED = 已被暂扣
state-LOST = 已报失
state-REVOKED = 已吊销
state-CANCELLED = 已注销
state-EXPIRED = 已过有效期

## 制证单位用的清单
works-sheet = 证件
works-row = 序号
works-number = 证件编号
works-name = 姓名
works-unit = 单位
works-title = 证件名称
works-title-ENFORCEMENT_OFFICER = 行政执法证
works-title-SUPERVISION_OFFICER = 行政执法监督证
works-fields = 执法领域
works-area = 执法区域
works-authority = 发证机关
works-valid-from = 有效期自
works-valid-until = 有效期至
works-domain = 官方网址
works-photo = 照片文件
works-code = 二维码文件
works-address = 二维码内容

# 公众核验页的文字。结论与提示语逐字审定，改动须重新审定。

site-name = 行政执法证件核验
other-language = English
help-link = 遇到执法检查怎么办
official-site = 官方核验网址：{ $domain }。请核对网址，谨防假冒页面。

## 结论

verdict-VALID = 证件有效
advice-VALID = 请核对照片与本人。上门检查企业的，可请对方出示检查通知书（突发应急等情形除外）。
verdict-VALID_STALE = 证件真实，状态不是最新
advice-VALID_STALE = 截至{ $asof }有效。请联网后再扫一次。
verdict-STATUS_UNKNOWN = 证件真实，状态未知
advice-STATUS_UNKNOWN = 暂未取得状态，不能确认有效。请稍后再扫。
verdict-EXPIRED = 证件已过有效期
advice-EXPIRED = 有效期至{ $date }。请对方出示现行有效证件，或致电其单位核实。
verdict-NOT_YET_VALID = 证件尚未生效
advice-NOT_YET_VALID = 自{ $date }起生效。请对方出示现行有效证件。
advice-NOT_YET_VALID-undated = 请对方出示现行有效证件。
verdict-NOT_AUTHORISED = 此证目前不能用于执法
advice-NOT_AUTHORISED = 请致电对方单位核实，可请其另派持有效证件的人员。
verdict-CANCELLED = 此证已注销
advice-CANCELLED = 不能再用于执法。持证人可能已换新证，请出示新证。
verdict-LOST = 此证已报失作废
advice-LOST = 请出示补发的新证。如您捡到此证，请交发证机关或拨打12345。
verdict-INVALID = 此证已失效
advice-INVALID = 离线时无法显示详情，联网后请再扫。
verdict-STALE_CODE = 此码已过时
advice-STALE_CODE = 请对方当面刷新后再扫，也可改扫实体证。截图不能用于核验；手机时间不准也会这样。
verdict-CHALLENGE_BOUND = { verdict-STALE_CODE }
advice-CHALLENGE_BOUND = { advice-STALE_CODE }
verdict-PRESENTATION_MISSING = { verdict-STALE_CODE }
advice-PRESENTATION_MISSING = { advice-STALE_CODE }
verdict-SIGNATURE_INVALID = 未能确认此码由发证机关签发
advice-SIGNATURE_INVALID = 可能是污损、印错或被改动，不能凭此码确认身份。请先核实，不要向个人转账；遇到威胁、索要钱财请拨打110。
verdict-KEY_COMPROMISED = { verdict-SIGNATURE_INVALID }
advice-KEY_COMPROMISED = { advice-SIGNATURE_INVALID }
verdict-UNKNOWN_ISSUER = 本系统无法核验此证
advice-UNKNOWN_ISSUER = 可能由国务院部门、外省或其他系统签发，不代表证件有问题。请通过签发单位核实。
verdict-UNREADABLE = 未识别到证件信息
advice-UNREADABLE = 请擦净、放平、避开反光后重扫，或输入证件编号和姓名查询。
verdict-SERVICE_DOWN = 暂时无法核验
advice-SERVICE_DOWN = 这是系统故障，不代表证件有问题。请稍后再试，急需请拨打12345。

## 按编号查询

lookup-link = 按证件编号和姓名查询
lookup-intro = 二维码污损、扫不出来，或者证件上是旧码时，可以在这里查询。证件编号和姓名须同时与证件相符。
lookup-number = 证件编号
lookup-number-hint = 请照证件所印填写。
lookup-number-missing = 请填写证件编号。
lookup-name = 持证人姓名
lookup-name-hint = 请填写全名；姓名中的“·”也可用“.”代替。
lookup-name-missing = 请填写持证人姓名。
lookup-submit = 查询
lookup-privacy = 您填写的内容不会保存，也不记录谁查询了哪本证件。
lookup-again = 重新查询

## 证件信息

card-heading = 证件信息
photo-question = 是这个人吗？
photo-alt = 持证人照片
photo-missing = 暂无照片可显示，请核对证件上所印照片。
printed-code = 印刷码可被复印，请务必核对照片。
by-number = 按证件编号和姓名查得，未核验证件上的二维码。
phone-code = 于{ $time }当面出示
phone-code-seen = 此码两分钟内已被打开过。刷新本页、他人同时扫码也会这样，请核对照片与本人。
label-name = 姓名
label-unit = 单位
label-succession = 单位变更
succession-RENAME = { $date }起更名为
succession-MERGE = { $date }起并入
succession-SPLIT = { $date }起划入
succession-ABOLISH = { $date }撤销，职责划入
succession-ABOLISH-ended = { $date }撤销
label-number = 证件编号
label-kind = 证件种类
label-category = 执法类别
label-fields = 执法领域
label-area = 执法区域
label-validity = 有效期
label-issuer = 发证机关
kind-ENFORCEMENT = 行政执法证
kind-SUPERVISION = 行政执法监督证
validity = { $from }至 { $until }
name-was-cut = 姓名较长，码中只存了前一部分，请以证件所印姓名为准。

## 本次亮证

showing-heading = 本次亮证
label-showing-kind = 执法活动
label-task = 事项
label-notice = 文书文号
label-second = 同行人员
label-alone = 单人理由
showing-kind-INSPECTION = 行政检查
showing-kind-PENALTY = 行政处罚
showing-kind-OTHER = 其他执法活动
showing-record = 您的亮证凭证
showing-record-hint = 请抄下或者截图保存，事后可凭此码查询。本系统只记录本次亮证被扫过码，不记录何时扫、谁扫。
record-link = 查询亮证凭证
record-title = 亮证凭证
record-intro = 扫码核验时页面上显示的亮证凭证，可以在这里查询：当时是谁、哪个单位、亮的哪本证、证件当时是否有效。
record-code = 凭证码
record-code-hint = 十六位数字和字母，例如 7K3M-…；横线可以不填。
record-missing = 请填写凭证码。
record-unknown = 没有查到这个凭证码，请核对后再查；也可能已超过保存期限。
record-submit = 查询
record-privacy = 您填写的内容不会保存，也不记录谁查询了哪次亮证。
record-said = { $time }，执法人员向您亮证。
record-verdict = 当时的核验结论：{ $verdict }。
record-then = 以上是当时的情况，不代表证件现在的状态。

## 结论之后

answer-heading = 核验说明
checked = 核验时间{ $time }。
status-only = 本页只说明证件状态，不评价执法行为。
two-officers = 检查处罚一般应有两名以上执法人员（法律另有规定的除外）。
complaints = 疑问、投诉：12345，监督电话{ $phone }。
complaints-hotline = 疑问、投诉：12345。
call-hotline = 拨打 12345
call-supervision = 监督电话 { $phone }
call-police = 报警 110

## 帮助

help-title = 遇到执法检查怎么办
help-intro = 以下为便于了解的说明，具体以法律法规原文为准。
help-show = 请对方亮证
help-show-1 = 执法人员调查或者检查时，应当主动出示执法证件；您也可以要求出示。不出示的，您有权拒绝接受调查或者检查（行政处罚法第五十五条）。
help-show-2 = 行政处罚由具有执法资格的人员实施，执法人员不得少于两人；法律另有规定的除外，例如公安机关依法可以由一名人民警察当场作出决定的情形（行政处罚法第四十二条）。
help-show-3 = 上门检查企业的，一般还应出示写明事由和检查机关的检查通知书；突发应急等情形除外。
help-show-4 = 对方依法亮证后，请如实回答询问、配合检查，不要阻挠。
help-who = 哪些人不能检查
help-who-1 = 辅助人员、网格员、临时人员没有执法资格，不得实施检查，也不得作出处罚决定。
help-who-2 = 制服、胸牌、工作证都不能代替执法证件。
help-fine = 当场交罚款
help-fine-1 = 只有法律规定的少数情形可以当场收缴罚款。
help-fine-2 = 当场收缴的，必须出具财政部或者省级财政部门统一制发的专用票据；不出具的，您有权拒绝缴纳（行政处罚法第七十条）。
help-fine-3 = 不要把罚款转入个人账户，也不要扫个人收款码付款。
help-result = 看懂核验结果
help-result-1 = “证件有效”只说明这本证有效。请把页面上的照片与眼前的人比对，两者一致才算核对完成。
help-result-2 = 印刷码可以被复印，手机截图不能用于核验。有疑问时，请对方出示实体证件。
help-result-3 = 国务院部门或者外省签发的证件，这里可能查不到，不代表证件有问题，可向签发单位核实。
help-fake = 识别假冒页面
help-fake-1 = 官方核验网址只有 { $domain }。扫码后请逐字比对域名，多一个字母、少一个点都不是。
help-fake-2 = 核验不收费、不用登录，也不会索要身份证号码、银行卡号、密码或者验证码，更不会让您下载软件。
help-fake-3 = 觉得可疑时，请关闭页面，自己输入上述网址，或者拨打12345核实。
help-complain = 提出疑问或者投诉
help-complain-1 = 拨打12345政务服务便民热线，尽量说明时间、地点、单位和证件编号。
help-complain-2 = 也可以拨打核验页上的监督电话，或者向当地司法行政部门反映。
help-complain-3 = 对行政处罚决定不服的，可以依法申请行政复议或者提起行政诉讼；途径和期限见决定书。
help-complain-4 = 遇到威胁、索要钱财，请拨打110。

## 出错

problem-NOT_FOUND = 没有这个页面
problem-advice-NOT_FOUND = 请核对网址，或者重新扫描证件上的二维码。
problem-NO_MATCH = 没有查到相符的证件
problem-advice-NO_MATCH = 证件编号和姓名须同时相符，请对照证件逐字核对后再查。国务院部门、外省等签发的证件这里可能查不到，不代表证件有问题，请通过签发单位核实，或拨打12345。
problem-FORM_UNREADABLE = 未能读取填写的内容
problem-advice-FORM_UNREADABLE = 请回到查询页面重新填写。这不代表证件有问题，急需请拨打12345。
problem-TOO_MANY_REQUESTS = 查询过于频繁
problem-advice-TOO_MANY_REQUESTS = 请稍后再试。这不代表证件有问题，急需请拨打12345。

## 评价与投诉

feedback-link = 在线评价或投诉
feedback-link-no-card = 在线投诉（没有扫码也可以）
feedback-title = 评价与投诉
feedback-privacy = 不用登录，默认匿名。不保存谁在何时扫码，也不保存提交时刻、网络地址和设备信息；投诉只记到日，评价只记到月。
feedback-about = 关于这本证件
feedback-no-card = 没有扫码也可以投诉，请写明单位或者人员。扫描证件上的码进入，可以直接对应到证件，还可以评价。
feedback-evaluate = 评价
feedback-evaluate-intro = 五份以上合并成数字后，所在机关才能看到；看不到也查不到是谁评价的。
feedback-satisfied = 您对这次执法是否满意？
feedback-content = 满意
feedback-discontent = 不满意
feedback-shown = 执法人员是否主动出示了证件？
feedback-two_officers = 是否有两名以上执法人员在场？
feedback-polite = 执法人员言行是否文明？
feedback-fees_asked = 是否要求向个人付款或者索要财物？
feedback-yes = 是
feedback-no = 否
feedback-unknown = 不清楚
feedback-evaluate-submit = 提交评价
feedback-complain = 投诉
feedback-complain-intro = 由司法行政部门办理，不转交被投诉的单位；被投诉的单位看不到您写的内容，也查不到您是谁。投诉司法行政部门本身的除外：没有扫码的，请选上一级司法行政部门所在地区（上一级是省级的，选“不清楚”），或者拨打12345；投诉省级司法行政部门的，请拨打12345。
feedback-unit = 单位或者人员
feedback-unit-hint = 单位名称、人员姓名或者证件编号，知道多少写多少。
feedback-place = 发生在哪里
feedback-place-unknown = 不清楚
feedback-category = 投诉事项
feedback-choose = 请选择
feedback-category-NOT_SHOWN = 没有主动出示证件
feedback-category-SINGLE_OFFICER = 执法人员少于两人
feedback-category-CONDUCT = 态度粗暴、言行不文明
feedback-category-FEES_ASKED = 违规收费、索要财物
feedback-category-BEYOND_POWERS = 超越职权
feedback-category-PROCEDURE = 其他违反程序的情形
feedback-category-OTHER = 其他
feedback-text = 事情经过
feedback-text-hint = 时间、地点和经过，最多2000字。请不要写与此事无关的个人信息。
feedback-contact = 联系方式（可以不填）
feedback-contact-hint = 不填就是匿名，凭回执编号查结果。填了只有承办的司法行政部门能看到，每次查看都有记录，办结后删除。
feedback-complain-submit = 提交投诉
feedback-notice-WRONG = 尚未提交，请改正下面标出的地方。
feedback-notice-ENDED = 尚未提交：页面停留太久，已经失效。请重新扫码；也可以在下面写明单位或者人员后提交，已填的内容还在。
feedback-notice-TOO_MANY = 尚未提交：提交过于频繁。请稍后再试，已填的内容还在。
feedback-notice-DOWN = 尚未提交：这是系统故障。请稍后再试，已填的内容还在；急需请拨打12345。
feedback-missing-satisfied = 请选择是否满意。
feedback-missing-category = 请选择投诉事项。
feedback-missing-unit = 请写明单位或者人员。
feedback-missing-text = 请写明事情经过。
feedback-too-long = 太长了，最多{ $most }字。
feedback-control = 含有无法显示的字符，请删去后再提交。
receipt-title = 已收到
receipt-again = 此前已收到，没有重复登记；以第一次提交的内容为准。
receipt-keep = 请抄下编号或者截图保存，凭它查询办理情况。编号不会再次显示，也无法找回。
receipt-evaluation = 满五份后与其他评价合并成数字，才给所在机关看。
state-link = 凭回执编号查询办理情况
state-intro = 回执编号在提交之后显示。这里不登录，也不记录谁查询了什么。
state-number = 回执编号
state-number-hint = 16位数字，空格可以不填。
state-number-missing = 请填写回执编号。
state-number-mistyped = 编号有误，应为16位数字，请逐位核对。
state-submit = 查询
state-NONE = 没有查到
state-none-note = 请逐位核对回执编号。评价合并满一年后不再保留，也会查不到。
state-WAITING = 评价已收到
state-waiting-note = 满五份后与其他评价合并成数字，才给所在机关看。
state-RELEASED = 评价已汇总
state-released-note = 您的评价已与其他评价合并成数字，原来的内容已经删除。
state-RECEIVED = 已收到，待决定是否受理
state-ACCEPTED = 已受理，正在办理
state-NOT_ACCEPTED = 不予受理
state-UPHELD = 投诉属实
state-NOT_UPHELD = 投诉不属实
state-received-on = 收到
state-desk = 承办
state-due-on = 期限
state-provisional = { $date }（下一年度放假安排公布后可能调整）
state-overdue = 已超过办理期限。可以拨打12345反映。
state-extended = 延期理由
state-ended-on = 办结
state-reasons = 理由
state-channel = 其他途径

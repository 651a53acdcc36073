### 投诉
### 办理被拒绝的原因。

COMPLAINT_NOT_FOUND = 没有这件投诉，或者不在您的管辖范围内。
COMPLAINT_QUESTION_NOT_FOUND = 没有这项询问，或者不是问您单位的。
STATE_NOT_ALLOWED = 现在不能这样办理。当前状态：{ $state }。
OWN_RECORD = 投诉涉及本人，不能自己办理。
SEPARATION_OF_DUTIES = 提出处理意见的人不能自己作决定，请另一人决定。
PERSON_REQUIRED = 须由登录的人员办理。
REASONS_REQUIRED = 请填写理由或者内容。
REASON_INVALID = 含有无法显示的字符，请删去。
TEXT_TOO_LONG = 太长了，最多{ $most }字。
EXTENDED_ALREADY = 期限只能延长一次，已经延长过。
QUESTION_REPEATS_COMPLAINT = 询问里照抄了投诉人的原话或者联系方式。请改用自己的话中性地询问。
QUESTION_ANSWERED = 这项询问已经答复，不能再改。
AGENCY_NOT_FOUND = 没有这个机关，或者已撤销。
OFFICER_NOT_FOUND = 这个机关没有这名人员。
COMPLAINT_AGENCY_UNKNOWN = 还没有确定投诉的是哪个机关，或者该机关已撤销，请先指定。
CONTACT_NOT_GIVEN = 投诉人没有留联系方式，或者已按期删除。
COMPLAINT_NOT_HANDLED_HERE = 联系方式只有承办的司法行政部门能看。
TOO_MANY = 一次最多{ $most }项。

## 状态

state-RECEIVED = 待决定是否受理
state-ACCEPTED = 已受理
state-PROPOSED = 待决定
state-NOT_ACCEPTED = 不予受理
state-UPHELD = 属实
state-NOT_UPHELD = 不属实

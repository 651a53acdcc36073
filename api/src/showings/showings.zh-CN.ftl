# 亮证和联合执法授权的文本。消息名即对外的错误码。

PERSON_REQUIRED = 此事项须由本人办理，不能由系统代办。
NO_CERTIFICATE_IN_FORCE = 您今天没有有效的证件，不能亮证。
SHOWING_OPEN = 您上一次亮证尚未结束，请先结束。
SHOWING_NOT_FOUND = 没有这次亮证，或者与您无关。
SHOWING_OVER = 这次亮证已经结束。
TASK_INVALID = 请填写执法事项，1至100个字符；不要填写当事人的个人信息。
NOTICE_NUMBER_INVALID = 文号最多60个字符，不含控制字符。
FIELD_COUNT_INVALID = 请填写1至{ $about }个执法领域。
FIELD_UNKNOWN = 没有执法领域“{ $about }”。
DIVISION_UNKNOWN = 没有行政区划“{ $about }”。
SHOWING_MINUTES_INVALID = 亮证时长为5至{ $about }分钟。
SECOND_CERTIFICATE_NOT_IN_FORCE = 没有这个编号的有效证件，请核对第二名执法人员的证件编号。
SECOND_OFFICER_IS_ONESELF = 第二名执法人员不能是您本人。
SECOND_OFFICER_AND_REASON = 第二名执法人员和单人执法的理由只能填写一项。
ALONE_REASON_UNKNOWN = 本地没有规定单人执法的理由“{ $about }”。
JOINT_AUTHORISATION_NOT_FOUND = 没有这项联合执法授权，或其不在您的管辖范围内。
STATE_NOT_ALLOWED = 这项联合执法授权已经决定或者已经终止，不能办理此事项。
SEPARATION_OF_DUTIES = 提出联合执法授权的人员不得作出决定，请由其他人员办理。
OWN_RECORD = 授权中列有您本人或者您所在的机关，请由其他人员决定。
DOCUMENT_INVALID = 请填写授权文件的文号，2至100个字符，不含控制字符。
REASONS_INVALID = 不予授权的，请填写理由，最多1000个字符。
AUTHORITY_INVALID = 决定机关应为现有的司法行政部门或者发证机关。
PARTIES_INVALID = 请填写1至{ $about }个机关或者人员，其中至少一个在您的管辖范围内。
PARTY_NOT_BELOW_AUTHORITY = 所列机关或者人员中，有的不存在，或者不在决定机关的管辖范围内。
DIVISION_NOT_BELOW_AUTHORITY = 请填写1至{ $about }个行政区划，均应在决定机关所在区划之内。
AUTHORISATION_PERIOD_INVALID = 授权期限应自今日或者以后起，最长{ $about }天。

# 人员库的文本。消息名即对外的错误码。不得包含任何个人信息。

PERSON_NOT_FOUND = 未找到该人员，或不在您的管辖范围内。
NAME_INVALID = 姓名无效：应为2至50个字符，可含间隔号“·”，不含括号、数字和其他符号。
ID_NUMBER_INVALID = 身份证号无效：应为18位，出生日期真实，校验码正确。
ID_NUMBER_TAKEN = 该身份证号的人员已在本机关登记。
TRANSFER_REQUIRED = 该身份证号的人员已在其他机关登记，请先办理调动。
PERSON_KIND_IN_USE = 该人员已有执法资格、证件或申请，不能直接变更人员类别。
AGENCY_NOT_FOUND = 未找到该机关，或该机关已撤销、不在您的管辖范围内。
AREA_NOT_FOUND = 未找到该执法区域的行政区划代码。
FIELD_NOT_FOUND = 执法领域“{ $code }”不在字典中，或重复填写。
PHONE_INVALID = 手机号无效：应为11位数字。
TEXT_INVALID = 文字过长或含有控制字符：最多100个字符。
SCORE_INVALID = 考试成绩无效：应在0至100分之间。
EXAM_DATE_INVALID = 考试日期无效：不能晚于今天。
EXAM_OUT_OF_ORDER = 考试日期应晚于该科目已登记的上一次考试。
EXAM_RESULT_FOLLOWED = 该科目此后还有考试成绩：可以更正分数，但不能增加或者取消该次成绩。
TRAINING_YEAR_INVALID = 培训年度无效：不能晚于今年。
TRAINING_MINUTES_INVALID = 培训时长无效：应在0至999学时之间。
EMPLOYMENT_ACT_REQUIRED = 在岗状态显示该人员已离岗、退休或重新上岗。导入不改变人员状态，请按人员变动办理。
OWN_RECORD = 不能办理本人的事项，请由其他人员办理。
STANDING_NOT_FOUND = 未找到该情形，或该人员不由您所在的司法行政部门监督。
STANDING_FROM_INVALID = 起始日期无效：不能晚于今天。
STANDING_UNTIL_INVALID = 截止日期无效：不得早于起始日期或过于久远；须办理解除才结束的情形不设截止日期，请留空。
STANDING_KNOWN = 该人员已登记此类情形且尚未解除，不重复登记。
STANDING_LIFTED = 该情形此前已经解除。
LIFT_REASON_INVALID = 所选理由不适用于解除此类情形，或尚未到可以解除的时间。
STANDING_AGAIN = 此类情形此前已解除或者已届满；再次登记须先确认。

DIVISION_NOT_FOUND = 未找到该行政区划，或不在您的管理范围内。
POLICY_BODY_INVALID = 政策内容不符合要求：{ $detail }。
POLICY_TOO_EARLY = 生效日期最早为{ $earliest }：应晚于上一版本，且不得早于今日。
CHANGED_MEANWHILE = 他人刚刚作了修改，请刷新后重试。

# 组织机构的文本。消息名即对外的错误码。

AGENCY_NOT_FOUND = 未找到该机关，或不在您的管辖范围内。
OUTSIDE_SCOPE = 办理后“{ $about }”将不在您的管辖范围内，不能办理。
AGENCY_NAME_INVALID = 机关名称“{ $about }”无效：应为2至100个字符，不含控制字符。
AGENCY_NAME_TAKEN = 已有名称为“{ $about }”的机关。
TOO_MANY_ALIASES = “{ $about }”的简称和曾用名过多，最多保留20个。
USCC_INVALID = 统一社会信用代码“{ $about }”无效：应为18位，且校验码正确。
USCC_TAKEN = 统一社会信用代码“{ $about }”已被其他机关使用。
DIVISION_NOT_FOUND = 未找到行政区划代码“{ $about }”。
DIVISION_INVALID = 行政区划“{ $about }”无效：代码应与级别相符，且名称不能为空。
DIVISION_PARENT_INVALID = 行政区划“{ $about }”与其上级区划不符。
FIELD_NOT_FOUND = 执法领域“{ $about }”不在字典中，或重复填写。
FIELD_INVALID = 执法领域“{ $about }”无效：代码应为小写字母、数字和连字符，中英文名称均不能为空。
SUPERIOR_NOT_FOUND = 未找到“{ $about }”的上级主管部门，或该部门已撤销。
SUPERIOR_CIRCLE = “{ $about }”的上级主管部门关系形成了循环。
JUSTICE_DEPARTMENT_IS_ORGAN = “{ $about }”不是行政机关，不能作为司法行政部门。
JUSTICE_DEPARTMENT_TAKEN = “{ $about }”所在行政区划已有司法行政部门。
COUNTY_LEVEL_REQUIRED = “{ $about }”级别不符：司法行政部门和发证机关应为县级以上。
ENTRUSTED_MAY_NOT_ISSUE = “{ $about }”是受委托组织，不能作为发证机关。
ENTRUSTING_ORGAN_INVALID = “{ $about }”的委托机关无效：应为现存的行政机关，受委托组织不得再委托。
ENTRUSTMENT_LETTER_MISSING = “{ $about }”是受委托组织，应填写委托书编号。
ENTRUSTMENT_NOT_EXPECTED = “{ $about }”不是受委托组织，不应填写委托机关或委托书。
COMPLAINT_PHONE_INVALID = 监督电话“{ $about }”无效：应为5至20位数字，可含连字符。
QUALIFICATION_DAY_MISMATCH = “{ $about }”的执法主体资格与公告日期不符：已确认的应填写公告日期，未确认的不应填写。
AGENCY_ABOLISHED = “{ $about }”已撤销。

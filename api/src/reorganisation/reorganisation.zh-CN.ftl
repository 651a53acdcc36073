# 机构改革的文本。消息名即对外的错误码。

AGENCY_CHANGE_NOT_FOUND = 未找到该项机构变更，或其所涉机关不在您的管辖范围内。
STATE_NOT_ALLOWED = 该项机构变更{ $about }，不能办理此事项。
SEPARATION_OF_DUTIES = 提出机构变更的人员不得作出决定，请由其他管理员办理。
DOCUMENT_INVALID = 请填写批准文件的文号，2至100个字符，不含控制字符。
EFFECTIVE_TOO_EARLY = 生效日期过早，最早可为{ $about }。
EFFECTIVE_TOO_LATE = 生效日期过晚，最晚可为{ $about }。
REFORM_OUT_OF_ORDER = 所涉机关在{ $about }已有其他变更生效，生效日期不得早于该日。
SUCCESSOR_CHOICE = 承继机关应为已登记的机关或者新设机关，二者择一填写。
SUCCESSOR_NOT_FOUND = 未找到承继机关，或其不在您的管辖范围内。
SUCCESSOR_ABOLISHED = “{ $about }”已撤销，不能作为承继机关。
INTO_ITSELF = “{ $about }”不能并入或者划入本机关。
AGENCY_NAMED_TWICE = “{ $about }”重复填写。
NOTHING_SELECTED = 请至少填写一个机关。
TOO_MANY = 数量过多，最多{ $about }个。
NOTHING_CHANGES = “{ $about }”没有任何变化。
PART_EMPTY = 划入“{ $about }”的人员为空，请指定人员、内设机构或其余人员。
TWO_RESTS = 其余人员只能划入一个机关。
PERSON_NAMED_TWICE = 同一人员被划入两个机关。
UNIT_NAMED_TWICE = 内设机构“{ $about }”被划入两个机关。
PERSON_NOT_IN_AGENCY = 所列人员中有人不属于“{ $about }”。
UNIT_NOT_IN_AGENCY = 拟分设的机关中没有人员属于内设机构“{ $about }”，请核对名称。
AGENCY_HAS_PEOPLE = “{ $about }”仍有在册人员，请先办理人员转隶或退出。
AGENCY_HAS_CERTIFICATES = “{ $about }”仍有未终止的证件，请先由发证机关注销。
AGENCY_HAS_APPLICATIONS = “{ $about }”仍有正在办理的申请，请先办结。
AGENCY_HAS_SUBORDINATES = “{ $about }”仍有下级部门或受委托组织，请先调整其隶属关系。

# 状态
state-PROPOSED = 尚待决定
state-APPROVED = 已经决定
state-APPLIED = 已经生效
state-WITHDRAWN = 已经撤回
state-FAILED = 未能生效

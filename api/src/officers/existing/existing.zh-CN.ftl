### 原证件
### 名册所报原证件的异常情形。有异常的不能直接确认：前四种一律不得确认，其余经核实后可以确认。

KIND_EXCLUDED = 持证人不是行政执法人员或者行政执法监督人员，不得持有执法证件。
NUMBER_TAKEN = 证件编号与其他证件相同。
NUMBER_FORM = 证件编号不符合规定的格式。
CERTIFICATE_IN_FORCE = 持证人另有有效证件。
NUMBER_ZEROS = 证件编号与另一编号仅前面的0不同。
ISSUER_UNKNOWN = 系统中没有登记该发证机关。
ISSUER_NO_AUTHORITY = 该机关不是持证人所在单位的上级发证机关。
EXPIRED_IN_FORCE = 所报状态为有效或者暂扣，但有效期已满。
NOT_EXPIRED = 所报状态为过期，但有效期未满。
LONG_TERM = 没有截止日期，确认后按规定的有效年限计算。
VALIDITY_LONG = 有效期超过规定的年限。
NOT_ON_ESTABLISHMENT = 持证人无编制。
NOT_IN_POST = 持证人借调、离岗、退休或者已离开单位。
BARRED = 持证人有不得申领情形。
ANOTHER_CERTIFICATE = 持证人有过其他证件。
PHOTO_MISSING = 没有持证人照片。

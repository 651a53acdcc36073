### 核验记录

DEVICE_NOT_FOUND = 没有找到您名下的这部手机。核验记录须由登记该手机的本人上传。
TOO_MANY = 一次最多上传 { $most } 条记录，请分批上传。
TOO_MANY_SYNCS = 这部手机上传过于频繁，请 { $seconds } 秒后再试；记录仍保存在手机上。

## 针对单条记录，不影响同批其他记录。
RECORD_UNREADABLE = 不是约定格式的核验记录。
RECORD_SIGNATURE_INVALID = 这条记录不是由这部手机签名的。

## 针对逾期记录的说明。
CHECK_RECORD_NOT_FOUND = 没有找到您的这条核验记录。
NOT_LATE = 这条记录按时上传，无需说明理由。
LATE_ENTRY_CLOSED = 这条记录上传过迟，已不再接受说明，记录按现状留存。
LATE_REASON_GIVEN = 已说明过理由，不能再修改。
LATE_REASON_INVALID = 请用 2 至 1000 个字说明理由，不得含控制字符。

QR_TEXT_INVALID = 二维码内容无效。
QR_TOO_LONG = 二维码内容过长，无法按规定版本绘制。请检查公开网址(PUBLIC_URL)的长度。
QR_SCALE_OUT_OF_RANGE = 放大倍数须为 1–32。
QR_DRAWING_FAILED = 二维码未能绘制，请重试。

# 亮证时核对的事项：当事人和执法人员看到的文字相同。
finding-OFFICERS-OK = 两名执法人员在场，第二名已本人确认。
finding-OFFICERS-SECOND_OFFICER_MISSING = 未填写第二名执法人员，也未说明单人执法的理由。
finding-OFFICERS-SECOND_OFFICER_NOT_CONFIRMED = 已填写第二名执法人员，但其本人尚未确认。
finding-OFFICERS-SECOND_OFFICER_DECLINED = 所填的第二名执法人员表示未在场。
finding-OFFICERS-ALONE_BY_EXCEPTION = 一名执法人员，已说明理由。
finding-FIELD-OK = 执法事项在证件所载执法领域之内。
finding-FIELD-OUTSIDE_FIELD = 执法事项不在证件所载执法领域之内。
finding-FIELD-COVERED_BY_JOINT_AUTHORISATION = 执法事项不在证件所载执法领域之内，但有现行有效的联合执法授权。
finding-AREA-OK = 执法地点在证件所载执法区域之内。
finding-AREA-OUTSIDE_AREA = 执法地点不在证件所载执法区域之内。
finding-AREA-COVERED_BY_JOINT_AUTHORISATION = 执法地点不在证件所载执法区域之内，但有现行有效的联合执法授权。
finding-AREA-PLACE_NOT_GIVEN = 未填写执法地点，未核对执法区域。
finding-NOTICE-OK = 已填写检查通知书文号。
finding-NOTICE-NOTICE_NUMBER_MISSING = 未填写检查通知书文号。

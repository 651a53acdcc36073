demo-roster-title = 行政执法人员名册（演示数据）
demo-roster-fictitious = 本名册中的人员均为虚构：身份证号、统一社会信用代码使用不存在的行政区划（629999），电话无法接通，照片为绘制。
demo-roster-text = 所有单元格均为文本格式，请勿改为数字或日期格式，以免身份证号、日期失真。
demo-roster-dates = 日期按 YYYY-MM-DD 填写；成绩为 0–100 分；培训学时可保留一位小数。
demo-roster-fields = 执法领域等取值见“字典”表；多个执法领域以顿号（、）分隔。
demo-roster-repeat = 以身份证号识别人员，可重复导入；导入不改变资格和证件的状态。

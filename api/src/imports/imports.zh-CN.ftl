fix = { "" } 建议改为“{ $fix }”。

file-empty = 文件中没有人员数据。
file-too-large = 文件超过上限（{ $limit }），请拆分后分批上传。
file-not-a-workbook = 文件不是可识别的名册。请使用.xlsx工作簿或CSV文件；其他办公软件的文件请先另存为.xlsx。
file-encrypted = 文件设有打开密码，请取消密码后重新上传。
file-damaged = 文件已损坏或无法读取，请用表格软件打开、另存为.xlsx后重新上传。
zip-bomb = 文件解压后的内容异常庞大，已拒绝读取。请另存为新的.xlsx文件后重试。
sheet-not-found = 未找到人员名册：没有名为“人员”的工作表，也没有同时含有“姓名”“身份证号”表头的工作表。
heading-missing = 工作表“{ $sheet }”缺少必需的表头：{ $headings }。
heading-double = 工作表“{ $sheet }”中有两列都表示“{ $heading }”，请保留一列。
encoding-unknown = 无法识别文件的文字编码，请将CSV文件另存为UTF-8或GB18030编码。
too-many-rows = 人员超过{ $limit }行，请分批上传。
too-many-columns = 工作表“{ $sheet }”超过{ $limit }列，请删除多余的列。

column-never-stored = 不采集“{ $title }”，该列未读取，也不会保存。
column-unknown = 未识别“{ $title }”列，该列未读取。
sheet-not-read = 该工作表未读取：没有名册表头，或工作簿中另有“人员”工作表。
remarks-ignored = “{ $heading }”列仅供本单位使用，不入库。

cell-required = “{ $heading }”必须填写。
cell-error-value = “{ $heading }”单元格显示为错误值{ $value }，请填写实际内容。
cell-too-long = “{ $heading }”超过{ $limit }个字符。
value-from-above = “{ $heading }”沿用上一行的“{ $read }”，请确认。
nothing-above = “{ $heading }”填写了“同上”，但上方没有可沿用的内容。
value-read-as = “{ $heading }”中的“{ $value }”已按“{ $read }”读取，请确认。
value-unknown = “{ $heading }”不能填“{ $value }”，应为：{ $choices }。
value-unclear = “{ $heading }”中的“{ $value }”含义不明确，请从下列选项中选定：{ $choices }。

name-length = 姓名应为2至50个字。
name-characters = 姓名中含有不应出现的字符。
name-dot-mended = 姓名中的间隔号已统一为“·”，读作“{ $read }”，请确认。
name-suffix-removed = 姓名后附注的内容已去掉，读作“{ $read }”，请确认。

id-length = 身份证号应为18位，现为{ $length }位。
id-fifteen-digits = 填写的是15位旧身份证号，请改填18位公民身份号码。
id-precision-lost = 身份证号被表格软件当作数字，末几位已经丢失，请按证件以文本格式重新填写。
id-characters = 身份证号只能是数字，末位可以是X。
id-birth-date = 身份证号中的出生日期不存在。
id-check-digit = 身份证号校验位不符，请对照证件核对。
id-tail-zeros = 身份证号末三位为000，可能是表格软件四舍五入所致，请对照证件确认。
id-apostrophe = 身份证号前的撇号已去掉，请确认。
id-duplicate = 与工作表“{ $sheet }”第{ $row }行的身份证号重复。
gender-disagrees = 性别与身份证号不一致，请核对；系统以身份证号为准。

agency-unknown = 系统中没有登记“{ $value }”，请填写机关法定全称。
agency-ambiguous = “{ $value }”对应多个机关，请填写法定全称。
agency-other-name = “{ $value }”不是现行全称，已按“{ $read }”读取，请确认。
agency-with-section = 机关名称中含有内设机构，已拆分为“{ $read }”和“{ $section }”，请确认。
agency-code-disagrees = 统一社会信用代码与所属机关不一致，请核对。

uscc-length = 统一社会信用代码应为18位，现为{ $length }位。
uscc-old-code = 填写的是9位旧组织机构代码，请改填18位统一社会信用代码。
uscc-letter-for-digit = 统一社会信用代码中不使用字母I、O、S、V、Z，疑为数字误写成字母，请核对后重新填写。
uscc-letters-mended = 统一社会信用代码中的字母已按数字读作{ $read }，请确认。
uscc-characters = 统一社会信用代码含有不应出现的字符。
uscc-check-character = 统一社会信用代码校验位不符，请核对。
uscc-precision-lost = 统一社会信用代码被表格软件当作数字，末几位已经丢失，请以文本格式重新填写。

field-unknown = 字典中没有执法领域“{ $value }”。
field-unclear = “{ $value }”不是具体的执法领域，请按字典逐项填写。
division-unknown = 在所属机关辖区内没有找到行政区划“{ $value }”。

phone-invalid = 手机号应为11位数字。
phone-landline = 填写的是固定电话，请改填11位手机号。
phone-two-numbers = 手机号填写了不止一个，请只保留一个。
phone-prefix-removed = 手机号前的国家代码86已去掉，请确认。
phone-signs-removed = 手机号中的连字符、括号已去掉，请确认。

date-invalid = “{ $heading }”中的“{ $value }”不是有效日期，应形如2026-03-05。
date-range = “{ $heading }”填写了起止日期，请只填一个日期。
date-long-term = “{ $heading }”不能填“长期”，请填写具体日期。
date-in-future = “{ $heading }”晚于今天。
date-order = “{ $heading }”早于发证日期。

number-invalid = “{ $heading }”中的“{ $value }”不是数字。
number-range = “{ $heading }”应在{ $least }至{ $most }之间。
number-precision = “{ $heading }”最多保留一位小数。
score-word = “{ $heading }”应填写分数，不能填写“合格”等文字。
score-absent = “{ $heading }”注明未参加考试，没有成绩的请留空。
hours-in-days = 培训学时应按学时填写，不能按天数填写。

exam-missing = 没有“{ $heading }”，该人员导入后为拟申领人员，补录成绩前不能取得执法资格，请确认。
exam-incomplete = 考试成绩和日期须同时填写，缺少“{ $heading }”。
photo-missing = 没有填写照片文件名，照片须以身份证号命名，请确认。
photo-name = 照片文件名应为jpg或png文件的名称，不含路径；不要在单元格内粘贴图片。

prior-number-pending = 原证件编号注明尚未取得，已按无证读取，请确认。
prior-number-as-number = 原证件编号为数字格式，前面的0可能已丢失，现读作{ $read }，请确认。
prior-number-invalid = 原证件编号不符合要求，请按证件原样以文本格式填写。
prior-incomplete = 已填写原证件编号，还须填写“{ $heading }”。
prior-issuer-unknown = 系统中没有登记发证机关“{ $value }”，请填写发证机关法定全称。
prior-without-number = 填写了原证件的情况，但缺少原证件编号。
auxiliary-holds = 辅助人员不得持有执法证件，请核对人员类别和原证件编号。
auxiliary-exams = 辅助人员不得申领证件，其考试成绩未读取。

standing-code-missing = 不得申领情形填写了“有”，请按字典选定具体情形。
standing-narrative = 不得申领情形只能填“无”或字典所列情形。所填内容未予保存，请重新选填，不要填写经过和细节。
remarks-hide-state = 备注中提到“{ $value }”，备注不入库，请核对“在岗状态”等列。

# 导入整体的拒绝
import-not-found = 未找到该导入批次。
import-not-staged = 该批次不在待入库状态，不能执行此操作。
import-rows-removed = 该批次的明细已超过30天保存期，系统已删除，只保留汇总数字。请重新上传名册。
import-confirmation-needed = 有 { $count } 处自动更正待确认。请核对报告后确认入库。
import-rows-failed = 有 { $count } 行未通过核对；本批次要求全部通过才入库，请更正后重新上传。
# 入库时的拒绝
transfer-required = 该人员已在其他机关登记，请按调动办理。
row-refused = 人员库未接受该行（{ $code }）：{ $reason }
prior-not-entered = “{ $heading }”已核对，但本版本尚不登记已有证件，请保留原表。

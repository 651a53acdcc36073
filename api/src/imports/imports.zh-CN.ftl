fix = { "" } 建议改为“{ $fix }”。

FILE_EMPTY = 文件中没有人员数据。
FILE_TOO_LARGE = 文件超过上限（{ $limit }），请拆分后分批上传。
FILE_NOT_A_WORKBOOK = 文件不是可识别的名册。请使用.xlsx工作簿或CSV文件；其他办公软件的文件请先另存为.xlsx。
FILE_ENCRYPTED = 文件设有打开密码，请取消密码后重新上传。
FILE_DAMAGED = 文件已损坏或无法读取，请用表格软件打开、另存为.xlsx后重新上传。
ZIP_BOMB = 文件解压后的内容异常庞大，已拒绝读取。请另存为新的.xlsx文件后重试。
SHEET_NOT_FOUND = 未找到人员名册：没有名为“人员”的工作表，也没有同时含有“姓名”“身份证号”表头的工作表。
HEADING_MISSING = 工作表“{ $sheet }”缺少必需的表头：{ $headings }。
HEADING_DOUBLE = 工作表“{ $sheet }”中有两列都表示“{ $heading }”，请保留一列。
ENCODING_UNKNOWN = 无法识别文件的文字编码，请将CSV文件另存为UTF-8或GB18030编码。
TOO_MANY_ROWS = 人员超过{ $limit }行，请分批上传。
TOO_MANY_COLUMNS = 工作表“{ $sheet }”超过{ $limit }列，请删除多余的列。
IMPORT_NOT_FOUND = 未找到该导入批次。
IMPORT_NOT_STAGED = 该批次不在待入库状态，不能执行此操作。
IMPORT_ROWS_REMOVED = 该批次的明细已超过30天保存期，系统已删除，只保留汇总数字。请重新上传名册。
IMPORT_WITHDRAWN = 该导入已经撤回。
IMPORT_UNDER_WAY = 该导入正在读取或者应用，请待其结束后再试。
IMPORT_CONFIRMED = 该导入已有{ $count }个原证件得到确认，不能再撤回。
IMPORT_CONFIRMATION_NEEDED = 有 { $count } 处自动更正待确认。请核对报告后确认入库。
IMPORT_ROWS_FAILED = 有 { $count } 行未通过核对；本批次要求全部通过才入库，请更正后重新上传。

COLUMN_NEVER_STORED = 不采集“{ $title }”，该列未读取，也不会保存。
COLUMN_UNKNOWN = 未识别“{ $title }”列，该列未读取。
SHEET_NOT_READ = 该工作表未读取：没有名册表头，或工作簿中另有“人员”工作表。
REMARKS_IGNORED = “{ $heading }”列仅供本单位使用，不入库。

CELL_REQUIRED = “{ $heading }”必须填写。
CELL_ERROR_VALUE = “{ $heading }”单元格显示为错误值{ $value }，请填写实际内容。
CELL_TOO_LONG = “{ $heading }”超过{ $limit }个字符。
VALUE_FROM_ABOVE = “{ $heading }”沿用上一行的“{ $read }”，请确认。
NOTHING_ABOVE = “{ $heading }”填写了“同上”，但上方没有可沿用的内容。
VALUE_READ_AS = “{ $heading }”中的“{ $value }”已按“{ $read }”读取，请确认。
VALUE_UNKNOWN = “{ $heading }”不能填“{ $value }”，应为：{ $choices }。
VALUE_UNCLEAR = “{ $heading }”中的“{ $value }”含义不明确，请从下列选项中选定：{ $choices }。

NAME_LENGTH = 姓名应为2至50个字。
NAME_CHARACTERS = 姓名中含有不应出现的字符。
NAME_DOT_MENDED = 姓名中的间隔号已统一为“·”，读作“{ $read }”，请确认。
NAME_SUFFIX_REMOVED = 姓名后附注的内容已去掉，读作“{ $read }”，请确认。

ID_LENGTH = 身份证号应为18位，现为{ $length }位。
ID_FIFTEEN_DIGITS = 填写的是15位旧身份证号，请改填18位公民身份号码。
ID_PRECISION_LOST = 身份证号被表格软件当作数字，末几位已经丢失，请按证件以文本格式重新填写。
ID_CHARACTERS = 身份证号只能是数字，末位可以是X。
ID_BIRTH_DATE = 身份证号中的出生日期不存在。
ID_CHECK_DIGIT = 身份证号校验位不符，请对照证件核对。
ID_TAIL_ZEROS = 身份证号末三位为000，可能是表格软件四舍五入所致，请对照证件确认。
ID_APOSTROPHE = 身份证号前的撇号已去掉，请确认。
ID_DUPLICATE = 与工作表“{ $sheet }”第{ $row }行的身份证号重复。
GENDER_DISAGREES = 性别与身份证号不一致，请核对；系统以身份证号为准。

AGENCY_UNKNOWN = 系统中没有登记“{ $value }”，请填写机关法定全称。
AGENCY_AMBIGUOUS = “{ $value }”对应多个机关，请填写法定全称。
AGENCY_OTHER_NAME = “{ $value }”不是现行全称，已按“{ $read }”读取，请确认。
AGENCY_WITH_SECTION = 机关名称中含有内设机构，已拆分为“{ $read }”和“{ $section }”，请确认。
AGENCY_CODE_DISAGREES = 统一社会信用代码与所属机关不一致，请核对。

USCC_LENGTH = 统一社会信用代码应为18位，现为{ $length }位。
USCC_OLD_CODE = 填写的是9位旧组织机构代码，请改填18位统一社会信用代码。
USCC_LETTER_FOR_DIGIT = 统一社会信用代码中不使用字母I、O、S、V、Z，疑为数字误写成字母，请核对后重新填写。
USCC_LETTERS_MENDED = 统一社会信用代码中的字母已按数字读作{ $read }，请确认。
USCC_CHARACTERS = 统一社会信用代码含有不应出现的字符。
USCC_CHECK_CHARACTER = 统一社会信用代码校验位不符，请核对。
USCC_PRECISION_LOST = 统一社会信用代码被表格软件当作数字，末几位已经丢失，请以文本格式重新填写。

FIELD_UNKNOWN = 字典中没有执法领域“{ $value }”。
FIELD_UNCLEAR = “{ $value }”不是具体的执法领域，请按字典逐项填写。
DIVISION_UNKNOWN = 在所属机关辖区内没有找到行政区划“{ $value }”。

PHONE_INVALID = 手机号应为11位数字。
PHONE_LANDLINE = 填写的是固定电话，请改填11位手机号。
PHONE_TWO_NUMBERS = 手机号填写了不止一个，请只保留一个。
PHONE_PREFIX_REMOVED = 手机号前的国家代码86已去掉，请确认。
PHONE_SIGNS_REMOVED = 手机号中的连字符、括号已去掉，请确认。

DATE_INVALID = “{ $heading }”中的“{ $value }”不是有效日期，应形如2026-03-05。
DATE_RANGE = “{ $heading }”填写了起止日期，请只填一个日期。
DATE_LONG_TERM = “{ $heading }”不能填“长期”，请填写具体日期。
DATE_IN_FUTURE = “{ $heading }”晚于今天。
DATE_ORDER = “{ $heading }”早于发证日期。

NUMBER_INVALID = “{ $heading }”中的“{ $value }”不是数字。
NUMBER_RANGE = “{ $heading }”应在{ $least }至{ $most }之间。
NUMBER_PRECISION = “{ $heading }”最多保留一位小数。
SCORE_WORD = “{ $heading }”应填写分数，不能填写“合格”等文字。
SCORE_ABSENT = “{ $heading }”注明未参加考试，没有成绩的请留空。
HOURS_IN_DAYS = 培训学时应按学时填写，不能按天数填写。

EXAM_MISSING = 没有“{ $heading }”，该人员导入后为拟申领人员，补录成绩前不能取得执法资格，请确认。
EXAM_INCOMPLETE = 考试成绩和日期须同时填写，缺少“{ $heading }”。
PHOTO_MISSING = 没有填写照片文件名，照片须以身份证号命名，请确认。
PHOTO_NAME = 照片文件名应为jpg或png文件的名称，不含路径；不要在单元格内粘贴图片。

PRIOR_NUMBER_PENDING = 原证件编号注明尚未取得，已按无证读取，请确认。
PRIOR_NUMBER_AS_NUMBER = 原证件编号为数字格式，前面的0可能已丢失，现读作{ $read }，请确认。
PRIOR_NUMBER_INVALID = 原证件编号不符合要求，请按证件原样以文本格式填写。
PRIOR_INCOMPLETE = 已填写原证件编号，还须填写“{ $heading }”。
PRIOR_ISSUER_UNKNOWN = 系统中没有登记发证机关“{ $value }”，请填写发证机关法定全称；证件上确为此名称的请确认，由司法行政部门核实。
PRIOR_NUMBER_DUPLICATE = 原证件编号与工作表“{ $sheet }”第{ $row }行相同。
PRIOR_NUMBER_TAKEN = 该证件编号已属于其他人员，请对照证件核对。
PRIOR_NUMBER_FORM = 原证件编号不符合规定的格式，请对照证件核对。
PRIOR_LONG_TERM = 原证件有效期为长期，请确认，由司法行政部门核实。
PRIOR_ON_RECORD = 该证件已经登记，本次导入不作变更。
PRIOR_REFUSED = 司法行政部门已对该原证件不予确认，不再重复登记。
PRIOR_WITHOUT_NUMBER = 填写了原证件的情况，但缺少原证件编号。
MINISTRY_FILED = 部委证件仅作备案登记，不作为本省执法资格的依据。
AUXILIARY_HOLDS = 辅助人员不得持有执法证件，请核对人员类别和原证件编号；确认后列为异常，司法行政部门不予确认。
AUXILIARY_EXAMS = 辅助人员不得申领证件，其考试成绩未读取。

STANDING_CODE_MISSING = 不得申领情形填写了“有”，请按字典选定具体情形。
STANDING_NARRATIVE = 不得申领情形只能填“无”或字典所列情形。所填内容未予保存，请重新选填，不要填写经过和细节。
STANDING_AGAIN = 此类不得申领情形此前已解除或者已届满，名册中再次出现；确认后将从今日起重新登记，如系旧名册请改填“无”。
REMARKS_HIDE_STATE = 备注中提到“{ $value }”，备注不入库，请核对“在岗状态”等列。

TRANSFER_REQUIRED = 该人员已在其他机关登记，请按调动办理。
ROW_REFUSED = 人员库未接受该行（{ $code }）：{ $reason }

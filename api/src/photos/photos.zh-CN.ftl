# 照片压缩包的文本。消息名即对外的代码。

# 整个压缩包
FILE_NOT_A_ZIP = 文件不是 ZIP 压缩包。请将照片打成一个 ZIP 压缩包后上传，不支持 RAR、7Z 等其他格式。
FILE_DAMAGED = 压缩包已损坏或不完整，请重新打包后上传。
FILE_TOO_LARGE = 压缩包超过上限（{ $limit }），请分成几个压缩包上传。
TOO_MANY_FILES = 压缩包内的文件超过 { $limit } 个，请分成几个压缩包上传。
ZIP_BOMB = 压缩包解压后的内容异常庞大，已拒绝读取。请重新打包后上传。
FILE_ENCRYPTED = 压缩包设有密码，请取消密码后重新上传。
FILE_EMPTY = 压缩包内没有照片。
PHOTO_BATCH_NOT_FOUND = 未找到该批照片。
PHOTO_BATCH_NOT_STAGED = 该批照片不在待采用状态，不能执行此操作。

# 每个文件
PHOTO_READY = 照片已与人员对应，等待确认采用。
PHOTO_ATTACHED = 照片已采用。
PHOTO_UNCHANGED = 该人员现有照片与此相同，未作变动。
PHOTO_FILE_IGNORED = 系统自动生成的文件，不是照片，已忽略。
PHOTO_NAME_UNSAFE = 文件名无效：含有反斜杠、上级目录、绝对路径或控制字符，或者超过255个字符，请改名后重新打包。
PHOTO_ENCRYPTED = 该文件设有密码，请取消密码后重新打包。
PHOTO_NESTED_ARCHIVE = 压缩包内还有压缩包，未读取，请解开后重新打包。
PHOTO_NOT_MATCHED = 未找到对应的人员。文件名中应有18位身份证号，或与名册中的“照片文件名”一致，且该人员在您的管辖范围内。
PHOTO_AMBIGUOUS = 文件名对应多名人员，请改以本人的18位身份证号命名。
PHOTO_PERSON_TWICE = 压缩包内另有文件对应同一人员，均未采用，请只保留一个。
PHOTO_UNREADABLE = 该文件在压缩包内已损坏，或压缩方式不受支持，请重新打包。

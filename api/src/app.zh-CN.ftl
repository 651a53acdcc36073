DATA_DIR_UNUSABLE = 数据目录 { $path } 无法使用：{ $reason }。
DATABASE_UNREACHABLE = 数据库无法打开：{ $reason }。
DATABASE_NOT_MIGRATED = 数据库结构缺少 { $count } 个步骤，请以相同设置运行 liangzheng migrate 后再启动。
SEAL_KEY_UNREADABLE = 无法读取封存密钥文件 { $path }：{ $reason }。
SEAL_KEY_WRONG = 封存密钥文件 { $path } 不属于此数据库，请用 SEAL_KEY_FILE 指明建库时所用的文件。未作任何改动。
SEAL_KEY_MISSING = 数据库已封存，但找不到封存密钥文件 { $path }，请恢复该文件或用 SEAL_KEY_FILE 指明其位置。不会另建新密钥。
REDIS_URL_INVALID = REDIS_URL 格式不正确（应为 redis://主机:端口）：{ $reason }。
START_FAILED = 启动失败：{ $reason }。

DATABASE_MISSING = { $path } 中没有数据库，请指明 DATA_DIR 或 DATABASE_URL，或运行 liangzheng migrate 建库。
PUBLIC_URL_INVALID = 公开网址不能印入证件二维码：{ $reason }。
PORT_TAKEN = 端口 { $port } 已被占用，请换一个端口，例如：make run PORT={ $other }
LISTEN_FAILED = 无法在 { $address } 监听：{ $reason }。
INIT_NOT_EMPTY = 系统中已有账号，其他人员由管理员邀请。
DEMO_SIZE_INVALID = --officers 应为 1 至 200000。
DEMO_NOT_EMPTY = 系统中已有机关，不装入演示数据。请为演示另选 DATA_DIR 或数据库。
DEMO_INCOMPLETE = 上次装入演示数据时中断，请清空数据库后重新开始。
FILE_MISSING = 未指定名册文件。
FILE_UNREADABLE = 文件 { $path } 无法读取。
ANCHOR_UNREADABLE = 文件 { $path } 不是可以读取的检查点。
CONFIRMATION_MISSING = 未执行：请核对以上内容，确认无误后加 --yes 重新执行。

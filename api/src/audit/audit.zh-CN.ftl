AUDIT_ROW_EDITED = 记录内容与其散列值不符
AUDIT_ROW_MISSING = 记录缺失
AUDIT_ROW_REORDERED = 记录与前一条不衔接
AUDIT_TRUNCATED = 此后的记录被截去，原有{ $known }条
AUDIT_REWRITTEN = 链与链头或检查点不符
AUDIT_HEAD_BEHIND = 链延续至此，链头却停在{ $head }
AUDIT_CHECKPOINT_INVALID = 检查点本身有误：{ $why }

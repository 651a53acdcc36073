QR_TEXT_INVALID = 二维码内容无效。
QR_TOO_LONG = 二维码内容过长，无法按规定版本绘制。请检查公开网址(PUBLIC_URL)的长度。
QR_SCALE_OUT_OF_RANGE = 放大倍数须为 1–32。
QR_DRAWING_FAILED = 二维码未能绘制，请重试。

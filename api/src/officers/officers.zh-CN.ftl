# 人员库的文本。消息名即对外的错误码。

PHOTO_TOO_HEAVY = 照片文件超过 5 MB，请压缩后重新上传。
PHOTO_TOO_MANY_PIXELS = 照片尺寸超过 2500 万像素，请缩小后重新上传。
PHOTO_FORMAT_UNSUPPORTED = 照片格式不受支持，请上传 JPEG 或 PNG 格式的图片。
PHOTO_FORMAT_MISMATCH = 照片的实际格式与文件扩展名或声明的类型不一致，请核对后重新上传。
PHOTO_DAMAGED = 照片文件已损坏或不完整，无法读取，请重新上传。
PHOTO_TOO_SMALL = 照片尺寸过小：按证件照比例裁剪后，宽度不得少于 150 像素。

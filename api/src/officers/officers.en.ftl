### Photos

PHOTO_TOO_HEAVY = The photo's file is over 5 MB. Compress it and upload it again.
PHOTO_TOO_MANY_PIXELS = The photo has more than 25 million pixels. Make it smaller and upload it again.
PHOTO_FORMAT_UNSUPPORTED = This format is not supported. Upload a JPEG or PNG picture.
PHOTO_FORMAT_MISMATCH = The photo's real format differs from its file extension or declared type. Check it and upload it again.
PHOTO_DAMAGED = The photo's file is damaged or incomplete and cannot be read. Upload it again.
PHOTO_TOO_SMALL = The photo is too small: cropped to the proportions of an identity photo it must be at least 150 pixels wide.

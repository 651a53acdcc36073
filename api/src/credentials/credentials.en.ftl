### Codes

QR_TEXT_INVALID = The content of the code is not valid.
QR_TOO_LONG = The content is too long for a code of the promised version. Check the length of PUBLIC_URL.
QR_SCALE_OUT_OF_RANGE = The scale is 1–32.
QR_DRAWING_FAILED = The code could not be drawn. Try again.

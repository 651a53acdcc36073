//! Turns an uploaded picture into the photo of an officer: 358 × 441 pixels (the 26 × 32 mm of
//! an identity photo at 350 dpi), JPEG, at most 40 KB, without metadata — the place and device a
//! picture was taken with are personal data nobody asked for. It is kept by its SHA-256.
//!
//! Bytes from outside are judged before they are decoded: their number, their kind by the first
//! bytes, their dimensions by the header.

use crate::platform::failure::Refusal;
use crate::platform::texts::Locale;
use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::metadata::Orientation;
use image::{
    DynamicImage, GenericImageView, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits,
    Rgb, RgbImage, Rgba, RgbaImage,
};
use sha2::{Digest, Sha256};

/// The largest upload, in bytes (5 MB); the HTTP layer stops reading there too.
pub const MAX_UPLOAD_BYTES: usize = 5_000_000;
/// The most pixels an upload may declare (25 megapixels).
const MAX_PIXELS: u64 = 25_000_000;
/// What a decoder may allocate: the picture at eight bytes a pixel, and its tables.
const MAX_DECODER_BYTES: u64 = MAX_PIXELS * 8 + 1_000_000;
/// The photo's size in pixels.
const WIDTH: u32 = 358;
const HEIGHT: u32 = 441;
/// The narrowest portrait accepted after cropping, in pixels; below, nobody is recognised.
const MIN_CROP_WIDTH: u32 = 150;
/// The largest photo kept, in bytes (40 KB).
const MAX_JPEG_BYTES: usize = 40 * 1024;
/// JPEG qualities tried until the photo is small enough. A portrait stops at one of the first;
/// the last makes even noise fit.
const QUALITIES: [u8; 12] = [90, 82, 74, 66, 58, 50, 42, 34, 26, 18, 10, 4];

/// A photo as it is stored and shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProcessedPhoto {
    /// The picture, baseline JPEG without metadata, at most 40 KB.
    pub jpeg: Vec<u8>,
    /// SHA-256 of `jpeg`, its name in the store.
    pub sha256: [u8; 32],
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
}

/// Why an upload does not become a photo. The texts are under [`Self::code`] in the capability's
/// catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PhotoError {
    /// More than 5 MB.
    #[error("the upload is over 5 MB")]
    TooHeavy,
    /// More than 25 megapixels, by its header.
    #[error("the picture is over 25 megapixels")]
    TooManyPixels,
    /// Neither JPEG nor PNG by its first bytes.
    #[error("the upload is neither JPEG nor PNG")]
    FormatUnsupported,
    /// JPEG or PNG, but declared or named as something else.
    #[error("the upload is not what its name or type says")]
    FormatMismatch,
    /// Incomplete, or not decodable.
    #[error("the picture is damaged or incomplete")]
    Damaged,
    /// The portrait cut from it is narrower than 150 pixels.
    #[error("the portrait is narrower than 150 pixels")]
    TooSmall,
}

impl PhotoError {
    /// All failures.
    pub const ALL: [Self; 6] = [
        Self::TooHeavy,
        Self::TooManyPixels,
        Self::FormatUnsupported,
        Self::FormatMismatch,
        Self::Damaged,
        Self::TooSmall,
    ];

    /// The stable code, which is also the id of its text.
    pub const fn code(self) -> &'static str {
        match self {
            Self::TooHeavy => "PHOTO_TOO_HEAVY",
            Self::TooManyPixels => "PHOTO_TOO_MANY_PIXELS",
            Self::FormatUnsupported => "PHOTO_FORMAT_UNSUPPORTED",
            Self::FormatMismatch => "PHOTO_FORMAT_MISMATCH",
            Self::Damaged => "PHOTO_DAMAGED",
            Self::TooSmall => "PHOTO_TOO_SMALL",
        }
    }
}

/// Makes the photo of `bytes`. `declared` is the media type or file name that came with them, if
/// any. Equal bytes give an equal photo.
///
/// It takes up to about half a second of computing and 300 MB for the largest pictures: run it
/// off the async threads, few at a time.
pub fn process(bytes: &[u8], declared: Option<&str>) -> Result<ProcessedPhoto, PhotoError> {
    if bytes.len() > MAX_UPLOAD_BYTES {
        return Err(PhotoError::TooHeavy);
    }
    let format = format_of(bytes).ok_or(PhotoError::FormatUnsupported)?;
    if declared.is_some_and(|declared| contradicts(declared, format)) {
        return Err(PhotoError::FormatMismatch);
    }
    if format == ImageFormat::Jpeg && !jpeg_is_complete(bytes) {
        return Err(PhotoError::Damaged);
    }
    let (picture, orientation) = decode(bytes, format)?;
    let portrait = portrait(picture, orientation)?;
    let jpeg = encode(&portrait)?;
    let sha256 = Sha256::digest(&jpeg).into();
    Ok(ProcessedPhoto { jpeg, sha256, width: WIDTH, height: HEIGHT })
}

/// The format by the first bytes; names and declared types prove nothing.
fn format_of(bytes: &[u8]) -> Option<ImageFormat> {
    if bytes.starts_with(&[0xff, 0xd8, 0xff]) {
        Some(ImageFormat::Jpeg)
    } else if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        Some(ImageFormat::Png)
    } else {
        None
    }
}

/// Whether a media type (`image/png; q=1`) or a file name (`张三.PNG`) names another format.
fn contradicts(declared: &str, format: ImageFormat) -> bool {
    let declared = declared.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let named = declared.strip_prefix("image/").or_else(|| {
        if declared.contains('/') { None } else { declared.rsplit_once('.').map(|(_, ext)| ext) }
    });
    match named {
        Some("jpg" | "jpeg" | "jpe" | "jfif" | "pjpeg") => format != ImageFormat::Jpeg,
        Some("png" | "x-png") => format != ImageFormat::Png,
        Some(_) => true,
        // A name without an ending, or what clients send when they do not know, declares nothing.
        None => !matches!(declared.as_str(), "application/octet-stream") && declared.contains('/'),
    }
}

/// Whether a JPEG reaches its end-of-image marker (ITU-T T.81, annex B). The decoder forgives a
/// missing rest and paints it grey, which would put half a face on a certificate. What follows
/// the marker is of no interest: phones append films there.
fn jpeg_is_complete(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    loop {
        // To the next marker: 0xFF and neither a stuffed zero, a restart nor a fill byte.
        let Some(start) = rest.windows(2).position(
            |pair| matches!(pair, [0xff, code] if !matches!(code, 0 | 0xd0..=0xd8 | 0xff)),
        ) else {
            return false;
        };
        let Some([_, code, segment @ ..]) = rest.get(start..) else { return false };
        if *code == 0xd9 {
            return true;
        }
        // A segment may hold another picture, such as a thumbnail: skip it whole.
        let Some(length) = segment.first_chunk().map(|length| u16::from_be_bytes(*length)) else {
            return false;
        };
        let Some(after) = segment.get(usize::from(length)..) else { return false };
        rest = after;
    }
}

fn decode(bytes: &[u8], format: ImageFormat) -> Result<(DynamicImage, Orientation), PhotoError> {
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(MAX_DECODER_BYTES);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|error| failure(&error))?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MAX_PIXELS {
        return Err(PhotoError::TooManyPixels);
    }
    // A picture with unreadable metadata is still a picture; it is taken as it lies.
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let picture = DynamicImage::from_decoder(decoder).map_err(|error| failure(&error))?;
    Ok((picture, orientation))
}

fn failure(error: &ImageError) -> PhotoError {
    match error {
        ImageError::Limits(_) => PhotoError::TooManyPixels,
        _ => PhotoError::Damaged,
    }
}

/// Cuts the middle of the picture in the photo's proportions, scales it and turns it upright.
fn portrait(picture: DynamicImage, orientation: Orientation) -> Result<DynamicImage, PhotoError> {
    // Turning comes last, when the picture is small; until then a lying one is cut lying.
    let lying = matches!(
        orientation,
        Orientation::Rotate90
            | Orientation::Rotate270
            | Orientation::Rotate90FlipH
            | Orientation::Rotate270FlipH
    );
    let (width, height) = if lying { (HEIGHT, WIDTH) } else { (WIDTH, HEIGHT) };
    let (crop_width, crop_height) = largest_inside(picture.dimensions(), (width, height));
    if (if lying { crop_height } else { crop_width }) < MIN_CROP_WIDTH {
        return Err(PhotoError::TooSmall);
    }
    let left = (picture.width() - crop_width) / 2;
    let top = (picture.height() - crop_height) / 2;
    let crop = picture.crop_imm(left, top, crop_width, crop_height);
    drop(picture);
    // Flattened before it is scaled: a transparent neighbour has a colour, but it is not seen.
    let crop = if crop.color().has_alpha() { on_white(&crop.into_rgba8()) } else { crop };
    let scaled = crop.resize_exact(width, height, FilterType::Lanczos3);
    let mut portrait = DynamicImage::ImageRgb8(scaled.into_rgb8());
    portrait.apply_orientation(orientation);
    Ok(portrait)
}

/// The largest rectangle of the proportions `wanted` inside `available`, each (width, height).
fn largest_inside(available: (u32, u32), wanted: (u32, u32)) -> (u32, u32) {
    let scaled = |length: u32, by: u32, over: u32| {
        // No longer than what is available, so it fits again.
        u32::try_from(u64::from(length) * u64::from(by) / u64::from(over)).unwrap_or(length)
    };
    let width = scaled(available.1, wanted.0, wanted.1);
    if width <= available.0 {
        (width, available.1)
    } else {
        (available.0, scaled(available.0, wanted.1, wanted.0))
    }
}

/// A picture as it looks on white paper.
fn on_white(picture: &RgbaImage) -> DynamicImage {
    let mut flat = RgbImage::new(picture.width(), picture.height());
    for (target, Rgba([red, green, blue, alpha])) in flat.pixels_mut().zip(picture.pixels()) {
        let (opaque, clear) = (u16::from(*alpha), u16::from(u8::MAX - alpha));
        let blend = |part: u8| {
            u8::try_from((u16::from(part) * opaque + 255 * clear + 127) / 255).unwrap_or(u8::MAX)
        };
        *target = Rgb([*red, *green, *blue].map(blend));
    }
    flat.into()
}

fn encode(portrait: &DynamicImage) -> Result<Vec<u8>, PhotoError> {
    for quality in QUALITIES {
        let mut jpeg = Vec::new();
        portrait
            .write_with_encoder(JpegEncoder::new_with_quality(&mut jpeg, quality))
            .map_err(|_| PhotoError::Damaged)?;
        if jpeg.len() <= MAX_JPEG_BYTES {
            return Ok(jpeg);
        }
    }
    Err(PhotoError::Damaged)
}

impl Refusal for PhotoError {
    fn code(&self) -> &'static str {
        PhotoError::code(*self)
    }

    fn field(&self) -> Option<&'static str> {
        Some("photo")
    }

    fn message(&self, locale: Locale) -> String {
        super::TEXTS.text(locale, Refusal::code(self), &[])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::officers::TEXTS;
    use crate::platform::random::Random;
    use crate::platform::texts::Locale;

    /// Left half red, right half blue, with a green band at the top.
    fn flag(width: u32, height: u32) -> RgbImage {
        RgbImage::from_fn(width, height, |x, y| match (x < width / 2, y < height / 4) {
            (_, true) => Rgb([0, 200, 0]),
            (true, false) => Rgb([200, 0, 0]),
            (false, false) => Rgb([0, 0, 200]),
        })
    }

    fn encoded(image: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        image.into().write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    /// A JPEG of `flag` with a block of metadata right after its start.
    fn jpeg_with_exif(width: u32, height: u32, orientation: u8) -> Vec<u8> {
        let mut exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
        exif.extend([orientation, 0, 0, 0, 0, 0, 0]);
        // Enough of a thumbnail to end early for whoever looks for the end marker only.
        exif.extend([0xff, 0xd8, 0xff, 0xd9]);
        let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
        let plain = encoded(flag(width, height), ImageFormat::Jpeg);
        [&plain[..2], &[0xff, 0xe1], &length, &exif, &plain[2..]].concat()
    }

    /// A PNG's signature and header for any dimensions, with an empty body.
    fn png_header(width: u32, height: u32) -> Vec<u8> {
        let mut header = b"IHDR".to_vec();
        header.extend(width.to_be_bytes());
        header.extend(height.to_be_bytes());
        header.extend([8, 6, 0, 0, 0]);
        let chunk = |content: &[u8]| {
            let length = u32::try_from(content.len() - 4).unwrap().to_be_bytes();
            [&length, content, &crc32(content).to_be_bytes()].concat()
        };
        let body = chunk(b"IDAT\x78\x9c\x03\0\0\0\0\x01");
        [b"\x89PNG\r\n\x1a\n".to_vec(), chunk(&header), body, chunk(b"IEND")].concat()
    }

    /// The checksum of PNG's chunks (ISO/IEC 15948, annex D).
    fn crc32(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(u32::MAX, |sum, byte| {
            (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
                (sum >> 1) ^ if sum & 1 == 1 { 0xedb8_8320 } else { 0 }
            })
        })
    }

    fn decoded(photo: &ProcessedPhoto) -> RgbImage {
        image::load_from_memory_with_format(&photo.jpeg, ImageFormat::Jpeg).unwrap().into_rgb8()
    }

    /// Whether a pixel is of the colour, as far as JPEG keeps one.
    fn is_near(pixel: Rgb<u8>, expected: [u8; 3]) -> bool {
        pixel.0.iter().zip(expected).all(|(one, other)| one.abs_diff(other) < 25)
    }

    fn assert_is_upright_flag(photo: &ProcessedPhoto) {
        let image = decoded(photo);
        assert_eq!((image.width(), image.height()), (358, 441));
        for (x, y, expected) in [
            (20, 20, [0, 200, 0]),
            (338, 20, [0, 200, 0]),
            (20, 420, [200, 0, 0]),
            (338, 420, [0, 0, 200]),
        ] {
            let pixel = *image.get_pixel(x, y);
            assert!(is_near(pixel, expected), "{pixel:?} at {x}, {y}");
        }
    }

    #[test]
    fn jpeg_and_png_become_the_same_kind_of_photo() {
        for format in [ImageFormat::Jpeg, ImageFormat::Png] {
            let photo = process(&encoded(flag(358, 441), format), None).unwrap();
            assert_eq!((photo.width, photo.height), (358, 441));
            assert_eq!(photo.sha256, <[u8; 32]>::from(Sha256::digest(&photo.jpeg)));
            assert!(photo.jpeg.len() <= 40 * 1024);
            assert_is_upright_flag(&photo);
        }
    }

    #[test]
    fn equal_bytes_give_an_equal_photo() {
        let upload = encoded(flag(400, 500), ImageFormat::Jpeg);
        assert_eq!(process(&upload, None), process(&upload, Some("image/jpeg")));
    }

    #[test]
    fn the_middle_is_cut_out() {
        // White columns and rows outside the middle must be gone.
        for (width, height) in [(800, 441), (358, 900)] {
            let (left, top) = ((width - 358) / 2, (height - 441) / 2);
            let framed = RgbImage::from_fn(width, height, |x, y| {
                let inside = (left..left + 358).contains(&x) && (top..top + 441).contains(&y);
                if inside {
                    *flag(2, 8).get_pixel((x - left) / 179, (y - top) / 56)
                } else {
                    Rgb([255; 3])
                }
            });
            assert_is_upright_flag(&process(&encoded(framed, ImageFormat::Png), None).unwrap());
        }
    }

    #[test]
    fn a_picture_is_turned_upright_by_its_metadata() {
        // What a camera stores for an upright flag in each of the eight orientations is the
        // flag turned the other way; the undone turn is asked of the decoded result.
        for orientation in 1..=8 {
            let (width, height) = if orientation >= 5 { (441, 358) } else { (358, 441) };
            let photo = process(&jpeg_with_exif(width, height, orientation), None).unwrap();
            let mut expected = DynamicImage::from(flag(width, height));
            expected.apply_orientation(Orientation::from_exif(orientation).unwrap());
            let (photo, expected) = (decoded(&photo), expected.into_rgb8());
            assert_eq!(photo.dimensions(), (358, 441));
            for (x, y) in [(20, 20), (338, 20), (20, 420), (338, 420), (60, 190), (300, 250)] {
                let (pixel, expected) = (photo.get_pixel(x, y), expected.get_pixel(x, y));
                assert!(is_near(*pixel, expected.0), "orientation {orientation} at {x}, {y}");
            }
        }
        // Orientation 6, spelled out: the band at the top of the stored picture is at the right.
        let photo = decoded(&process(&jpeg_with_exif(441, 358, 6), None).unwrap());
        assert!(is_near(*photo.get_pixel(350, 20), [0, 200, 0]));
        assert!(is_near(*photo.get_pixel(20, 20), [200, 0, 0]));
        assert!(is_near(*photo.get_pixel(20, 420), [0, 0, 200]));
    }

    #[test]
    fn metadata_is_gone() {
        let upload = jpeg_with_exif(400, 500, 1);
        assert!(upload.windows(4).any(|part| part == b"Exif"));
        let photo = process(&upload, None).unwrap();
        assert!(!photo.jpeg.windows(4).any(|part| part == b"Exif"));
        // Start, JFIF header, and no other application or comment segment before the picture.
        assert_eq!(&photo.jpeg[..4], &[0xff, 0xd8, 0xff, 0xe0]);
        assert!(!photo.jpeg.windows(2).any(|pair| matches!(pair, [0xff, 0xe1..=0xef | 0xfe])));
    }

    #[test]
    fn what_is_transparent_becomes_white() {
        let clear =
            RgbaImage::from_fn(358, 441, |x, _| Rgba([200, 0, 0, if x < 179 { 0 } else { 128 }]));
        let image = decoded(&process(&encoded(clear, ImageFormat::Png), None).unwrap());
        assert!(is_near(*image.get_pixel(20, 220), [255, 255, 255]));
        assert!(is_near(*image.get_pixel(330, 220), [227, 127, 127]));
    }

    #[test]
    fn grey_and_deep_pictures_are_taken() {
        let grey = image::GrayImage::from_pixel(358, 441, image::Luma([100]));
        let deep =
            image::ImageBuffer::from_pixel(358, 441, Rgba([25_700_u16, 25_700, 25_700, 65_535]));
        for upload in [
            encoded(grey.clone(), ImageFormat::Png),
            encoded(grey, ImageFormat::Jpeg),
            encoded(deep, ImageFormat::Png),
        ] {
            let image = decoded(&process(&upload, None).unwrap());
            assert!(is_near(*image.get_pixel(179, 220), [100, 100, 100]));
        }
    }

    #[test]
    fn even_noise_fits_forty_kilobytes() {
        let mut pixels = vec![0; 358 * 441 * 3];
        Random::seeded(1).fill(&mut pixels);
        let noise = RgbImage::from_raw(358, 441, pixels).unwrap();
        let photo = process(&encoded(noise, ImageFormat::Png), None).unwrap();
        assert!((20_000..=40 * 1024).contains(&photo.jpeg.len()), "{}", photo.jpeg.len());
    }

    #[test]
    fn small_portraits_are_refused_by_what_is_left_after_the_cut() {
        let of = |width, height| {
            process(&encoded(flag(width, height), ImageFormat::Png), None).map(|photo| photo.width)
        };
        assert_eq!(of(150, 185), Ok(358));
        assert_eq!(of(149, 185), Err(PhotoError::TooSmall));
        assert_eq!(of(1000, 180), Err(PhotoError::TooSmall));
        assert_eq!(of(1, 1), Err(PhotoError::TooSmall));
        assert_eq!(
            process(&jpeg_with_exif(1000, 149, 6), None),
            Err(PhotoError::TooSmall),
            "a lying picture is measured as it will stand"
        );
    }

    #[test]
    fn what_is_too_large_is_refused_by_its_header() {
        assert_eq!(process(&vec![0xff; MAX_UPLOAD_BYTES + 1], None), Err(PhotoError::TooHeavy));
        for (width, height) in
            [(5_001, 5_000), (100_000, 100_000), (1, 0x7fff_ffff), (0x7fff_ffff, 0x7fff_ffff)]
        {
            let bomb = png_header(width, height);
            assert_eq!(process(&bomb, None), Err(PhotoError::TooManyPixels), "{width} × {height}");
        }
        // At the limit the header passes, and the empty body is what is wrong.
        assert_eq!(process(&png_header(5_000, 5_000), None), Err(PhotoError::Damaged));
        // A JPEG says its size in the frame header, after the marker and the length (T.81 B.2.2).
        let mut jpeg = encoded(flag(400, 500), ImageFormat::Jpeg);
        let frame = jpeg.windows(2).position(|pair| pair == [0xff, 0xc0]).unwrap();
        jpeg[frame + 5..frame + 9].fill(0xff);
        assert_eq!(process(&jpeg, None), Err(PhotoError::TooManyPixels));
    }

    #[test]
    fn a_picture_cut_anywhere_is_damaged() {
        for (upload, start) in
            [(jpeg_with_exif(400, 500, 1), 3), (encoded(flag(400, 500), ImageFormat::Png), 8)]
        {
            for length in (start..upload.len() - 12).step_by(61).chain([upload.len() - 13]) {
                let cut = &upload[..length];
                assert_eq!(process(cut, None), Err(PhotoError::Damaged), "{length} bytes");
            }
        }
        let jpeg = jpeg_with_exif(400, 500, 1);
        assert_eq!(process(&jpeg[..jpeg.len() - 1], None), Err(PhotoError::Damaged));
        // Phones append films; that is no damage.
        let extended = [jpeg.as_slice(), b"\0\0\0\x18ftypmp42"].concat();
        assert_eq!(process(&extended, None), process(&jpeg, None));
    }

    #[test]
    fn other_formats_are_refused() {
        let gif =
            b"GIF89a\x01\0\x01\0\x80\0\0\xff\xff\xff\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";
        for bytes in
            [gif.as_slice(), b"", b"\xff\xd8", b"\x89PNG", b"BM", b"<svg/>", b"RIFF\0\0\0\0WEBP"]
        {
            assert_eq!(process(bytes, None), Err(PhotoError::FormatUnsupported));
            assert_eq!(process(bytes, Some("image/jpeg")), Err(PhotoError::FormatUnsupported));
        }
    }

    #[test]
    fn a_name_or_type_that_says_otherwise_is_its_own_error() {
        let jpeg = encoded(flag(358, 441), ImageFormat::Jpeg);
        let png = encoded(flag(358, 441), ImageFormat::Png);
        for (upload, right, wrong) in [
            (
                &jpeg,
                ["image/jpeg", "IMAGE/JPG ; q=1", "张三.JPG", "a.b.jpeg"],
                ["image/png", "张三.png"],
            ),
            (
                &png,
                ["image/png", "图.png", "photo", "application/octet-stream"],
                ["image/jpeg", "a.jpg"],
            ),
        ] {
            for declared in right {
                assert!(process(upload, Some(declared)).is_ok(), "{declared}");
            }
            for declared in wrong.into_iter().chain(["image/gif", "text/html", "a.gif", "image/"]) {
                let photo = process(upload, Some(declared));
                assert_eq!(photo, Err(PhotoError::FormatMismatch), "{declared}");
            }
        }
    }

    #[test]
    fn no_bytes_make_it_panic() {
        let random = Random::seeded(2);
        for upload in [jpeg_with_exif(200, 160, 6), encoded(flag(160, 200), ImageFormat::Png)] {
            for _ in 0..60 {
                let mut altered = upload.clone();
                for _ in 0..4 {
                    let [high, low, value] = random.bytes();
                    let place = usize::from(u16::from_be_bytes([high, low])) % altered.len();
                    altered[place] = value;
                }
                // Whether it is a photo or not is the alteration's matter.
                let _ = process(&altered, None);
            }
        }
    }

    #[test]
    fn every_failure_has_its_text() {
        let mut seen = std::collections::BTreeSet::new();
        for error in PhotoError::ALL {
            assert!(seen.insert(error.code()));
            for locale in Locale::ALL {
                let text = TEXTS.try_text(locale, error.code(), &[]);
                assert!(text.is_some_and(|text| text.len() > 20), "{error:?} in {locale:?}");
            }
        }
    }
}

//! Photos of every kind that is taken, and of every kind that is not.

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
    let deep = image::ImageBuffer::from_pixel(358, 441, Rgba([25_700_u16, 25_700, 25_700, 65_535]));
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

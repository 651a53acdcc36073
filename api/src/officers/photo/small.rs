//! The small picture of an officer's photo, for packs that phones keep: 120 × 148 pixels, JPEG of at
//! most 4 KB. Enough to compare a face, and no more of it than that.

use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::{ImageFormat, ImageReader};
use mobile_contract::photo_pack::MAX_PICTURE_BYTES;
use std::io::Cursor;

use super::PhotoError;

const WIDTH: u32 = 120;
const HEIGHT: u32 = 148;
/// JPEG qualities tried until it is small enough; the last makes even noise fit.
const QUALITIES: [u8; 9] = [70, 60, 50, 40, 30, 20, 12, 6, 2];

/// The small picture of a photo as it is kept. Some milliseconds of computing.
pub fn small(photo: &[u8]) -> Result<Vec<u8>, PhotoError> {
    let picture = ImageReader::with_format(Cursor::new(photo), ImageFormat::Jpeg)
        .decode()
        .map_err(|error| super::failure(&error))?;
    let picture = picture.resize_to_fill(WIDTH, HEIGHT, FilterType::Lanczos3).into_rgb8();
    for quality in QUALITIES {
        let mut jpeg = Vec::new();
        picture
            .write_with_encoder(JpegEncoder::new_with_quality(&mut jpeg, quality))
            .map_err(|_| PhotoError::Damaged)?;
        if jpeg.len() <= MAX_PICTURE_BYTES {
            return Ok(jpeg);
        }
    }
    Err(PhotoError::Damaged)
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{DynamicImage, Rgb, RgbImage};

    fn photo(pixel: impl Fn(u32, u32) -> Rgb<u8>) -> Vec<u8> {
        let picture = DynamicImage::ImageRgb8(RgbImage::from_fn(358, 441, pixel));
        let mut jpeg = Vec::new();
        let encoder = JpegEncoder::new_with_quality(&mut jpeg, 90);
        picture.write_with_encoder(encoder).unwrap();
        jpeg
    }

    #[test]
    fn even_noise_becomes_a_small_picture() {
        let hash = |x: u32, y: u32| (x.wrapping_mul(2_654_435_761) ^ y.wrapping_mul(40_503)) >> 7;
        for photo in [
            photo(|x, y| Rgb([0, 1, 2].map(|n| hash(x + n, y).to_be_bytes()[3]))),
            photo(|x, _| Rgb([x.to_be_bytes()[3]; 3])),
        ] {
            let small = small(&photo).unwrap();
            assert!(small.len() <= MAX_PICTURE_BYTES, "{}", small.len());
            let picture = image::load_from_memory(&small).unwrap();
            assert_eq!((picture.width(), picture.height()), (WIDTH, HEIGHT));
            assert!(small.windows(4).all(|four| four != b"Exif"));
        }
        assert_eq!(super::small(b"no picture"), Err(PhotoError::Damaged));
    }
}

//! Turns an uploaded picture into the photo of an officer: 358 × 441 pixels (the 26 × 32 mm of
//! an identity photo at 350 dpi), JPEG, at most 40 KB, without metadata — the place and device a
//! picture was taken with are personal data nobody asked for. It is kept by its SHA-256.
//!
//! Bytes from outside are judged before they are decoded: their number, their kind by the first
//! bytes, their dimensions by the header.

mod cut;
pub mod small;

use crate::platform::failure::Refusal;
use crate::platform::texts::Locale;
use std::io::Cursor;

pub use cut::Cut;
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
    /// Which part of the picture it shows.
    pub cut: Cut,
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
    let (portrait, cut) = portrait(picture, orientation)?;
    let jpeg = encode(&portrait)?;
    let sha256 = Sha256::digest(&jpeg).into();
    Ok(ProcessedPhoto { jpeg, sha256, width: WIDTH, height: HEIGHT, cut })
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
fn portrait(
    picture: DynamicImage,
    orientation: Orientation,
) -> Result<(DynamicImage, Cut), PhotoError> {
    // Turning comes last, when the picture is small; until then a lying one is cut lying.
    let lying = cut::is_lying(orientation);
    let (width, height) = if lying { (HEIGHT, WIDTH) } else { (WIDTH, HEIGHT) };
    let cut = Cut::middle(picture.dimensions(), (width, height));
    if (if lying { cut.height } else { cut.width }) < MIN_CROP_WIDTH {
        return Err(PhotoError::TooSmall);
    }
    let crop = picture.crop_imm(cut.left, cut.top, cut.width, cut.height);
    drop(picture);
    // Flattened before it is scaled: a transparent neighbour has a colour, but it is not seen.
    let crop = if crop.color().has_alpha() { on_white(&crop.into_rgba8()) } else { crop };
    let scaled = crop.resize_exact(width, height, FilterType::Lanczos3);
    let mut portrait = DynamicImage::ImageRgb8(scaled.into_rgb8());
    portrait.apply_orientation(orientation);
    Ok((portrait, cut.turned(orientation)))
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
mod tests;

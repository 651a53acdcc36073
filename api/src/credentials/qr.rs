//! Draws the code of a credential: its address as a QR code of ISO/IEC 18004, error correction
//! level M, in the smallest version that fits (`docs/credential.md` §1). The prefix is in byte
//! mode and the digits in numeric mode, which no general encoder may be trusted to choose.
//!
//! Every drawing keeps the quiet zone of four modules that scanners need: a page or a card may
//! put anything right beside it.

use crate::platform::failure::Refusal;
use crate::platform::texts::Locale;
use std::fmt::Write as _;

use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder};
use qrcode::bits::Bits;
use qrcode::{Color, EcLevel, Version};

/// The light border on each side, in modules.
const QUIET_ZONE: u32 = 4;
/// The smallest and largest scale of a drawing, in pixels a module.
const SCALES: std::ops::RangeInclusive<u32> = 1..=64;

/// The largest version a code may take. Larger modules are read from further away and from worn
/// cards, so this is a promise to whoever holds the card, not a limit of the encoder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VersionLimit {
    /// On a printed card: version 10, 57 modules a side.
    Printed,
    /// On a phone's screen: version 13, 69 modules a side.
    Phone,
}

impl VersionLimit {
    /// The version as a number.
    pub const fn version(self) -> i16 {
        match self {
            Self::Printed => 10,
            Self::Phone => 13,
        }
    }
}

/// Why a code cannot be drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QrError {
    /// The prefix is empty or holds more than visible ASCII, or the digits are none or not digits.
    #[error("the text of a code is a visible ASCII prefix followed by digits")]
    TextInvalid,
    /// The text does not fit the largest version allowed.
    #[error("the text does not fit a code of version {0}-M")]
    TooLong(i16),
    /// The scale asked for is not 1 to 64 pixels a module.
    #[error("a code is drawn at 1 to 64 pixels a module")]
    ScaleOutOfRange,
    /// A library failed where it should not.
    #[error("the code could not be drawn")]
    Drawing,
}

impl Refusal for QrError {
    fn code(&self) -> &'static str {
        QrError::code(*self)
    }

    fn field(&self) -> Option<&'static str> {
        matches!(self, Self::ScaleOutOfRange).then_some("scale")
    }

    fn message(&self, locale: Locale) -> String {
        super::TEXTS.text(locale, QrError::code(*self), &[])
    }
}

impl QrError {
    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::TextInvalid => "QR_TEXT_INVALID",
            Self::TooLong(_) => "QR_TOO_LONG",
            Self::ScaleOutOfRange => "QR_SCALE_OUT_OF_RANGE",
            Self::Drawing => "QR_DRAWING_FAILED",
        }
    }
}

/// A code ready to be drawn at any scale.
#[derive(Clone, PartialEq, Eq)]
pub struct QrCode {
    version: i16,
    /// Rows of modules with the quiet zone around them, `true` for dark.
    rows: Vec<Vec<bool>>,
    /// Modules a side, with the quiet zone.
    side: u32,
}

/// Draws `prefix` (such as `https://HOST/v/`) followed by `digits`.
pub fn draw(prefix: &str, digits: &str, limit: VersionLimit) -> Result<QrCode, QrError> {
    let prefix_valid = !prefix.is_empty() && prefix.bytes().all(|byte| byte.is_ascii_graphic());
    // The encoder takes the digits unchecked.
    let digits_valid = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if !prefix_valid || !digits_valid {
        return Err(QrError::TextInvalid);
    }
    for version in 1..=limit.version() {
        match encode(prefix, digits, version) {
            Ok(code) => return Ok(QrCode::framed(&code, version)),
            Err(qrcode::types::QrError::DataTooLong) => {}
            Err(_) => return Err(QrError::Drawing),
        }
    }
    Err(QrError::TooLong(limit.version()))
}

fn encode(prefix: &str, digits: &str, version: i16) -> qrcode::QrResult<qrcode::QrCode> {
    let mut bits = Bits::new(Version::Normal(version));
    bits.push_byte_data(prefix.as_bytes())?;
    bits.push_numeric_data(digits.as_bytes())?;
    bits.push_terminator(EcLevel::M)?;
    qrcode::QrCode::with_bits(bits, EcLevel::M)
}

impl QrCode {
    fn framed(code: &qrcode::QrCode, version: i16) -> Self {
        let zone = || (0..QUIET_ZONE).map(|_| false);
        let modules = code.width();
        let side = u32::try_from(modules).unwrap_or(0) + 2 * QUIET_ZONE;
        let light_row: Vec<bool> = (0..side).map(|_| false).collect();
        let light_rows = || (0..QUIET_ZONE).map(|_| light_row.clone());
        let colors = code.to_colors();
        let rows = colors.chunks(modules).map(|row| {
            zone().chain(row.iter().map(|color| *color == Color::Dark)).chain(zone()).collect()
        });
        Self { version, rows: light_rows().chain(rows).chain(light_rows()).collect(), side }
    }

    /// The version, 1 to 13.
    pub fn version(&self) -> i16 {
        self.version
    }

    /// Modules a side, with the quiet zone: what a drawing at scale 1 measures in pixels.
    pub fn side(&self) -> u32 {
        self.side
    }

    /// Rows of modules with the quiet zone around them, `true` for dark.
    pub fn into_rows(self) -> Vec<Vec<bool>> {
        self.rows
    }

    /// A grey PNG of `scale` pixels a module.
    pub fn to_png(&self, scale: u32) -> Result<Vec<u8>, QrError> {
        let repeat = checked(scale)?;
        let mut pixels = Vec::new();
        for row in &self.rows {
            let line: Vec<u8> = row
                .iter()
                .flat_map(|dark| std::iter::repeat_n(if *dark { 0 } else { u8::MAX }, repeat))
                .collect();
            for _ in 0..repeat {
                pixels.extend_from_slice(&line);
            }
        }
        let pixels_a_side = self.side * scale;
        let mut png = Vec::new();
        // A line equal to the one above becomes zeros, which is most of them at any scale.
        PngEncoder::new_with_quality(&mut png, CompressionType::Default, FilterType::Up)
            .write_image(&pixels, pixels_a_side, pixels_a_side, ExtendedColorType::L8)
            .map_err(|_| QrError::Drawing)?;
        Ok(png)
    }

    /// An SVG that measures `scale` pixels a module where nothing else says how large it is, in
    /// one path with crisp edges.
    pub fn to_svg(&self, scale: u32) -> Result<String, QrError> {
        checked(scale)?;
        let (side, pixels) = (self.side, self.side * scale);
        let mut path = String::new();
        for (y, row) in self.rows.iter().enumerate() {
            let mut x = 0;
            for run in row.chunk_by(|one, next| one == next) {
                if run.first() == Some(&true) {
                    let length = run.len();
                    // Writing to a string cannot fail.
                    let _ = write!(path, "M{x} {y}h{length}v1h-{length}z");
                }
                x += run.len();
            }
        }
        Ok(format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{pixels}\" height=\"{pixels}\" \
             viewBox=\"0 0 {side} {side}\" shape-rendering=\"crispEdges\">\
             <path fill=\"#fff\" d=\"M0 0h{side}v{side}h-{side}z\"/><path d=\"{path}\"/></svg>\n"
        ))
    }

    /// Lines of half blocks for a terminal that writes light on dark: what is light in the code
    /// is drawn in the colour of the letters.
    pub fn to_terminal(&self) -> String {
        let mut text = String::new();
        for pair in self.rows.chunks(2) {
            let upper = pair.first().into_iter().flatten();
            // Below the last line of an odd number there is nothing to draw, as in the terminal.
            let lower = pair.get(1).into_iter().flatten().copied().chain(std::iter::repeat(true));
            text.extend(upper.zip(lower).map(|(&upper_dark, lower_dark)| {
                match (upper_dark, lower_dark) {
                    (false, false) => '█',
                    (false, true) => '▀',
                    (true, false) => '▄',
                    (true, true) => ' ',
                }
            }));
            text.push('\n');
        }
        text
    }
}

impl std::fmt::Debug for QrCode {
    /// Without the modules: they would tell what the code holds.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("QrCode").field("version", &self.version).finish_non_exhaustive()
    }
}

fn checked(scale: u32) -> Result<usize, QrError> {
    if !SCALES.contains(&scale) {
        return Err(QrError::ScaleOutOfRange);
    }
    usize::try_from(scale).map_err(|_| QrError::ScaleOutOfRange)
}

#[cfg(test)]
mod tests {
    use image::GrayImage;
    use proptest::prelude::*;

    use super::*;

    const PREFIX: &str = "https://zf.gansu.gov.cn/v/";

    /// Digits as a credential of `bytes` bytes has them; the first is never 0.
    fn digits(bytes: usize) -> String {
        (0..bytes * 2408 / 1000)
            .map(|i| char::from(b'1' + u8::try_from(i * 7 % 9).unwrap()))
            .collect()
    }

    fn pixels(png: &[u8]) -> GrayImage {
        image::load_from_memory_with_format(png, image::ImageFormat::Png).unwrap().into_luma8()
    }

    /// What a scanner reads: the text, version and error correction level (0 stands for M).
    fn scan(image: GrayImage) -> Option<(String, usize, u16)> {
        let mut prepared = rqrr::PreparedImage::prepare(image);
        let (meta, text) = prepared.detect_grids().first()?.decode().ok()?;
        Some((text, meta.version.0, meta.ecc_level))
    }

    #[test]
    fn a_scanner_reads_the_address_back() {
        for (bytes, limit, version) in
            [(128, VersionLimit::Printed, 9), (258, VersionLimit::Phone, 12)]
        {
            let digits = digits(bytes);
            let code = draw(PREFIX, &digits, limit).unwrap();
            assert_eq!(code.version(), version);
            let expected = (format!("{PREFIX}{digits}"), usize::try_from(version).unwrap(), 0);
            for scale in 1..=10 {
                let png = code.to_png(scale).unwrap();
                let image = pixels(&png);
                assert_eq!(image.dimensions(), (code.side() * scale, code.side() * scale));
                assert_eq!(scan(image).as_ref(), Some(&expected), "scale {scale}");
            }
        }
    }

    #[test]
    fn the_svg_has_the_same_modules() {
        let code = draw(PREFIX, &digits(128), VersionLimit::Printed).unwrap();
        let svg = code.to_svg(4).unwrap();
        let side = code.side();
        assert!(svg.starts_with(&format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{0}\" \
             viewBox=\"0 0 {side} {side}\" shape-rendering=\"crispEdges\"><path fill=\"#fff\" \
             d=\"M0 0h{side}v{side}h-{side}z\"/><path d=\"M4 4h7v1h-7z",
            side * 4
        )));
        let mut drawn = GrayImage::from_pixel(side, side, image::Luma([255]));
        let (_, path) = svg.rsplit_once("d=\"").unwrap();
        let (path, end) = path.split_once('"').unwrap();
        assert_eq!(end, "/></svg>\n");
        for run in path.split_terminator('z') {
            let (x, rest) = run.strip_prefix('M').unwrap().split_once(' ').unwrap();
            let (y, rest) = rest.split_once('h').unwrap();
            let (length, rest) = rest.split_once('v').unwrap();
            assert_eq!(rest, format!("1h-{length}"));
            let (x, y): (u32, u32) = (x.parse().unwrap(), y.parse().unwrap());
            for x in x..x + length.parse::<u32>().unwrap() {
                drawn.put_pixel(x, y, image::Luma([0]));
            }
        }
        assert_eq!(drawn, pixels(&code.to_png(1).unwrap()));
    }

    #[test]
    fn a_scanner_reads_the_terminal() {
        let digits = digits(128);
        let code = draw(PREFIX, &digits, VersionLimit::Printed).unwrap();
        let text = code.to_terminal();
        // On a dark screen: a block is light, a blank dark.
        let (mut rows, side) = (Vec::new(), usize::try_from(code.side()).unwrap());
        for line in text.lines() {
            assert_eq!(line.chars().count(), side);
            for light in ["█▀", "█▄"] {
                rows.push(line.chars().map(|c| light.contains(c)).collect::<Vec<_>>());
            }
        }
        assert_eq!(rows.len(), side + 1);
        let image = GrayImage::from_fn(code.side() * 4, code.side() * 4, |x, y| {
            let at = |n: u32| usize::try_from(n / 4).unwrap();
            image::Luma([if rows[at(y)][at(x)] { 255 } else { 0 }])
        });
        assert_eq!(scan(image).unwrap().0, format!("{PREFIX}{digits}"));
    }

    #[test]
    fn a_scale_out_of_range_is_refused() {
        let code = draw(PREFIX, "1", VersionLimit::Printed).unwrap();
        for scale in [0, 65, u32::MAX] {
            assert_eq!(code.to_png(scale), Err(QrError::ScaleOutOfRange));
            assert_eq!(code.to_svg(scale), Err(QrError::ScaleOutOfRange));
        }
        assert_eq!(pixels(&code.to_png(64).unwrap()).width(), code.side() * 64);
        assert!(code.to_svg(64).is_ok());
    }

    #[test]
    fn a_png_stays_small() {
        let code = draw(PREFIX, &digits(183), VersionLimit::Printed).unwrap();
        for (scale, most) in [(1, 1_500), (8, 4_000), (64, 80_000)] {
            let length = code.to_png(scale).unwrap().len();
            assert!(length <= most, "{length} bytes at scale {scale}");
        }
        let length = code.to_svg(8).unwrap().len();
        assert!(length <= 20_000, "{length} bytes of SVG");
    }

    #[test]
    fn only_visible_ascii_and_digits_are_drawn() {
        for (prefix, digits) in [
            ("", "1"),
            (PREFIX, ""),
            (PREFIX, "1a"),
            (PREFIX, "１"),
            ("证", "1"),
            ("a b", "1"),
            ("a\n", "1"),
        ] {
            assert_eq!(draw(prefix, digits, VersionLimit::Printed), Err(QrError::TextInvalid));
        }
    }

    #[test]
    fn the_sizes_promised_fit() {
        assert_eq!(draw("a", "1", VersionLimit::Printed).map(|code| code.version()), Ok(1));
        // `docs/credential.md` §1, for hosts of 16 and 28 characters.
        for (host, bytes, limit) in [
            (16, 183, VersionLimit::Printed),
            (28, 171, VersionLimit::Printed),
            (16, 301, VersionLimit::Phone),
            (28, 289, VersionLimit::Phone),
        ] {
            let prefix = format!("https://{}/v/", "h".repeat(host));
            // The most digits that many bytes can take: those of 256^bytes − 1.
            let most = (bytes * 2_408_240_usize).div_ceil(1_000_000);
            let code = draw(&prefix, &"9".repeat(most), limit);
            assert_eq!(code.map(|code| code.version()), Ok(limit.version()), "{host} {bytes}");
        }
    }

    #[test]
    fn codes_are_stable() {
        let all = [
            QrError::TextInvalid,
            QrError::TooLong(10),
            QrError::ScaleOutOfRange,
            QrError::Drawing,
        ];
        assert_eq!(
            all.map(QrError::code),
            ["QR_TEXT_INVALID", "QR_TOO_LONG", "QR_SCALE_OUT_OF_RANGE", "QR_DRAWING_FAILED"]
        );
    }

    /// Bits of data in a code of version 1 to 13, level M (ISO/IEC 18004, table 7).
    const CAPACITY: [usize; 13] =
        [128, 224, 352, 512, 688, 864, 992, 1232, 1456, 1728, 2032, 2320, 2672];

    /// The smallest version by the standard's own count of bits, without the encoder.
    fn smallest(prefix: usize, digits: usize) -> Option<usize> {
        (1..=13).find(|version| {
            // Mode indicators, then character counts, whose width grows from version 10 on.
            let header = if *version < 10 { 4 + 8 + 4 + 10 } else { 4 + 16 + 4 + 12 };
            let numeric = digits / 3 * 10 + [0, 4, 7][digits % 3];
            let count_fits = *version >= 10 || prefix < 256;
            count_fits && header + prefix * 8 + numeric <= CAPACITY[version - 1]
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        #[test]
        fn the_smallest_version_is_taken_or_none(
            prefix in "https://[a-z.]{1,40}/v/",
            digits in "[1-9][0-9]{0,799}",
        ) {
            for limit in [VersionLimit::Printed, VersionLimit::Phone] {
                let expected = smallest(prefix.len(), digits.len())
                    .map(|version| i16::try_from(version).unwrap())
                    .filter(|version| *version <= limit.version())
                    .ok_or(QrError::TooLong(limit.version()));
                let code = draw(&prefix, &digits, limit);
                prop_assert_eq!(code.map(|code| code.version()), expected);
            }
        }

        #[test]
        fn the_quiet_zone_is_light_and_the_code_touches_it(length in 1_usize..700) {
            let code = draw(PREFIX, &"7".repeat(length), VersionLimit::Phone).unwrap();
            let image = pixels(&code.to_png(1).unwrap());
            let inner = 4..code.side() - 4;
            prop_assert_eq!(code.side(), u32::try_from(code.version()).unwrap() * 4 + 17 + 8);
            for (x, y, pixel) in image.enumerate_pixels() {
                if !inner.contains(&x) || !inner.contains(&y) {
                    prop_assert_eq!(pixel.0, [255], "{} {}", x, y);
                }
            }
            // The corners of the three finder patterns.
            let last = code.side() - 5;
            for (x, y) in [(4, 4), (last, 4), (4, last)] {
                prop_assert_eq!(image.get_pixel(x, y).0, [0]);
            }
        }
    }
}

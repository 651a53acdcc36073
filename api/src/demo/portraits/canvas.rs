//! A small canvas: filled shapes with smooth outlines on a picture of twice the size, which is
//! then reduced, so that every edge is anti-aliased.

use image::imageops::FilterType;
use image::{DynamicImage, RgbImage};

/// Width and height of a portrait in pixels: 26 × 32 mm at 350 dpi, as Chinese ID photos have it.
pub(super) const SIZE: (u32, u32) = (358, 441);

/// How much larger the picture is drawn.
const OVERSAMPLING: f32 = 2.0;

/// A point in portrait pixels, from [`ORIGIN`]; x to the right and y down.
pub(super) type Point = (f32, f32);

/// Where the middle of the head is.
const ORIGIN: Point = (179.0, 198.0);

/// Red, green and blue.
pub(super) type Colour = [u8; 3];

/// Width and height while drawing.
const LARGE: (u32, u32) = (SIZE.0 * 2, SIZE.1 * 2);

/// A picture being drawn.
pub(super) struct Canvas {
    /// Rows of pixels, three bytes each.
    bytes: Vec<u8>,
}

impl Canvas {
    pub fn new(background: Colour) -> Self {
        Self { bytes: background.repeat(offset(LARGE.0, LARGE.1) / 3) }
    }

    /// The picture in its final size.
    pub fn finish(self) -> DynamicImage {
        let picture = RgbImage::from_raw(LARGE.0, LARGE.1, self.bytes).unwrap_or_default();
        DynamicImage::from(picture).resize_exact(SIZE.0, SIZE.1, FilterType::Triangle)
    }

    /// Fills a polygon by the even-odd rule, covering what is below by `opacity` (0–1).
    pub fn polygon(&mut self, points: &[Point], colour: Colour, opacity: f32) {
        let points: Vec<Point> = points
            .iter()
            .map(|(x, y)| ((x + ORIGIN.0) * OVERSAMPLING, (y + ORIGIN.1) * OVERSAMPLING))
            .collect();
        let top = points.iter().map(|p| p.1).fold(f32::MAX, f32::min);
        let bottom = points.iter().map(|p| p.1).fold(0.0, f32::max);
        let mut crossings = Vec::new();
        let mut middle = whole(top).min(LARGE.1);
        while middle < whole(bottom.ceil()).min(LARGE.1) {
            crossings.clear();
            let y = centre(middle);
            for (from, to) in points.iter().zip(points.iter().cycle().skip(1)) {
                if (from.1 <= y) != (to.1 <= y) {
                    crossings.push(from.0 + (y - from.1) / (to.1 - from.1) * (to.0 - from.0));
                }
            }
            crossings.sort_by(f32::total_cmp);
            for span in crossings.chunks_exact(2) {
                if let [left, right] = span {
                    self.row(middle, whole(left + 0.5), whole(right + 0.5), colour, opacity);
                }
            }
            middle += 1;
        }
    }

    /// Fills a shape whose outline runs smoothly through the points (a closed Catmull–Rom spline).
    pub fn shape(&mut self, points: &[Point], colour: Colour, opacity: f32) {
        self.polygon(&smooth(points), colour, opacity);
    }

    /// As [`Self::shape`], with the right half given from top to bottom and the left mirrored.
    pub fn symmetric(&mut self, half: &[Point], colour: Colour, opacity: f32) {
        let mirrored = half.iter().rev().filter(|p| p.0 > 0.5).map(|(x, y)| (-x, *y));
        let whole: Vec<Point> = half.iter().copied().chain(mirrored).collect();
        self.shape(&whole, colour, opacity);
    }

    /// The same shape on both sides.
    pub fn both(&mut self, points: &[Point], colour: Colour, opacity: f32) {
        let mirrored: Vec<Point> = points.iter().map(|(x, y)| (-x, *y)).collect();
        self.shape(points, colour, opacity);
        self.shape(&mirrored, colour, opacity);
    }

    /// An ellipse on both sides, or once if it lies in the middle.
    pub fn ellipses(&mut self, middle: Point, radii: Point, colour: Colour, opacity: f32) {
        let points: Vec<Point> = (0_u8..48)
            .map(|step| {
                let (sin, cos) = (f32::from(step) * std::f32::consts::TAU / 48.0).sin_cos();
                (middle.0 + radii.0 * cos, middle.1 + radii.1 * sin)
            })
            .collect();
        self.polygon(&points, colour, opacity);
        if middle.0 > 0.5 {
            let mirrored: Vec<Point> = points.iter().map(|(x, y)| (-x, *y)).collect();
            self.polygon(&mirrored, colour, opacity);
        }
    }

    fn row(&mut self, y: u32, from: u32, to: u32, colour: Colour, opacity: f32) {
        let range = offset(from.min(LARGE.0), y)..offset(to.min(LARGE.0), y);
        let Some(pixels) = self.bytes.get_mut(range) else { return };
        for pixel in pixels.chunks_exact_mut(3) {
            if opacity >= 1.0 {
                pixel.copy_from_slice(&colour);
            } else {
                for (under, over) in pixel.iter_mut().zip(colour) {
                    let mixed = f32::from(over) * opacity + f32::from(*under) * (1.0 - opacity);
                    *under = u8::try_from(whole(mixed + 0.5)).unwrap_or(u8::MAX);
                }
            }
        }
    }
}

/// Where a pixel begins; for a column beyond the last, and for the row after the last, the end.
fn offset(x: u32, y: u32) -> usize {
    let bytes = match y.checked_sub(LARGE.1) {
        Some(_) => LARGE.0 * LARGE.1 * 3,
        None => (y * LARGE.0 + x) * 3,
    };
    usize::try_from(bytes).unwrap_or_default()
}

/// The whole number below; 0 below 0.
#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a float has no other conversion to an integer; this one saturates"
)]
fn whole(value: f32) -> u32 {
    value as u32
}

/// The middle of a row; pictures are far below 65,536 rows.
fn centre(row: u32) -> f32 {
    f32::from(u16::try_from(row).unwrap_or(u16::MAX)) + 0.5
}

/// Eight points for every one given, on a closed Catmull–Rom spline.
fn smooth(points: &[Point]) -> Vec<Point> {
    let around = |skip: usize| points.iter().cycle().skip(skip);
    let mut outline = Vec::with_capacity(points.len() * 8);
    for (((a, b), c), d) in points.iter().zip(around(1)).zip(around(2)).zip(around(3)) {
        for step in 0_u8..8 {
            let t = f32::from(step) / 8.0;
            let mix = |a: f32, b: f32, c: f32, d: f32| {
                0.5 * (2.0 * b
                    + (c - a) * t
                    + (2.0 * a - 5.0 * b + 4.0 * c - d) * t * t
                    + (3.0 * b - a - 3.0 * c + d) * t * t * t)
            };
            outline.push((mix(a.0, b.0, c.0, d.0), mix(a.1, b.1, c.1, d.1)));
        }
    }
    outline
}

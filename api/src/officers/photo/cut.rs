//! Which part of a picture becomes the photo: the largest of the photo's proportions, in the
//! middle.

use image::metadata::Orientation;
use serde::{Deserialize, Serialize};

/// What was cut from a picture, in the picture's pixels as it is seen upright.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cut {
    /// Pixels across of the whole picture.
    pub picture_width: u32,
    /// Pixels down of the whole picture.
    pub picture_height: u32,
    /// Where the cut begins, from the left.
    pub left: u32,
    /// Where the cut begins, from the top.
    pub top: u32,
    /// Pixels across of the cut.
    pub width: u32,
    /// Pixels down of the cut.
    pub height: u32,
}

impl Cut {
    /// The middle of a picture (width, height) in the proportions `wanted`.
    pub(super) fn middle(picture: (u32, u32), wanted: (u32, u32)) -> Self {
        let (width, height) = largest_inside(picture, wanted);
        Self {
            picture_width: picture.0,
            picture_height: picture.1,
            left: (picture.0 - width) / 2,
            top: (picture.1 - height) / 2,
            width,
            height,
        }
    }

    /// The same cut where the picture is turned as its orientation asks.
    pub(super) fn turned(self, orientation: Orientation) -> Self {
        use Orientation::{
            FlipHorizontal, FlipVertical, NoTransforms, Rotate90, Rotate90FlipH, Rotate180,
            Rotate270, Rotate270FlipH,
        };
        let Self { left, top, .. } = self;
        let right = self.picture_width - left - self.width;
        let bottom = self.picture_height - top - self.height;
        let (left, top) = match orientation {
            NoTransforms => (left, top),
            Rotate90 => (bottom, left),
            Rotate180 => (right, bottom),
            Rotate270 => (top, right),
            FlipHorizontal => (right, top),
            FlipVertical => (left, bottom),
            Rotate90FlipH => (top, left),
            Rotate270FlipH => (bottom, right),
        };
        if is_lying(orientation) {
            Self {
                picture_width: self.picture_height,
                picture_height: self.picture_width,
                left,
                top,
                width: self.height,
                height: self.width,
            }
        } else {
            Self { left, top, ..self }
        }
    }
}

/// Whether a picture of this orientation is stored lying on its side.
pub(super) const fn is_lying(orientation: Orientation) -> bool {
    matches!(
        orientation,
        Orientation::Rotate90
            | Orientation::Rotate270
            | Orientation::Rotate90FlipH
            | Orientation::Rotate270FlipH
    )
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

#[cfg(test)]
mod tests {
    use super::*;
    use image::{DynamicImage, GenericImageView, Rgba, RgbaImage};

    #[test]
    fn a_cut_is_found_again_in_the_upright_picture() {
        let marked = Rgba([9, 9, 9, 255]);
        for (width, height) in [(11, 7), (7, 12), (10, 9)] {
            let cut = Cut::middle((width, height), (3, 5));
            let mut lying = RgbaImage::new(width, height);
            for x in cut.left..cut.left + cut.width {
                for y in cut.top..cut.top + cut.height {
                    lying.put_pixel(x, y, marked);
                }
            }
            for exif in 1..=8 {
                let orientation = Orientation::from_exif(exif).unwrap();
                let mut upright = DynamicImage::ImageRgba8(lying.clone());
                upright.apply_orientation(orientation);
                let turned = cut.turned(orientation);
                assert_eq!((turned.picture_width, turned.picture_height), upright.dimensions());
                let inside = |x, y| {
                    (turned.left..turned.left + turned.width).contains(&x)
                        && (turned.top..turned.top + turned.height).contains(&y)
                };
                for (x, y, pixel) in upright.pixels() {
                    assert_eq!(pixel == marked, inside(x, y), "{orientation:?} {x} {y}");
                }
            }
        }
    }
}

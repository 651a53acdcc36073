//! The portraits of the demo: drawn, in the manner of ID photos, and of nobody. A portrait is a
//! pure function of its number.

mod canvas;
mod figure;

use entities::enums::Gender;
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageResult};
use rand::SeedableRng as _;

use super::Generator;

/// So many portraits there are of men, and as many of women.
pub const EACH: usize = 32;

/// A drawn portrait.
#[derive(Clone, PartialEq, Eq)]
pub struct Portrait {
    /// Its file name in the photo archive and in the roster.
    pub file_name: String,
    /// A JPEG of 358 × 441 pixels and at most 40 KB.
    pub jpeg: Vec<u8>,
}

/// All portraits, the men's first; an officer holds the index. Errors are the encoder's.
pub fn portraits() -> ImageResult<Vec<Portrait>> {
    (0..2 * EACH)
        .map(|index| {
            let mut jpeg = Vec::new();
            draw(index).write_with_encoder(JpegEncoder::new_with_quality(&mut jpeg, 88))?;
            Ok(Portrait { file_name: file_name(index), jpeg })
        })
        .collect()
}

fn draw(index: usize) -> DynamicImage {
    let mut rng = Generator::seed_from_u64(u64::try_from(index).unwrap_or_default());
    let gender = if index < EACH { Gender::Male } else { Gender::Female };
    figure::draw(&mut rng, gender)
}

/// The index of the portrait `number` (below [`EACH`]) of a gender.
pub(super) const fn of(gender: Gender, number: usize) -> usize {
    match gender {
        Gender::Male => number,
        Gender::Female => EACH + number,
    }
}

/// The file name of a portrait.
pub(super) fn file_name(index: usize) -> String {
    format!("portrait-{index:02}.jpg")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn there_are_64_different_pictures_of_the_right_form() {
        let portraits = portraits().unwrap();
        assert_eq!(portraits.len(), 64);
        for portrait in &portraits {
            assert!(portrait.jpeg.len() <= 40_000, "{}", portrait.file_name);
            let picture = image::load_from_memory(&portrait.jpeg).unwrap();
            assert_eq!((picture.width(), picture.height()), (358, 441));
        }
        let different: HashSet<_> = portraits.iter().map(|p| &p.jpeg).collect();
        assert_eq!(different.len(), 64);
        assert_eq!(portraits[of(Gender::Female, 3)].file_name, "portrait-35.jpg");
        assert_eq!(draw(40), draw(40));
    }
}

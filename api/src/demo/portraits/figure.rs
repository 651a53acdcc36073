//! What a portrait shows: a bust before a plain background, from back to front. Coordinates are
//! those of the canvas, from the middle of the head; the right half is given and mirrored.

use entities::enums::Gender;
use image::DynamicImage;
use rand::RngExt as _;

use super::canvas::{Canvas, Colour, Point};
use crate::demo::{Generator, pick};

const BACKGROUNDS: [Colour; 3] = [[67, 142, 219], [240, 240, 242], [196, 44, 46]];
const SKINS: [Colour; 5] =
    [[247, 216, 188], [240, 203, 172], [232, 190, 156], [222, 177, 142], [206, 158, 122]];
const HAIRS: [Colour; 4] = [[28, 25, 26], [38, 32, 30], [52, 42, 38], [44, 44, 48]];
const GREYS: [Colour; 3] = [[104, 102, 104], [142, 140, 140], [82, 80, 82]];
const JACKETS: [Colour; 4] = [[27, 38, 66], [20, 28, 44], [38, 54, 84], [44, 48, 54]];
const SHIRTS: [Colour; 3] = [[244, 246, 250], [196, 216, 238], [226, 234, 244]];
const TIES: [Colour; 3] = [[24, 34, 62], [120, 30, 38], [44, 66, 112]];
const LIPS: [Colour; 3] = [[196, 108, 104], [184, 96, 92], [206, 98, 104]];

/// What differs from one face to the next.
struct Face {
    gender: Gender,
    skin: Colour,
    hair: Colour,
    /// Half the width at the cheekbones, in pixels.
    width: f32,
    /// The width at the jaw, compared with the cheekbones.
    jaw: f32,
    /// Where the chin ends.
    chin: f32,
    eyes: f32,
    brow: f32,
    smile: f32,
    older: bool,
}

/// Draws one portrait.
pub(super) fn draw(rng: &mut Generator, gender: Gender) -> DynamicImage {
    let male = gender == Gender::Male;
    let older = rng.random_bool(0.3);
    let face = Face {
        gender,
        skin: pick(rng, &SKINS),
        hair: if older && rng.random_bool(0.6) { pick(rng, &GREYS) } else { pick(rng, &HAIRS) },
        width: rng.random_range(72.0..83.0) - if male { 0.0 } else { 3.0 },
        jaw: if male { rng.random_range(0.80..0.95) } else { rng.random_range(0.72..0.84) },
        chin: rng.random_range(104.0..114.0),
        eyes: rng.random_range(11.5..14.5),
        brow: rng.random_range(-2.0..3.0),
        smile: rng.random_range(1.0..6.0),
        older,
    };
    let mut canvas = Canvas::new(pick(rng, &BACKGROUNDS));
    let style = rng.random_range(0..5);
    if !male {
        hair_behind(&mut canvas, &face, style);
    }
    body(&mut canvas, rng, &face);
    head(&mut canvas, &face);
    features(&mut canvas, rng, &face);
    if male {
        mens_hair(&mut canvas, &face, style);
    } else {
        womens_hair(&mut canvas, &face, style);
    }
    if rng.random_bool(if older { 0.5 } else { 0.25 }) {
        glasses(&mut canvas, face.width);
    }
    canvas.finish()
}

/// A colour made darker (below 1) or lighter (above).
fn shade(colour: Colour, factor: f32) -> Colour {
    let whole = |value: f32| (0..=u8::MAX).rev().find(|v| f32::from(*v) <= value).unwrap_or(0);
    colour.map(|part| whole(f32::from(part) * factor))
}

/// The jacket of the unified uniform or a plain one, shirt, collar and tie.
fn body(canvas: &mut Canvas, rng: &mut Generator, face: &Face) {
    let jacket = pick(rng, &JACKETS);
    let shirt = pick(rng, &SHIRTS);
    let male = face.gender == Gender::Male;
    let shoulder = if male { 168.0 } else { 150.0 };
    canvas.symmetric(
        &[
            (0.0, 138.0),
            (44.0, 146.0),
            (96.0, 166.0),
            (shoulder - 22.0, 182.0),
            (shoulder, 208.0),
            (shoulder + 12.0, 262.0),
            (0.0, 300.0),
        ],
        jacket,
        1.0,
    );
    let neck = shade(face.skin, 0.93);
    let slim = if male { 42.0 } else { 34.0 };
    canvas.polygon(
        &[(-slim, 60.0), (slim, 60.0), (slim + 4.0, 160.0), (0.0, 196.0), (-slim - 4.0, 160.0)],
        neck,
        1.0,
    );
    // The shadow of the chin.
    canvas.symmetric(
        &[(0.0, 84.0), (slim, 84.0), (slim, 118.0), (slim * 0.5, 134.0), (0.0, 138.0)],
        shade(face.skin, 0.72),
        0.55,
    );
    // The shirt between the lapels, and its open or closed collar.
    let tie = male || rng.random_bool(0.5);
    let opening = if tie { 150.0 } else { 172.0 };
    canvas.polygon(
        &[(-slim - 6.0, 146.0), (0.0, opening), (slim + 6.0, 146.0), (30.0, 262.0), (-30.0, 262.0)],
        shirt,
        1.0,
    );
    if tie {
        let tie = pick(rng, &TIES);
        canvas.polygon(&[(-11.0, 160.0), (11.0, 160.0), (7.0, 180.0), (-7.0, 180.0)], tie, 1.0);
        let dark = shade(tie, 0.82);
        canvas.polygon(&[(-7.0, 180.0), (7.0, 180.0), (17.0, 262.0), (-17.0, 262.0)], dark, 1.0);
    }
    for side in [-1.0, 1.0] {
        let collar: Vec<Point> =
            [(slim - 4.0, 132.0), (slim + 10.0, 142.0), (slim - 8.0, 184.0), (4.0, opening + 8.0)]
                .map(|(x, y)| (x * side, y))
                .to_vec();
        canvas.polygon(&collar, shade(shirt, 0.95), 1.0);
        let lapel: Vec<Point> = [
            (slim + 8.0, 143.0),
            (slim + 30.0, 154.0),
            (66.0, 204.0),
            (48.0, 208.0),
            (26.0, 262.0),
            (14.0, 262.0),
        ]
        .map(|(x, y)| (x * side, y))
        .to_vec();
        canvas.polygon(&lapel, shade(jacket, 1.28), 1.0);
    }
    if rng.random_bool(0.6) {
        uniform(canvas, shoulder);
    }
}

/// Shoulder boards and a chest badge without any real emblem.
fn uniform(canvas: &mut Canvas, shoulder: f32) {
    const GOLD: Colour = [214, 178, 88];
    for side in [-1.0, 1.0] {
        let board: Vec<Point> = [
            (shoulder - 52.0, 176.0),
            (shoulder - 14.0, 190.0),
            (shoulder - 18.0, 202.0),
            (shoulder - 58.0, 186.0),
        ]
        .map(|(x, y)| (x * side, y))
        .to_vec();
        canvas.polygon(&board, [14, 18, 30], 1.0);
    }
    canvas.ellipses((shoulder - 36.0, 189.0), (4.0, 4.0), GOLD, 1.0);
    canvas.polygon(&[(74.0, 226.0), (116.0, 226.0), (116.0, 238.0), (74.0, 238.0)], GOLD, 1.0);
    canvas.polygon(
        &[(77.0, 229.0), (113.0, 229.0), (113.0, 235.0), (77.0, 235.0)],
        [40, 52, 84],
        1.0,
    );
}

/// The outline of the face, right half.
fn outline(face: &Face) -> [Point; 8] {
    let w = face.width;
    [
        (0.0, -108.0),
        (w * 0.62, -94.0),
        (w * 0.96, -48.0),
        (w, 2.0),
        (w * (0.55 + face.jaw * 0.42), 46.0),
        (w * face.jaw * 0.86, 76.0),
        (w * 0.36, face.chin - 8.0),
        (0.0, face.chin),
    ]
}

fn head(canvas: &mut Canvas, face: &Face) {
    let ear = shade(face.skin, 0.93);
    canvas.ellipses((face.width + 3.0, 6.0), (11.0, 22.0), ear, 1.0);
    canvas.ellipses((face.width + 4.0, 7.0), (5.0, 13.0), shade(face.skin, 0.80), 0.6);
    canvas.symmetric(&outline(face), face.skin, 1.0);
    // Soft cheeks give the flat face some depth.
    let cheek = if face.gender == Gender::Female { 0.16 } else { 0.08 };
    for size in [26.0, 20.0, 14.0] {
        canvas.ellipses((face.width * 0.58, 36.0), (size, size * 0.7), [222, 112, 98], cheek / 2.0);
    }
}

fn features(canvas: &mut Canvas, rng: &mut Generator, face: &Face) {
    let male = face.gender == Gender::Male;
    let line = shade(face.skin, 0.62);
    let apart = face.width * 0.45;
    let tall = rng.random_range(5.0..7.5) + if male { 0.0 } else { 1.0 };
    let half = face.eyes + 2.0;
    // The eye is an almond; the upper lid is drawn darker, as lashes are.
    let almond = [
        (apart - half, 2.0),
        (apart - half * 0.4, -tall + 1.0),
        (apart + half * 0.4, -tall),
        (apart + half, 0.0),
        (apart + half * 0.3, tall * 0.7),
        (apart - half * 0.5, tall * 0.7),
    ];
    canvas.both(&almond, [250, 249, 246], 1.0);
    let iris = tall * 0.95;
    canvas.ellipses((apart, -0.5), (iris, iris), [62, 42, 30], 1.0);
    canvas.ellipses((apart, -0.5), (iris * 0.5, iris * 0.5), [14, 10, 10], 1.0);
    for side in [-1.0_f32, 1.0] {
        let glint = side * apart + 2.0;
        let (left, right) = (glint - 1.6, glint + 1.6);
        canvas.polygon(&[(left, -4.0), (right, -4.0), (right, -1.0), (left, -1.0)], [255; 3], 0.9);
    }
    let lash = if male { 2.4 } else { 3.6 };
    canvas.both(
        &[
            (apart - half - 1.0, 3.0),
            (apart - half * 0.4, -tall - lash + 1.0),
            (apart + half * 0.4, -tall - lash),
            (apart + half + 2.0, -1.0),
            (apart + half * 0.4, -tall + 0.4),
            (apart - half * 0.4, -tall + 1.2),
        ],
        [36, 26, 24],
        1.0,
    );
    let thick = if male { rng.random_range(5.0..8.0) } else { rng.random_range(3.0..4.5) };
    let top = -24.0 + face.brow;
    canvas.both(
        &[
            (apart - half - 3.0, top + 3.0),
            (apart, top - thick * 0.6),
            (apart + half + 4.0, top + 2.0),
            (apart, top + thick * 0.5),
        ],
        shade(face.hair, 0.95),
        0.9,
    );
    // The nose: its shaded side, the wings and the tip.
    canvas.shape(&[(3.0, -8.0), (7.0, 14.0), (12.0, 30.0), (4.0, 34.0)], line, 0.22);
    canvas.both(&[(5.0, 33.0), (11.0, 29.0), (13.0, 34.0), (8.0, 37.0)], line, 0.55);
    mouth(canvas, rng, face);
    if face.older {
        canvas.both(&[(26.0, 34.0), (31.0, 42.0), (33.0, 56.0), (29.0, 44.0)], line, 0.5);
        canvas.both(
            &[(apart - 10.0, 15.0), (apart, 18.0), (apart + 12.0, 14.0), (apart, 20.0)],
            line,
            0.4,
        );
    }
}

fn mouth(canvas: &mut Canvas, rng: &mut Generator, face: &Face) {
    let male = face.gender == Gender::Male;
    let lips = if male { shade(pick(rng, &LIPS), 0.94) } else { pick(rng, &LIPS) };
    let wide = rng.random_range(21.0..28.0);
    let full = if male { 5.0 } else { 7.0 };
    let y = 64.0;
    let corner = y - face.smile;
    canvas.symmetric(
        &[(0.0, y - full + 2.0), (6.0, y - full), (wide, corner), (0.0, y + 2.0)],
        lips,
        1.0,
    );
    let lower = shade(lips, 1.1);
    canvas.symmetric(
        &[
            (0.0, y + 1.0),
            (wide - 2.0, corner + 1.0),
            (wide * 0.5, y + full),
            (0.0, y + full + 2.0),
        ],
        lower,
        1.0,
    );
    canvas.symmetric(
        &[(0.0, y), (wide, corner - 0.5), (wide * 0.5, y - face.smile * 0.3 + 1.6), (0.0, y + 1.8)],
        [112, 54, 52],
        0.9,
    );
}

/// The outside of the hair from the middle of the top to the ear, `high` above the head.
fn crown(face: &Face, high: f32, side: f32) -> [Point; 5] {
    let w = face.width;
    [
        (0.0, -112.0 - high),
        (w * 0.58, -103.0 - high * 0.9),
        (w * 0.98 + side * 0.6, -68.0 - high * 0.4),
        (w + side, -26.0),
        (w + side * 0.8, -2.0),
    ]
}

fn mens_hair(canvas: &mut Canvas, face: &Face, style: u8) {
    let w = face.width;
    let (high, hairline): (f32, [Point; 4]) = match style {
        // Short and even.
        0 => (8.0, [(w - 2.0, -34.0), (w * 0.84, -60.0), (w * 0.5, -76.0), (0.0, -80.0)]),
        // A crew cut, square at the temples.
        1 => (3.0, [(w - 2.0, -40.0), (w * 0.86, -72.0), (w * 0.6, -86.0), (0.0, -88.0)]),
        // Combed up.
        2 => (20.0, [(w - 2.0, -36.0), (w * 0.82, -66.0), (w * 0.46, -84.0), (0.0, -90.0)]),
        // Receding.
        3 => (4.0, [(w - 2.0, -30.0), (w * 0.88, -66.0), (w * 0.62, -94.0), (0.0, -92.0)]),
        // Full, low on the forehead.
        _ => (14.0, [(w - 2.0, -28.0), (w * 0.80, -50.0), (w * 0.44, -60.0), (0.0, -58.0)]),
    };
    let half: Vec<Point> = crown(face, high, 5.0).into_iter().chain(hairline).collect();
    canvas.symmetric(&half, face.hair, 1.0);
    if style == 0 || style == 4 {
        // The parting, and the fringe that falls to one side of it.
        canvas.shape(
            &[
                (-w * 0.5, -92.0),
                (w * 0.2, -96.0),
                (w * 0.72, -66.0),
                (w * 0.3, -66.0),
                (-w * 0.2, -74.0),
            ],
            face.hair,
            1.0,
        );
        canvas.shape(
            &[(-w * 0.46, -104.0), (-w * 0.36, -112.0), (-w * 0.40, -92.0), (-w * 0.5, -80.0)],
            shade(face.hair, 1.6),
            0.6,
        );
    }
    shine(canvas, face, high);
}

/// Hair that falls behind the shoulders, or the outline of a bob.
fn hair_behind(canvas: &mut Canvas, face: &Face, style: u8) {
    let w = face.width;
    let dark = shade(face.hair, 0.85);
    let fall: &[Point] = match style {
        // A bob to the chin.
        0 => &[(w + 22.0, 10.0), (w + 24.0, 70.0), (w + 4.0, 104.0), (0.0, 90.0)],
        // Long.
        1 => &[
            (w + 22.0, 20.0),
            (w + 26.0, 110.0),
            (w + 20.0, 190.0),
            (w - 20.0, 214.0),
            (0.0, 150.0),
        ],
        // To the shoulders.
        2 => &[(w + 18.0, 20.0), (w + 26.0, 100.0), (w + 14.0, 144.0), (0.0, 120.0)],
        // A knot on top of the head.
        3 => {
            canvas.ellipses((0.0, -134.0), (34.0, 26.0), dark, 1.0);
            return;
        }
        // Tied back: nothing shows.
        _ => return,
    };
    let half: Vec<Point> =
        [(0.0, -120.0), (w * 0.8, -100.0), (w + 14.0, -40.0)].iter().chain(fall).copied().collect();
    canvas.symmetric(&half, dark, 1.0);
}

fn womens_hair(canvas: &mut Canvas, face: &Face, style: u8) {
    let w = face.width;
    let side = if style < 3 { 13.0 } else { 4.0 };
    let high = if style < 3 { 12.0 } else { 7.0 };
    let hairline: [Point; 4] = match style {
        // A straight fringe.
        0 => [(w - 2.0, -6.0), (w * 0.80, -34.0), (w * 0.5, -40.0), (0.0, -42.0)],
        // Parted in the middle, falling past the cheeks.
        1 => [(w - 4.0, 20.0), (w * 0.86, -34.0), (w * 0.56, -70.0), (0.0, -98.0)],
        2 => [(w - 3.0, 4.0), (w * 0.84, -44.0), (w * 0.54, -74.0), (0.0, -84.0)],
        // Combed back from the forehead.
        _ => [(w - 2.0, -26.0), (w * 0.84, -62.0), (w * 0.52, -82.0), (0.0, -88.0)],
    };
    let half: Vec<Point> = crown(face, high, side).into_iter().chain(hairline).collect();
    canvas.symmetric(&half, face.hair, 1.0);
    if style == 1 || style == 2 {
        // Strands before the ears.
        canvas.both(
            &[
                (w - 6.0, -40.0),
                (w + 12.0, -30.0),
                (w + 20.0, 40.0),
                (w + 14.0, 104.0),
                (w + 2.0, 60.0),
            ],
            face.hair,
            1.0,
        );
    }
    if style == 2 {
        // A fringe swept to one side.
        canvas.shape(
            &[
                (-w * 0.6, -92.0),
                (0.0, -104.0),
                (w * 0.7, -76.0),
                (w * 0.9, -36.0),
                (w * 0.3, -66.0),
                (-w * 0.2, -70.0),
            ],
            face.hair,
            1.0,
        );
    }
    shine(canvas, face, high);
}

/// Light on the hair.
fn shine(canvas: &mut Canvas, face: &Face, high: f32) {
    let w = face.width;
    let y = -104.0 - high * 0.5;
    canvas.shape(
        &[(-w * 0.5, y + 16.0), (-w * 0.1, y + 4.0), (w * 0.35, y + 8.0), (-w * 0.1, y + 10.0)],
        shade(face.hair, 1.9),
        0.45,
    );
}

/// Round or square glasses with thin rims.
fn glasses(canvas: &mut Canvas, width: f32) {
    const RIM: Colour = [36, 36, 42];
    let apart = width * 0.45;
    let (rx, ry) = (width * 0.35, 20.0);
    for side in [-1.0, 1.0] {
        // A ring is an outline there and back: the even-odd rule leaves the lens open.
        let ring = |scale: f32| -> Vec<Point> {
            (0_u8..=48)
                .map(|step| {
                    let (sin, cos) = (f32::from(step) * std::f32::consts::TAU / 48.0).sin_cos();
                    let soft = |v: f32| v.signum() * v.abs().powf(0.7);
                    ((apart + (rx - scale) * soft(cos)) * side, 2.0 + (ry - scale) * soft(sin))
                })
                .collect()
        };
        let lens = ring(0.0);
        canvas.polygon(&lens, [255; 3], 0.10);
        let rim: Vec<Point> = lens.into_iter().chain(ring(2.6).into_iter().rev()).collect();
        canvas.polygon(&rim, RIM, 1.0);
        let hinge = apart + rx - 1.0;
        canvas.polygon(
            &[(hinge, -6.0), (width + 4.0, -4.0), (width + 4.0, -1.0), (hinge, -3.0)]
                .map(|(x, y)| (x * side, y)),
            RIM,
            1.0,
        );
    }
    let inner = apart - rx + 2.0;
    canvas.polygon(&[(-inner, -3.0), (inner, -3.0), (inner, 0.0), (-inner, 0.0)], RIM, 1.0);
}

//! A province's photos in one ZIP: how long it takes, and how much memory. By hand:
//! `cargo nextest run -p api --run-ignored only -E 'test(photos_at_scale)' --no-capture`, with
//! `LZ_PHOTOS` for another number than 20,000.

#![expect(clippy::print_stdout, reason = "says what it measures")]

use std::fs::File;
use std::io::{BufReader, Read, Seek, Write};
use std::sync::Arc;
use std::time::Instant;

use api::access::Scope;
use api::audit::UnitOfWork;
use api::demo::portraits::portraits;
use api::officers::{self, NewPerson};
use api::photos::{self, Opened, Received};
use api::platform::actor::Actor;
use entities::enums::ImportState;
use image::codecs::jpeg::JpegEncoder;
use image::{Rgb, RgbImage};
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;

use super::work;
use crate::harness::TestApp;
use crate::province::{Province, officer};

fn id_number(n: u32) -> String {
    let body = format!("9901{:02}1990{:02}07{:03}", n / 11_988 % 90 + 1, n / 999 % 12 + 1, n % 999);
    format!("{body}{}", officers::rules::id_check_character(&body).unwrap())
}

/// The most memory the process has had since it was asked last, in MiB; where the system tells.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let _ = std::fs::write("/proc/self/clear_refs", "5");
    line.split_whitespace().nth(1)?.parse::<u64>().ok().map(|kib| kib / 1_024)
}

/// A ZIP in a file: drawn portraits at the size of a camera, each with a mark of its own.
fn drawn(count: u32) -> File {
    let drawn: Vec<RgbImage> = portraits()
        .unwrap()
        .iter()
        .map(|p| image::load_from_memory(&p.jpeg).unwrap().into_rgb8())
        .collect();
    let mut zip = zip::ZipWriter::new(tempfile::tempfile().unwrap());
    let stored =
        zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for n in 0..count {
        let mut image = drawn[usize::try_from(n).unwrap() % drawn.len()].clone();
        for bit in 0..17 {
            let mark = if n >> bit & 1 == 1 { 0 } else { 255 };
            for (x, y) in (0..8).flat_map(|x| (0..8).map(move |y| (x, y))) {
                image.put_pixel(bit * 8 + x, y, Rgb([mark; 3]));
            }
        }
        let mut jpeg = Vec::new();
        JpegEncoder::new_with_quality(&mut jpeg, 88).encode_image(&image).unwrap();
        zip.start_file(format!("{}.jpg", id_number(n)), stored).unwrap();
        zip.write_all(&jpeg).unwrap();
    }
    zip.finish().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes many minutes: measures 20,000 photos"]
async fn photos_at_scale() {
    let count: u32 =
        std::env::var("LZ_PHOTOS").map_or(20_000, |number| number.parse().expect("a number"));
    let app = TestApp::new().await;
    let province = Province::enter(&app).await;
    let begun = Instant::now();
    for from in (0..count).step_by(500) {
        let rows = (from..count.min(from + 500)).map(|n| NewPerson {
            id_number: id_number(n),
            ..officer(0, "张三", province.county_market)
        });
        let mut uow = UnitOfWork::begin(&app.platform, &Actor::System).await.unwrap();
        officers::upsert_from_roster(&mut uow, &Scope::Everything, rows.collect()).await.unwrap();
        uow.commit().await.unwrap();
    }
    println!("{count} people in {:.1?}", begun.elapsed());
    let begun = Instant::now();
    let mut file = drawn(count);
    let size = file.metadata().unwrap().len() >> 20;
    println!("{size} MiB of ZIP in {:.1?}, peak {:?} MiB", begun.elapsed(), peak());

    let begun = Instant::now();
    file.rewind().unwrap();
    let mut hash = Sha256::new();
    let mut reader = BufReader::new(&file);
    let mut buffer = vec![0; 1 << 20];
    loop {
        let read = reader.read(&mut buffer).unwrap();
        if read == 0 {
            break;
        }
        hash.update(&buffer[..read]);
    }
    let sent = Received { file, sha256: hash.finalize().into() };
    let opened = photos::open(&app.platform, &Actor::System, "all.zip", sent).await.unwrap();
    println!("opened in {:.1?}, peak {:?} MiB", begun.elapsed(), peak());
    let Opened::New(staging) = opened else { panic!("nothing is under way") };
    let begun = Instant::now();
    let staged = staging.run(Arc::new(Semaphore::new(2)), &|_, _| {}).await.unwrap();
    println!("staged in {:.1?}, peak {:?} MiB", begun.elapsed(), peak());
    assert_eq!((staged.staged, staged.failed), (i32::try_from(count).unwrap(), 0));

    photos::begin(&app.platform, &Actor::System, staged.id).await.unwrap();
    let begun = Instant::now();
    let applied = work(&app, staged.id).await;
    println!("attached in {:.1?}, peak {:?} MiB", begun.elapsed(), peak());
    assert_eq!((applied.state, applied.attached), (ImportState::Applied, staged.staged));
    let begun = Instant::now();
    let report = photos::report(&app.platform, &Actor::System, staged.id).await.unwrap();
    println!(
        "report of {} KiB in {:.1?}, peak {:?} MiB",
        report.len() >> 10,
        begun.elapsed(),
        peak()
    );
}

//! Photos of many people in one ZIP: what each file becomes, what a bad ZIP does, and that nothing
//! is lost or done twice however it is stopped.

mod bad_zips;
mod dirty;
mod scale;
mod stopped;
mod zip;

use std::io::{Cursor, Seek, Write};
use std::sync::Arc;

use api::officers::{self, NewPerson};
use api::photos::{self, Opened, Received};
use api::platform::actor::Actor;
use api::platform::jobs;
use entities::ids::{AgencyId, PersonId, PhotoBatchId};
use entities::{person, photo_batch};
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use sea_orm::EntityTrait;
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;

use crate::harness::TestApp;
use crate::province::officer;

/// Enters a person whose photo a roster may have announced.
async fn enter(
    app: &TestApp,
    n: u32,
    name: &str,
    agency: AgencyId,
    photo_file: Option<&str>,
) -> PersonId {
    let photo_file = photo_file.map(str::to_owned);
    let new = NewPerson { photo_file, ..officer(n, name, agency) };
    officers::enter_person(&app.platform, &Actor::System, new).await.unwrap()
}

/// A picture in one colour, which tells it from the others.
fn picture(width: u32, height: u32, n: u32, format: ImageFormat) -> Vec<u8> {
    let [_, red, green, blue] = (n * 0x0001_0f35).to_be_bytes();
    let image = RgbImage::from_pixel(width, height, Rgb([red, green, blue]));
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::from(image).write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// A portrait as a camera gives it.
fn portrait(n: u32) -> Vec<u8> {
    picture(480, 640, n, ImageFormat::Jpeg)
}

/// The SHA-256 of the photo that a person has.
async fn photo_of(app: &TestApp, id: PersonId) -> Option<Vec<u8>> {
    let db = app.platform.db.read();
    person::Entity::find_by_id(id).one(db).await.unwrap().unwrap().photo_sha256
}

/// Bytes as if they had been received.
fn received(bytes: &[u8]) -> Received {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    file.rewind().unwrap();
    Received { file, sha256: Sha256::digest(bytes).into() }
}

/// Opens a ZIP and looks at its files.
async fn stage(app: &TestApp, actor: &Actor, bytes: &[u8]) -> photo_batch::Model {
    let opened = photos::open(&app.platform, actor, "照片.zip", received(bytes)).await.unwrap();
    let Opened::New(staging) = opened else { panic!("it is under way") };
    staging.run(Arc::new(Semaphore::new(2)), &|_, _| {}).await.unwrap()
}

/// Works the job of a batch to its end, and answers the batch.
async fn work(app: &TestApp, id: PhotoBatchId) -> photo_batch::Model {
    let job = jobs::claim(&app.platform, &[photos::JOB], None).await.unwrap().unwrap();
    photos::work(&app.platform, job, &|_, _| {}).await.unwrap();
    photos::batch(&app.platform, &Actor::System, id).await.unwrap().unwrap()
}

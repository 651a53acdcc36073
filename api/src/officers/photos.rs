//! Giving people photos, and whose photo a file may be: by the ID number in its name or by the
//! name that a roster announced.

use std::collections::{BTreeMap, HashMap};

use entities::ids::{AgencyId, PersonId};
use entities::{blob, person};
use sea_orm::sea_query::{Expr, LockType, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use serde_json::json;

use super::error::OfficerRefusal as Refusal;
use super::store::ROWS_AT_ONCE;
use super::{existing, lookup, secrets};
use crate::access::{Permission, Scope};
use crate::audit::{Stream, UnitOfWork};
use crate::credentials;
use crate::graphql::ids::encode;
use crate::platform::Platform;
use crate::platform::actor::Actor;
use crate::platform::failure::{Failure, Fault};

/// People of one page of the register.
const PAGE: u64 = 1_000;

/// A photo that a person is to have.
#[derive(Clone, PartialEq, Eq)]
pub struct NewPhoto {
    /// Whose.
    pub person: PersonId,
    /// A JPEG that was processed already.
    pub jpeg: Vec<u8>,
    /// Its SHA-256.
    pub sha256: [u8; 32],
}

/// Somebody whose photo a file may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhotoHolder {
    /// The person.
    pub id: PersonId,
    /// SHA-256 of the photo they have.
    pub photo: Option<Vec<u8>>,
}

/// Gives a person a photo.
pub async fn attach_photo(
    platform: &Platform,
    actor: &Actor,
    new: NewPhoto,
) -> Result<PersonId, Failure<Refusal>> {
    let scope = Scope::of(actor, Permission::UploadPhotos);
    let person = new.person;
    let mut uow = UnitOfWork::begin(platform, actor).await?;
    attach_photos(&mut uow, &scope, vec![new]).await?.into_iter().collect::<Result<Vec<_>, _>>()?;
    uow.commit().await?;
    Ok(person)
}

/// The photo of a person, for whoever may read people. That it was read is written to the audit
/// log first.
pub async fn read_photo(
    platform: &Platform,
    actor: &Actor,
    person: PersonId,
) -> Result<Option<blob::Model>, Fault> {
    let scope = Scope::of(actor, Permission::ReadOfficers);
    let mut uow = UnitOfWork::begin(platform, actor).await?;
    let Some(row) = lookup::person_model(uow.tx(), &scope, person).await? else { return Ok(None) };
    let Some(photo) = lookup::photo_of(uow.tx(), &scope, person).await? else { return Ok(None) };
    let body = json!({ "fields": ["photo"] });
    uow.record(Stream::Agency(row.agency_id), super::REVEAL, encode(person), body);
    uow.commit().await?;
    Ok(Some(photo))
}

/// Gives people photos, each for itself: the answers stand in the order of the photos and say
/// whether the person had not this very photo already. Equal pictures are kept once. At most some
/// hundred at once, and each person once among them.
pub async fn attach_photos(
    uow: &mut UnitOfWork,
    scope: &Scope,
    photos: Vec<NewPhoto>,
) -> Result<Vec<Result<bool, Refusal>>, Fault> {
    let people: Vec<PersonId> = photos.iter().map(|p| p.person).collect();
    let mut select = lookup::ids(scope)
        .columns([person::Column::AgencyId, person::Column::PhotoSha256])
        .filter(person::Column::Id.is_in(people))
        .order_by_asc(person::Column::Id);
    if !uow.platform().db.is_sqlite() {
        // Two who attach at once wait for each other, always in the same order.
        select = select.lock(LockType::Update);
    }
    let known: HashMap<PersonId, (AgencyId, Option<Vec<u8>>)> = select
        .into_tuple::<(PersonId, AgencyId, Option<Vec<u8>>)>()
        .all(uow.tx())
        .await?
        .into_iter()
        .map(|(id, agency, photo)| (id, (agency, photo)))
        .collect();
    let mut pictures: BTreeMap<[u8; 32], (Vec<u8>, Vec<PersonId>)> = BTreeMap::new();
    let mut answers = Vec::with_capacity(photos.len());
    for new in photos {
        let Some((agency, old)) = known.get(&new.person) else {
            answers.push(Err(Refusal::PersonNotFound));
            continue;
        };
        let other = old.as_deref() != Some(new.sha256.as_slice());
        if other {
            uow.record(Stream::Agency(*agency), "person.photo", encode(new.person), json!({}));
            pictures.entry(new.sha256).or_insert((new.jpeg, Vec::new())).1.push(new.person);
        }
        answers.push(Ok(other));
    }
    for (sha256, (jpeg, people)) in pictures {
        blob::Entity::insert(blob::ActiveModel {
            sha256: Set(sha256.to_vec()),
            media_type: Set("image/jpeg".to_owned()),
            bytes: Set(jpeg),
            created_at: Set(uow.now()),
        })
        .on_conflict(OnConflict::column(blob::Column::Sha256).do_nothing().to_owned())
        .exec_without_returning(uow.tx())
        .await?;
        person::Entity::update_many()
            .col_expr(person::Column::PhotoSha256, Expr::value(sha256.to_vec()))
            .col_expr(person::Column::UpdatedAt, Expr::value(uow.now()))
            .filter(person::Column::Id.is_in(people.iter().copied()))
            .exec(uow.tx())
            .await?;
        existing::look_again(uow, &people).await?;
        credentials::give_photo(uow, &people, &sha256).await?;
    }
    Ok(answers)
}

/// The people within a scope who have one of these ID numbers, by the number.
pub async fn photo_holders(
    platform: &Platform,
    scope: &Scope,
    numbers: &[String],
) -> Result<HashMap<String, PhotoHolder>, Fault> {
    let mut found = HashMap::new();
    for chunk in numbers.chunks(ROWS_AT_ONCE) {
        let number_of: HashMap<Vec<u8>, &String> =
            chunk.iter().map(|n| (secrets::index(platform, secrets::ID_NUMBER, n), n)).collect();
        let rows: Vec<(PersonId, Vec<u8>, Option<Vec<u8>>)> = lookup::ids(scope)
            .columns([person::Column::IdNumberIndex, person::Column::PhotoSha256])
            .filter(person::Column::IdNumberIndex.is_in(number_of.keys().cloned()))
            .into_tuple()
            .all(platform.db.read())
            .await?;
        for (id, index, photo) in rows {
            if let Some(number) = number_of.get(&index) {
                found.insert((*number).clone(), PhotoHolder { id, photo });
            }
        }
    }
    Ok(found)
}

/// A photo that a roster announced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Announced {
    /// Whose.
    pub holder: PhotoHolder,
    /// The name of its file.
    pub file: String,
}

/// The photos that rosters announced of the people within a scope, of those whose file is `wanted`.
/// The register is read a page at a time: it is larger than what anybody looks for in it.
pub async fn announced_photos(
    db: &impl ConnectionTrait,
    scope: &Scope,
    wanted: impl Fn(&str) -> bool,
) -> Result<Vec<Announced>, Fault> {
    let mut found = Vec::new();
    let mut after = None;
    loop {
        let mut page = lookup::ids(scope)
            .columns([person::Column::PhotoFile, person::Column::PhotoSha256])
            .filter(person::Column::PhotoFile.is_not_null())
            .order_by_asc(person::Column::Id)
            .limit(PAGE);
        if let Some(last) = after {
            page = page.filter(person::Column::Id.gt(last));
        }
        let rows: Vec<(PersonId, String, Option<Vec<u8>>)> = page.into_tuple().all(db).await?;
        let Some((last, ..)) = rows.last() else { return Ok(found) };
        after = Some(*last);
        let rows = rows.into_iter().filter(|(_, file, _)| wanted(file));
        found.extend(
            rows.map(|(id, file, photo)| Announced { holder: PhotoHolder { id, photo }, file }),
        );
    }
}

//! The use-cases on one person.

use entities::ids::PersonId;
use serde_json::json;

use super::error::OfficerRefusal as Refusal;
use super::roster::{Change, upsert_from_roster};
use super::{NewExam, NewPerson, NewRecord, lookup, record, rules, secrets};
use crate::access::{Permission, Scope};
use crate::audit::{Stream, UnitOfWork};
use crate::graphql::ids::encode;
use crate::platform::Platform;
use crate::platform::actor::Actor;
use crate::platform::failure::{Failure, Fault};

/// Enters a person who is not in the register yet.
pub async fn enter_person(
    platform: &Platform,
    actor: &Actor,
    new: NewPerson,
) -> Result<PersonId, Failure<Refusal>> {
    let scope = Scope::of(actor, Permission::ImportRoster);
    let mut uow = UnitOfWork::begin(platform, actor).await?;
    let entered = only(upsert_from_roster(&mut uow, &scope, vec![new]).await?)??;
    if entered.change != Change::Created {
        return Err(Refusal::IdNumberTaken.into());
    }
    uow.commit().await?;
    Ok(entered.id)
}

/// Records a result of an exam; the same one again changes nothing.
pub async fn record_exam_result(
    platform: &Platform,
    actor: &Actor,
    person: PersonId,
    exam: NewExam,
) -> Result<PersonId, Failure<Refusal>> {
    let scope = Scope::of(actor, Permission::RecordExams);
    let new = NewRecord { exams: vec![exam], ..NewRecord::default() };
    record_one(platform, actor, &scope, "manual", person, new).await
}

/// Records minutes of training in a year, on top of what is recorded.
pub async fn record_training(
    platform: &Platform,
    actor: &Actor,
    person: PersonId,
    year: i32,
    minutes: i64,
) -> Result<PersonId, Failure<Refusal>> {
    if minutes == 0 {
        return Err(Refusal::TrainingMinutesInvalid.into());
    }
    let scope = Scope::of(actor, Permission::RecordTraining);
    // Each entry is a source of its own, so that it adds to the year instead of replacing.
    let source = format!("manual:{}", platform.new_id::<uuid::Uuid>().simple());
    let training = Some((year, minutes));
    let new = NewRecord { training, ..NewRecord::default() };
    record_one(platform, actor, &scope, &source, person, new).await
}

async fn record_one(
    platform: &Platform,
    actor: &Actor,
    scope: &Scope,
    source: &str,
    person: PersonId,
    new: NewRecord,
) -> Result<PersonId, Failure<Refusal>> {
    let mut uow = UnitOfWork::begin(platform, actor).await?;
    only(record::record_all(&mut uow, scope, source, vec![(person, new)]).await?)??;
    uow.commit().await?;
    Ok(person)
}

/// The one answer to one row.
fn only<T>(answers: Vec<T>) -> Result<T, Fault> {
    answers.into_iter().next().ok_or_else(|| Fault::other("a row was not answered"))
}

/// The word in the audit log for reading what is kept sealed of a person.
pub const REVEAL: &str = "person.reveal";
/// What such a reading gives, as the audit log names it.
pub const PERSONAL_FIELDS: [&str; 3] = ["idNumber", "bornOn", "phone"];

/// What is kept sealed of a person.
#[derive(Clone, PartialEq, Eq)]
pub struct PersonalData {
    /// ID number of 18 characters.
    pub id_number: String,
    /// Date of birth, as the ID number tells it.
    pub born_on: chrono::NaiveDate,
    /// Mobile number.
    pub phone: Option<String>,
}

/// Opens the sealed data of one person. That it was read is written to the audit log first.
pub async fn reveal_personal_data(
    platform: &Platform,
    actor: &Actor,
    person: PersonId,
) -> Result<PersonalData, Failure<Refusal>> {
    let scope = Scope::of(actor, Permission::ReadPersonalData);
    let mut uow = UnitOfWork::begin(platform, actor).await?;
    let row =
        lookup::person_model(uow.tx(), &scope, person).await?.ok_or(Refusal::PersonNotFound)?;
    let number = secrets::open(platform, secrets::ID_NUMBER, person, &row.id_number_sealed)?;
    let id = rules::id_number(&number, uow.today())
        .map_err(|_| Fault::stored("an ID number that is none"))?;
    let phone = row
        .phone_sealed
        .map(|sealed| secrets::open(platform, secrets::PHONE, person, &sealed))
        .transpose()?;
    let body = json!({ "fields": PERSONAL_FIELDS });
    uow.record(Stream::Agency(row.agency_id), REVEAL, encode(person), body);
    uow.commit().await?;
    Ok(PersonalData { id_number: id.number, born_on: id.born_on, phone })
}

//! Bringing the register up to date from a roster: hundreds of people in a handful of statements.
//! The key is the ID number; the same row again changes nothing.

use std::collections::{HashMap, HashSet};

use entities::enums::Gender;
use entities::ids::{AgencyId, PersonId};
use entities::person;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait};
use serde_json::json;

use super::error::OfficerRefusal as Refusal;
use super::record::{Recorded, Recording};
use super::{NewPerson, NewRecord, lookup, rules, secrets, store};
use crate::access::Scope;
use crate::audit::{Stream, UnitOfWork};
use crate::graphql::ids::encode;
use crate::platform::failure::Fault;

/// What became of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// A new person was entered.
    Created,
    /// A known person was brought up to date.
    Updated,
    /// Nothing differed.
    Unchanged,
}

/// A row that was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Upserted {
    /// The person.
    pub id: PersonId,
    /// What became of the row.
    pub change: Change,
}

/// A row in its stored form, but for what depends on the person's id.
struct Checked {
    row: NewPerson,
    gender: Gender,
    id_index: Vec<u8>,
    phone_index: Option<Vec<u8>>,
}

/// [`take_roster`] of people of whom nothing else is said.
pub async fn upsert_from_roster(
    uow: &mut UnitOfWork,
    scope: &Scope,
    rows: Vec<NewPerson>,
) -> Result<Vec<Result<Upserted, Refusal>>, Fault> {
    let rows = rows.into_iter().map(|row| (row, NewRecord::default())).collect();
    take_roster(uow, scope, "", rows).await
}

/// Enters people or brings them up to date, with what is recorded of them, each row for itself: a
/// refused row changes nothing at all. The answers stand in the order of the rows; `source` names
/// the act that says what is recorded. What a confirmed sitting says of an exam, and its corrections,
/// stand against an old roster. Employment, qualification and certificate are never touched.
/// A person of another agency is refused without saying where. At most some hundred rows at once.
pub async fn take_roster(
    uow: &mut UnitOfWork,
    scope: &Scope,
    source: &str,
    rows: Vec<(NewPerson, NewRecord)>,
) -> Result<Vec<Result<Upserted, Refusal>>, Fault> {
    let Plan { rows, known, recording } = Plan::make(uow, scope, source, rows).await?;
    let mut created = Vec::new();
    let mut answers = Vec::with_capacity(rows.len());
    for row in rows {
        answers.push(match row {
            Err(refusal) => Err(refusal),
            Ok(Planned { id, checked, recorded }) => {
                let agency = checked.row.agency;
                let change = match known.get(&checked.id_index) {
                    Some(old) => update(uow, old, checked).await?,
                    None => {
                        created.push(person::ActiveModel::from(enter(uow, id, checked)));
                        Change::Created
                    }
                };
                recorded.tell(uow, source, id, agency);
                Ok(Upserted { id, change })
            }
        });
    }
    for chunk in created.chunks(store::ROWS_AT_ONCE) {
        person::Entity::insert_many(chunk.to_vec()).exec_without_returning(uow.tx()).await?;
    }
    recording.write(uow).await?;
    Ok(answers)
}

/// Whether [`take_roster`] would take these rows now; nothing is written.
pub async fn check_roster(
    uow: &UnitOfWork,
    scope: &Scope,
    source: &str,
    rows: Vec<(NewPerson, NewRecord)>,
) -> Result<Vec<Result<(), Refusal>>, Fault> {
    let plan = Plan::make(uow, scope, source, rows).await?;
    Ok(plan.rows.into_iter().map(|row| row.map(|_| ())).collect())
}

/// What is to be done with some rows.
struct Plan<'a> {
    rows: Vec<Result<Planned, Refusal>>,
    known: HashMap<Vec<u8>, person::Model>,
    recording: Recording<'a>,
}

/// A row that can be taken whole.
struct Planned {
    id: PersonId,
    checked: Checked,
    recorded: Recorded,
}

impl<'a> Plan<'a> {
    async fn make(
        uow: &UnitOfWork,
        scope: &Scope,
        source: &'a str,
        rows: Vec<(NewPerson, NewRecord)>,
    ) -> Result<Self, Fault> {
        let around = Around::load(uow, scope, rows.iter().map(|(row, _)| row)).await?;
        let mut seen = HashSet::new();
        let checked: Vec<Result<(Checked, NewRecord), Refusal>> = rows
            .into_iter()
            .map(|(row, record)| {
                let checked = around.check(uow, row)?;
                // Of two rows with one ID number, the second is refused.
                if seen.insert(checked.id_index.clone()) {
                    Ok((checked, record))
                } else {
                    Err(Refusal::IdNumberTaken)
                }
            })
            .collect();
        let people = || checked.iter().flatten().map(|(checked, _)| checked);
        let indices = people().map(|c| c.id_index.clone()).collect();
        let known: HashMap<Vec<u8>, person::Model> = lookup::by_indices(uow.tx(), indices)
            .await?
            .into_iter()
            .map(|p| (p.id_number_index.clone(), p))
            .collect();
        let moved: Vec<PersonId> = people()
            .filter_map(|c| known.get(&c.id_index).filter(|p| p.kind != c.row.kind).map(|p| p.id))
            .collect();
        let bound = lookup::bound_to_kind(uow.tx(), &moved).await?;
        let recorded_of: Vec<PersonId> = known.values().map(|p| p.id).collect();
        let sat = lookup::sat(uow.tx(), &recorded_of).await?;
        let mut recording = Recording::begin(uow, source, &recorded_of).await?;
        let mut planned = Vec::with_capacity(checked.len());
        for row in checked {
            planned.push(row.and_then(|(checked, mut record)| {
                let old = known.get(&checked.id_index);
                if let Some(old) = old {
                    may_update(old, &checked.row, &bound)?;
                }
                let id = old.map_or_else(|| uow.new_id(), |old| old.id);
                record.exams.retain(|exam| !sat.contains(&(id, exam.subject, exam.taken_on)));
                Ok(Planned { id, checked, recorded: recording.add(uow, id, record)? })
            }));
        }
        Ok(Self { rows: planned, known, recording })
    }
}

/// Whether a known person may be brought up to date by this row.
fn may_update(
    old: &person::Model,
    new: &NewPerson,
    bound: &HashSet<PersonId>,
) -> Result<(), Refusal> {
    if old.agency_id != new.agency {
        return Err(Refusal::TransferRequired);
    }
    if bound.contains(&old.id) {
        return Err(Refusal::KindInUse);
    }
    if !rules::agrees(old.duty, old.employment, new.duty) {
        return Err(Refusal::EmploymentActRequired);
    }
    Ok(())
}

/// What the rows of a chunk are checked against.
struct Around {
    agencies: HashSet<AgencyId>,
    areas: HashSet<String>,
    fields: HashSet<String>,
}

impl Around {
    async fn load<'a>(
        uow: &UnitOfWork,
        scope: &Scope,
        rows: impl Iterator<Item = &'a NewPerson> + Clone,
    ) -> Result<Self, Fault> {
        let agencies: HashSet<AgencyId> = rows.clone().map(|r| r.agency).collect();
        let areas: HashSet<&str> = rows.map(|r| r.area_code.as_str()).collect();
        Ok(Self {
            agencies: lookup::agencies_within(uow, scope, agencies).await?,
            areas: lookup::divisions_among(uow.tx(), areas).await?,
            fields: crate::organisations::fields_by_code(uow.tx()).await?.into_keys().collect(),
        })
    }

    /// Brings a row into its form, or says what is wrong with it.
    fn check(&self, uow: &UnitOfWork, row: NewPerson) -> Result<Checked, Refusal> {
        let id = rules::id_number(&row.id_number, uow.today())?;
        let phone = row.phone.as_deref().map(rules::phone).transpose()?;
        if !self.agencies.contains(&row.agency) {
            return Err(Refusal::AgencyNotFound);
        }
        if !self.areas.contains(&row.area_code) {
            return Err(Refusal::AreaNotFound);
        }
        let mut seen = HashSet::new();
        for code in &row.field_codes {
            if !self.fields.contains(code) || !seen.insert(code.as_str()) {
                return Err(Refusal::field_not_found(code));
            }
        }
        let platform = uow.platform();
        Ok(Checked {
            gender: id.gender,
            id_index: secrets::index(platform, secrets::ID_NUMBER, &id.number),
            phone_index: phone.as_deref().map(|p| secrets::index(platform, secrets::PHONE, p)),
            row: NewPerson {
                name: rules::name(&row.name)?,
                id_number: id.number,
                phone,
                internal_unit: rules::text("internalUnit", row.internal_unit.as_deref())?,
                position: rules::text("position", row.position.as_deref())?,
                photo_file: rules::text("photoFile", row.photo_file.as_deref())?,
                ..row
            },
        })
    }
}

fn enter(uow: &mut UnitOfWork, id: PersonId, checked: Checked) -> person::Model {
    let Checked { row, gender, id_index, phone_index } = checked;
    let platform = uow.platform();
    let id_number_sealed = secrets::seal(platform, secrets::ID_NUMBER, id, &row.id_number);
    let phone_sealed = row.phone.as_deref().map(|p| secrets::seal(platform, secrets::PHONE, id, p));
    let body = json!({ "kind": row.kind.code() });
    uow.record(Stream::Agency(row.agency), "person.enter", encode(id), body);
    person::Model {
        id,
        kind: row.kind,
        name: row.name,
        gender: Some(gender),
        id_number_sealed,
        id_number_index: id_index,
        phone_sealed,
        phone_index,
        agency_id: row.agency,
        internal_unit: row.internal_unit,
        establishment: row.establishment,
        duty: row.duty,
        employment: rules::first_employment(row.duty),
        position: row.position,
        field_codes: json!(row.field_codes),
        area_code: row.area_code,
        photo_file: row.photo_file,
        photo_sha256: None,
        created_at: uow.now(),
        updated_at: uow.now(),
    }
}

/// Writes what differs. What a roster leaves out (phone, photo's name) stays as it is.
async fn update(
    uow: &mut UnitOfWork,
    old: &person::Model,
    checked: Checked,
) -> Result<Change, Fault> {
    let Checked { row, gender, phone_index, .. } = checked;
    let mut new = person::ActiveModel { id: Set(old.id), ..Default::default() };
    let mut changed: Vec<&'static str> = Vec::new();
    macro_rules! take {
        ($($column:ident: $value:expr => $word:literal),* $(,)?) => {$(
            let value = $value;
            if old.$column != value {
                new.$column = Set(value);
                changed.push($word);
            }
        )*};
    }
    take! {
        name: row.name => "name",
        kind: row.kind => "kind",
        gender: Some(gender) => "gender",
        internal_unit: row.internal_unit => "internalUnit",
        establishment: row.establishment => "establishment",
        duty: row.duty => "duty",
        position: row.position => "position",
        field_codes: json!(row.field_codes) => "fields",
        area_code: row.area_code => "area",
        photo_file: row.photo_file.or_else(|| old.photo_file.clone()) => "photoFile",
    }
    if let Some(phone) = row.phone
        && phone_index != old.phone_index
    {
        new.phone_sealed = Set(Some(secrets::seal(uow.platform(), secrets::PHONE, old.id, &phone)));
        new.phone_index = Set(phone_index);
        changed.push("phone");
    }
    if changed.is_empty() {
        return Ok(Change::Unchanged);
    }
    new.updated_at = Set(uow.now());
    new.update(uow.tx()).await?;
    let body = json!({ "changed": changed });
    uow.record(Stream::Agency(old.agency_id), "person.change", encode(old.id), body);
    Ok(Change::Updated)
}

//! Takes what the rows of a roster say that people bring along. The same row again changes nothing;
//! a corrected one replaces a claim that waits; what was decided is never changed by a roster.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entities::enums::{ExistingKind, ExistingState, PersonKind};
use entities::ids::{ExistingCertificateId, PersonId};
use entities::{existing_certificate, person};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter};
use serde_json::json;

use super::super::{facts, lookup, secrets};
use super::examine::found;
use super::{
    Asked, Brought, Claim, ClaimRefusal, Entered, MinistryCertificate, Said, Source, examine, store,
};
use crate::access::Scope;
use crate::audit::{Stream, UnitOfWork};
use crate::graphql::ids::encode;
use crate::officers::agencies::Agencies;
use crate::platform::failure::Fault;

/// Rows of one `INSERT`: each has twenty-five values.
const ROWS_AT_ONCE: usize = 200;

/// What is to be done with a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Plan {
    /// It is entered, in the place of one where that is named.
    Enter(Option<ExistingCertificateId>),
    /// It waits already.
    Waits,
    OnRecord,
    RefusedBefore,
    Taken,
}

/// What is known of the people and numbers of some rows.
struct Known {
    before: HashMap<PersonId, Vec<existing_certificate::Model>>,
    holders: HashMap<String, PersonId>,
    claimants: HashMap<String, PersonId>,
}

impl Known {
    async fn load(
        db: &impl ConnectionTrait,
        people: &[PersonId],
        brought: impl Iterator<Item = &Brought>,
    ) -> Result<Self, Fault> {
        let numbers: Vec<String> =
            brought.filter_map(|b| Some(b.certificate.as_ref()?.number.clone())).collect();
        let mut before: HashMap<PersonId, Vec<existing_certificate::Model>> = HashMap::new();
        for row in store::brought_before(db, people).await? {
            before.entry(row.person_id).or_default().push(row);
        }
        Ok(Self {
            before,
            holders: store::numbers_certified(db, &numbers).await?.into_iter().collect(),
            claimants: store::numbers_claimed(db, &numbers).await?.into_iter().collect(),
        })
    }

    fn before(&self, person: Option<PersonId>) -> &[existing_certificate::Model] {
        person.and_then(|id| self.before.get(&id)).map_or(&[], Vec::as_slice)
    }

    fn plan(&self, person: Option<PersonId>, kind: ExistingKind, claim: &Claim) -> Plan {
        let own = |holder: &PersonId| person.as_ref() == Some(holder);
        if let Some(holder) = self.holders.get(&claim.number) {
            return if own(holder) { Plan::OnRecord } else { Plan::Taken };
        }
        if self.claimants.get(&claim.number).is_some_and(|claimant| !own(claimant)) {
            return Plan::Taken;
        }
        let before = || self.before(person).iter().filter(|row| row.kind != ExistingKind::Ministry);
        let same = |row: &existing_certificate::Model| says(row, kind, claim);
        if let Some(waits) = before().find(|row| row.state == ExistingState::Claimed) {
            return if same(waits) { Plan::Waits } else { Plan::Enter(Some(waits.id)) };
        }
        let refused = |row: &existing_certificate::Model| row.state == ExistingState::Refused;
        if before().any(|row| refused(row) && same(row)) {
            return Plan::RefusedBefore;
        }
        Plan::Enter(None)
    }
}

/// Whether a row on record says just what a claim says.
fn says(row: &existing_certificate::Model, kind: ExistingKind, claim: &Claim) -> bool {
    row.kind == kind
        && row.number.as_deref() == Some(claim.number.as_str())
        && row.issuer.as_deref() == Some(claim.issuer.as_str())
        && row.issuing_agency_id == claim.issuing_agency
        && row.issued_on == Some(claim.issued_on)
        && row.valid_until == claim.valid_until
        && row.claimed_state == Some(claim.state)
}

/// The kind of certificate that somebody of a kind holds.
pub const fn kind_of(holder: PersonKind) -> ExistingKind {
    match holder {
        PersonKind::SupervisionOfficer => ExistingKind::Supervision,
        _ => ExistingKind::Enforcement,
    }
}

/// Whether [`take_claims`] would take these rows now; nothing is written. No two have one number, and
/// at most some hundred come at once.
pub async fn check_claims(
    uow: &UnitOfWork,
    rows: &[Asked<'_>],
) -> Result<Vec<Result<Said, ClaimRefusal>>, Fault> {
    // Agencies before people, as a reform locks them: neither waits for the other.
    let agencies = rows.iter().map(|row| row.agency).collect();
    lookup::agencies_within(uow, &Scope::Everything, agencies).await?;
    let platform = uow.platform();
    let index = |row: &Asked<'_>| secrets::index(platform, secrets::ID_NUMBER, row.id_number);
    let indices: Vec<Vec<u8>> = rows.iter().map(index).collect();
    let people: HashMap<Vec<u8>, PersonId> = lookup::by_indices(uow.tx(), indices.clone())
        .await?
        .into_iter()
        .map(|person| (person.id_number_index, person.id))
        .collect();
    let ids: Vec<PersonId> = people.values().copied().collect();
    // Holders before their claims, as whoever decides on them does, and everybody of the rows at once
    // and in one order, also those who bring nothing and are only brought up to date: none waits for
    // the other.
    facts::lock(uow, &ids).await?;
    let known = Known::load(uow.tx(), &ids, rows.iter().map(|row| row.brought)).await?;
    let agencies = Agencies::load(uow.tx(), rows.iter().map(|row| row.agency), uow.today()).await?;
    let mut answers = Vec::with_capacity(rows.len());
    for (row, index) in rows.iter().zip(indices) {
        let Some(claim) = &row.brought.certificate else {
            answers.push(Ok(Said::Nothing));
            continue;
        };
        let policy = agencies.policy(row.agency)?;
        let plan = known.plan(people.get(&index).copied(), kind_of(row.kind), claim);
        answers.push(if plan == Plan::Taken {
            Err(ClaimRefusal::NumberTaken)
        } else if plan == Plan::OnRecord {
            Ok(Said::OnRecord)
        } else if !policy.body.existing_numbers.takes(&claim.number) {
            Err(ClaimRefusal::NumberForm)
        } else if plan == Plan::RefusedBefore {
            Ok(Said::RefusedBefore)
        } else {
            Ok(Said::Nothing)
        });
    }
    Ok(answers)
}

/// Enters what people bring along, who are in the register by now. What [`check_claims`] refuses
/// must have been left out.
pub async fn take_claims(
    uow: &mut UnitOfWork,
    source: Source,
    rows: Vec<Entered>,
) -> Result<(), Fault> {
    let rows: Vec<Entered> = rows.into_iter().filter(|row| !row.brought.is_nothing()).collect();
    if rows.is_empty() {
        return Ok(());
    }
    let people: Vec<PersonId> = rows.iter().map(|row| row.person).collect();
    let known = Known::load(uow.tx(), &people, rows.iter().map(|row| &row.brought)).await?;
    let holders: HashMap<PersonId, person::Model> = person::Entity::find()
        .filter(person::Column::Id.is_in(people))
        .all(uow.tx())
        .await?
        .into_iter()
        .map(|person| (person.id, person))
        .collect();
    let (mut new, mut replaced) = (Vec::new(), Vec::new());
    for Entered { person, row_no, brought } in rows {
        let holder = holders.get(&person);
        let holder = holder.ok_or_else(|| Fault::other("a claim of nobody in the register"))?;
        let blank = blank(uow, source, person, row_no);
        if let Some(claim) = brought.certificate {
            let kind = kind_of(holder.kind);
            match known.plan(Some(person), kind, &claim) {
                Plan::Enter(before) => {
                    let row = existing_certificate::Model {
                        kind,
                        number: Some(claim.number),
                        issuer: Some(claim.issuer),
                        issuing_agency_id: claim.issuing_agency,
                        issued_on: Some(claim.issued_on),
                        valid_until: claim.valid_until,
                        claimed_state: Some(claim.state),
                        state: ExistingState::Claimed,
                        ..blank.clone()
                    };
                    replaced.extend(before.map(|before| (before, row.id)));
                    record(uow, holder, &row, "existing.claim");
                    new.push(row);
                }
                Plan::Taken => return Err(Fault::other("a number was taken meanwhile")),
                Plan::Waits | Plan::OnRecord | Plan::RefusedBefore => {}
            }
        }
        if let Some(ministry) = brought.ministry {
            let filed = |row: &&existing_certificate::Model| row.state == ExistingState::Filed;
            let before = known.before(Some(person)).iter().find(filed);
            if before.is_some_and(|row| files(row, &ministry)) {
                continue;
            }
            let row = existing_certificate::Model {
                id: uow.new_id(),
                ministry_kind: Some(ministry.kind),
                number: ministry.number,
                examined_at: None,
                ..blank
            };
            replaced.extend(before.map(|before| (before.id, row.id)));
            record(uow, holder, &row, "existing.file");
            new.push(row);
        }
    }
    write(uow, new, &replaced).await
}

fn files(row: &existing_certificate::Model, ministry: &MinistryCertificate) -> bool {
    row.ministry_kind.as_deref() == Some(ministry.kind.as_str()) && row.number == ministry.number
}

fn record(
    uow: &mut UnitOfWork,
    holder: &person::Model,
    row: &existing_certificate::Model,
    action: &'static str,
) {
    uow.record(
        Stream::Agency(holder.agency_id),
        action,
        encode(row.id),
        json!({ "person": encode(holder.id), "import": encode(row.batch_id) }),
    );
}

/// A filed record about which nothing is said yet.
fn blank(
    uow: &UnitOfWork,
    source: Source,
    person: PersonId,
    row_no: i32,
) -> existing_certificate::Model {
    existing_certificate::Model {
        id: uow.new_id(),
        person_id: person,
        kind: ExistingKind::Ministry,
        ministry_kind: None,
        number: None,
        issuer: None,
        issuing_agency_id: None,
        issued_on: None,
        valid_until: None,
        claimed_state: None,
        batch_id: source.batch,
        row_no,
        imported_by: source.imported_by,
        state: ExistingState::Filed,
        exceptions: json!([]),
        rank: 1,
        examined_at: Some(uow.now()),
        replaced_by: None,
        decided_by: None,
        decided_at: None,
        reason: None,
        policy_id: None,
        certificate_id: None,
        created_at: uow.now(),
        updated_at: uow.now(),
    }
}

async fn write(
    uow: &UnitOfWork,
    mut new: Vec<existing_certificate::Model>,
    replaced: &[(ExistingCertificateId, ExistingCertificateId)],
) -> Result<(), Fault> {
    use existing_certificate::Column::{DecidedAt, Id, ReplacedBy, State, UpdatedAt};
    if new.is_empty() {
        return Ok(());
    }
    if !replaced.is_empty() {
        // First the place is made free: a person has one claim that waits.
        existing_certificate::Entity::update_many()
            .col_expr(State, Expr::value(ExistingState::Withdrawn))
            .col_expr(DecidedAt, Expr::value(Some::<DateTime<Utc>>(uow.now())))
            .col_expr(UpdatedAt, Expr::value(uow.now()))
            .filter(Id.is_in(replaced.iter().map(|(before, _)| *before)))
            .exec(uow.tx())
            .await?;
    }
    let looked_at = examine(uow.tx(), &new, uow.today()).await?;
    for row in &mut new {
        let exceptions = looked_at.get(&row.id).map_or(&[][..], Vec::as_slice);
        (row.exceptions, row.rank) = found(exceptions);
    }
    for chunk in new.chunks(ROWS_AT_ONCE) {
        let rows = chunk.iter().cloned().map(IntoActiveModel::into_active_model);
        existing_certificate::Entity::insert_many(rows).exec_without_returning(uow.tx()).await?;
    }
    for (before, now) in replaced {
        existing_certificate::Entity::update_many()
            .col_expr(ReplacedBy, Expr::value(*now))
            .filter(Id.eq(*before))
            .exec(uow.tx())
            .await?;
    }
    Ok(())
}

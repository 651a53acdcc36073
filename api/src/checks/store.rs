//! Rows of check records. Reading takes who reads and a scope: one's own records, and those of
//! certificates within the scope; one without a certificate goes with the agency of its recorder.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use entities::enums::CheckOutcome;
use entities::ids::{AgencyId, CheckRecordId, DeviceId, PersonId};
use entities::{certificate, check_record, person, public_card};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Func, Query};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter,
    QueryOrder, QuerySelect, RelationTrait, Select,
};
use uuid::Uuid;

use super::rules::{ChainReason, Link, Reason, chain_reasons};
use crate::access::Scope;
use crate::graphql::page::Page;
use crate::platform::failure::Fault;

/// Ranges of sequences that are told to be missing at most; the first ones.
const MOST_RANGES: u64 = 100;

/// What is made of a record, with those of which there are two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// What was judged.
    Judged(CheckOutcome),
    /// Another record of the same phone and id has another hash.
    Conflict,
}

/// Which records a list shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CheckFilter {
    /// Those that the reader recorded.
    pub own: bool,
    /// What was made of them.
    pub outcome: Option<Outcome>,
    /// By which phone.
    pub device: Option<DeviceId>,
    /// Received at this time or later.
    pub since: Option<DateTime<Utc>>,
}

/// A record as it is shown.
#[derive(Clone, Debug, PartialEq, FromQueryResult)]
pub struct Listed {
    /// The record.
    #[sea_orm(nested)]
    pub row: check_record::Model,
    /// Who recorded it.
    pub recorder_name: String,
    /// Number of the certificate.
    pub number: Option<String>,
    /// Its holder's name.
    pub holder_name: Option<String>,
    /// Name of the unit on it.
    pub unit_name: Option<String>,
    /// What does not fit of its chain, among what is here now.
    #[sea_orm(skip)]
    pub chain: Vec<ChainReason>,
}

impl Listed {
    /// Why it was judged so, in the order of [`Reason::ALL`].
    pub fn reasons(&self) -> Vec<Reason> {
        let words = self.row.reasons.as_array().into_iter().flatten();
        let words: Vec<&str> = words.filter_map(|word| word.as_str()).collect();
        Reason::ALL.iter().copied().filter(|reason| words.contains(&reason.code())).collect()
    }

    /// What is made of it.
    pub fn outcome(&self) -> Outcome {
        if self.row.conflicted { Outcome::Conflict } else { Outcome::Judged(self.row.outcome) }
    }
}

/// Who reads, and within what.
pub(super) struct Reader<'a> {
    pub person: Option<PersonId>,
    pub scope: &'a Scope,
}

impl Reader<'_> {
    fn condition(&self) -> Condition {
        let agency = Func::coalesce([
            Expr::col((certificate::Entity, certificate::Column::AgencyId)),
            Expr::col((person::Entity, person::Column::AgencyId)),
        ]);
        let within = Condition::any().add(self.scope.condition_on(agency.into()));
        match self.person {
            Some(person) => within.add(check_record::Column::RecorderId.eq(person)),
            None => within,
        }
    }
}

fn listed(reader: &Reader<'_>) -> Select<check_record::Entity> {
    let card = check_record::Entity::belongs_to(public_card::Entity)
        .from(check_record::Column::CertificateId)
        .to(public_card::Column::CertificateId);
    check_record::Entity::find()
        .column_as(person::Column::Name, "recorder_name")
        .column_as(public_card::Column::Number, "number")
        .column_as(public_card::Column::Name, "holder_name")
        .column_as(public_card::Column::AgencyName, "unit_name")
        .join(JoinType::InnerJoin, check_record::Relation::Recorder.def())
        .join(JoinType::LeftJoin, check_record::Relation::Certificate.def())
        .join(JoinType::LeftJoin, card.into())
        .filter(reader.condition())
}

/// A page of records, the last received first.
pub async fn records(
    db: &impl ConnectionTrait,
    (person, scope): (Option<PersonId>, &Scope),
    filter: &CheckFilter,
    page: &Page,
) -> Result<Vec<Listed>, Fault> {
    use check_record::Column::{
        Conflicted, DeviceId, Id, Outcome as Judged, ReceivedAt, RecorderId,
    };
    let mut select = listed(&Reader { person, scope });
    if filter.own {
        select = match person {
            Some(person) => select.filter(RecorderId.eq(person)),
            None => return Ok(Vec::new()),
        };
    }
    if let Some(outcome) = filter.outcome {
        select = match outcome {
            Outcome::Conflict => select.filter(Conflicted.eq(true)),
            Outcome::Judged(outcome) => {
                select.filter(Conflicted.eq(false)).filter(Judged.eq(outcome))
            }
        };
    }
    if let Some(device) = filter.device {
        select = select.filter(DeviceId.eq(device));
    }
    if let Some(since) = filter.since {
        select = select.filter(ReceivedAt.gte(since));
    }
    if page.after.is_some() {
        let after = page.after_id::<CheckRecordId>().unwrap_or(CheckRecordId(Uuid::nil()));
        select = select.filter(Id.lt(after));
    }
    let found = select.order_by_desc(Id).limit(page.limit()).into_model::<Listed>().all(db).await?;
    with_chains(db, found).await
}

/// A record that this person may see.
pub async fn record(
    db: &impl ConnectionTrait,
    (person, scope): (Option<PersonId>, &Scope),
    id: CheckRecordId,
) -> Result<Option<Listed>, Fault> {
    let select = listed(&Reader { person, scope }).filter(check_record::Column::Id.eq(id));
    let found = select.into_model::<Listed>().all(db).await?;
    Ok(with_chains(db, found).await?.pop())
}

/// Records of their own recorder by their ids.
pub(super) async fn own_records(
    db: &impl ConnectionTrait,
    person: PersonId,
    ids: &[CheckRecordId],
) -> Result<HashMap<CheckRecordId, Listed>, Fault> {
    let nothing = Scope::Under(Vec::new());
    let select = listed(&Reader { person: Some(person), scope: &nothing })
        .filter(check_record::Column::Id.is_in(ids.iter().copied()));
    let found = select.into_model::<Listed>().all(db).await?;
    Ok(with_chains(db, found).await?.into_iter().map(|row| (row.row.id, row)).collect())
}

#[derive(FromQueryResult)]
struct ChainRow {
    device_id: DeviceId,
    sequence: i32,
    hash: Vec<u8>,
    previous: Option<Vec<u8>>,
}

/// Says of each record how it fits those beside it. One statement.
async fn with_chains(
    db: &impl ConnectionTrait,
    mut records: Vec<Listed>,
) -> Result<Vec<Listed>, Fault> {
    use check_record::Column::{DeviceId as Device, Hash, Previous, Sequence};
    let mut wanted: HashMap<DeviceId, BTreeSet<i32>> = HashMap::new();
    for record in &records {
        let row = &record.row;
        wanted.entry(row.device_id).or_default().extend([row.sequence - 1, row.sequence]);
    }
    if wanted.is_empty() {
        return Ok(records);
    }
    let beside = wanted.into_iter().fold(Condition::any(), |any, (device, sequences)| {
        any.add(Condition::all().add(Device.eq(device)).add(Sequence.is_in(sequences)))
    });
    let rows = check_record::Entity::find()
        .select_only()
        .columns([Device, Sequence, Hash, Previous])
        .filter(beside)
        .into_model::<ChainRow>()
        .all(db)
        .await?;
    let mut links: HashMap<DeviceId, Vec<Link>> = HashMap::new();
    for row in rows {
        let link = Link { sequence: row.sequence, hash: row.hash, previous: row.previous };
        links.entry(row.device_id).or_default().push(link);
    }
    for record in &mut records {
        let row = &record.row;
        let link =
            Link { sequence: row.sequence, hash: row.hash.clone(), previous: row.previous.clone() };
        let others = links.get(&row.device_id).map_or(&[][..], Vec::as_slice);
        record.chain = chain_reasons(&link, others);
    }
    Ok(records)
}

/// A row as far as it tells whether a record is new.
#[derive(Clone, Debug, FromQueryResult)]
pub(super) struct KnownRow {
    pub id: CheckRecordId,
    pub record_id: Uuid,
    pub hash: Vec<u8>,
}

/// The rows of a phone under these ids of records, in the order of receipt.
pub(super) async fn known(
    db: &impl ConnectionTrait,
    device: DeviceId,
    ids: &[Uuid],
) -> Result<Vec<KnownRow>, Fault> {
    use check_record::Column::{DeviceId as Device, Hash, Id, RecordId};
    Ok(check_record::Entity::find()
        .select_only()
        .columns([Id, RecordId, Hash])
        .filter(Device.eq(device))
        .filter(RecordId.is_in(ids.iter().copied()))
        .order_by_asc(Id)
        .into_model::<KnownRow>()
        .all(db)
        .await?)
}

/// Sequences from one to another, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    /// The first.
    pub from: i32,
    /// The last.
    pub until: i32,
}

#[derive(FromQueryResult)]
struct Gap {
    sequence: i32,
    before: Option<i32>,
}

/// The sequences of a phone below its highest that are not here, in rising order; the first hundred
/// ranges.
pub(super) async fn missing(
    db: &impl ConnectionTrait,
    device: DeviceId,
) -> Result<Vec<Range>, Fault> {
    use check_record::Column::{DeviceId as Device, Sequence};
    let other = Alias::new("other");
    let of_phone = || {
        Query::select()
            .from_as(check_record::Entity, other.clone())
            .and_where(Expr::col((other.clone(), Device)).eq(device))
            .take()
    };
    let here = Expr::col((check_record::Entity, Sequence));
    let before = of_phone()
        .and_where(Expr::col((other.clone(), Sequence)).eq(here.clone().sub(1)))
        .expr(Expr::val(1))
        .take();
    let nearest = of_phone()
        .and_where(Expr::col((other.clone(), Sequence)).lt(here))
        .expr(Expr::col((other.clone(), Sequence)).max())
        .take();
    let gaps = check_record::Entity::find()
        .select_only()
        .column(Sequence)
        .expr_as(nearest, "before")
        .distinct()
        .filter(Device.eq(device))
        .filter(Sequence.gt(1))
        .filter(Expr::not(Expr::exists(before)))
        .order_by_asc(Sequence)
        .limit(MOST_RANGES)
        .into_model::<Gap>()
        .all(db)
        .await?;
    let range = |gap: Gap| Range { from: gap.before.unwrap_or(0) + 1, until: gap.sequence - 1 };
    Ok(gaps.into_iter().map(range).collect())
}

/// The agency of a person, and the division it belongs to.
pub(super) async fn place_of(
    db: &impl ConnectionTrait,
    person: PersonId,
) -> Result<(AgencyId, String), Fault> {
    let found: Option<(AgencyId, String)> = person::Entity::find_by_id(person)
        .select_only()
        .column(person::Column::AgencyId)
        .column(entities::agency::Column::DivisionCode)
        .join(JoinType::InnerJoin, person::Relation::Agency.def())
        .into_tuple()
        .one(db)
        .await?;
    found.ok_or_else(|| Fault::stored("a person without an agency"))
}

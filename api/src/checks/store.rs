//! Rows of check records. Reading takes who reads and a scope: one's own records, and those of
//! certificates within the scope; one without a certificate goes with the agency of its recorder.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entities::enums::CheckOutcome;
use entities::ids::{AgencyId, CheckRecordId, DeviceId, PersonId};
use entities::{certificate, check_record, person, public_card};
use mobile_contract::record::RecordHash;
use sea_orm::sea_query::{Expr, ExprTrait, Func, Query, SelectStatement};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter,
    QueryOrder, QuerySelect, RelationTrait, Select,
};
use uuid::Uuid;

use super::rules::{Beside, ChainReason, Reason, chain_reasons};
use crate::access::Scope;
use crate::graphql::page::Page;
use crate::platform::failure::Fault;

/// Ranges of sequences that are told to be missing at most; the first ones.
const MOST_RANGES: u64 = 100;
/// What the records beside one are called in a statement.
const OTHER: &str = "other";

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
    /// The agency it goes with: that which keeps the certificate, or that of the recorder.
    pub agency_id: AgencyId,
    /// What does not fit, among what is here now.
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

/// The agency a record goes with.
fn agency() -> Expr {
    Func::coalesce([
        Expr::col((certificate::Entity, certificate::Column::AgencyId)),
        Expr::col((person::Entity, person::Column::AgencyId)),
    ])
    .into()
}

impl Reader<'_> {
    fn condition(&self) -> Condition {
        let within = Condition::any().add(self.scope.condition_on(agency()));
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
        .expr_as(agency(), "agency_id")
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

/// Says of each record how it stands beside others. One statement, in which each answer is a look
/// into an index, however many records a phone sends under one sequence or of one showing.
async fn with_chains(
    db: &impl ConnectionTrait,
    mut records: Vec<Listed>,
) -> Result<Vec<Listed>, Fault> {
    use check_record::Column::{
        DeviceId as Device, Hash, Id, Presentation, Previous, RecordId, Sequence,
    };
    if records.is_empty() {
        return Ok(records);
    }
    let ids = records.iter().map(|record| record.row.id);
    let before = || others(&[Device]).and_where(other(Sequence).eq(this(Sequence).sub(1))).take();
    let named = before().and_where(other(Hash).eq(this(Previous))).take();
    let rows: Vec<(CheckRecordId, bool, bool, bool, bool, bool)> = check_record::Entity::find()
        .select_only()
        .column(Id)
        .expr_as(Expr::exists(before()), "before")
        .expr_as(Expr::exists(named), "named")
        .expr_as(with_another(&[Device, Sequence], Hash), "same_sequence")
        .expr_as(with_another(&[Presentation, Device], RecordId), "same_showing")
        .expr_as(with_another(&[Presentation], Device), "shown_elsewhere")
        .filter(Id.is_in(ids))
        .order_by_asc(Id)
        .into_tuple()
        .all(db)
        .await?;
    let mut beside: HashMap<CheckRecordId, Beside> = rows
        .into_iter()
        .map(|(id, before, named, same_sequence, same_showing, shown_elsewhere)| {
            (id, Beside { before, named, same_sequence, same_showing, shown_elsewhere })
        })
        .collect();
    for record in &mut records {
        let beside = beside.remove(&record.row.id).unwrap_or_default();
        record.chain = chain_reasons(record.row.previous.is_none(), &beside);
    }
    Ok(records)
}

/// A column of the record that is asked about.
fn this(column: check_record::Column) -> Expr {
    Expr::col((check_record::Entity, column))
}

/// A column of the records beside it.
fn other(column: check_record::Column) -> Expr {
    Expr::col((OTHER, column))
}

/// The records that have the same in some columns, itself among them.
fn others(same: &[check_record::Column]) -> SelectStatement {
    let mut select = Query::select().expr(Expr::val(1)).from_as(check_record::Entity, OTHER).take();
    for column in same {
        select.and_where(other(*column).eq(this(*column)));
    }
    select
}

/// Whether one that has the same in some columns has something else in another. Less and greater are
/// two looks into an index, where *not equal* would read all that are alike.
fn with_another(same: &[check_record::Column], column: check_record::Column) -> Expr {
    let less = others(same).and_where(other(column).lt(this(column))).take();
    let greater = others(same).and_where(other(column).gt(this(column))).take();
    Expr::exists(less).or(Expr::exists(greater))
}

/// A row as far as it tells whether a record is new.
#[derive(Clone, Debug, FromQueryResult)]
pub(super) struct KnownRow {
    pub id: CheckRecordId,
    pub record_id: Uuid,
    pub hash: Vec<u8>,
}

/// What is kept of a phone under some ids of records.
#[derive(Clone, Debug)]
pub(super) struct Known {
    /// The very same, and any that is the only one under its id, in the order of receipt.
    pub rows: Vec<KnownRow>,
    /// Ids under which there are two or more.
    pub contradicted: Vec<Uuid>,
}

/// What is kept of a phone under the ids of these records. It is no more than these are, however many
/// contradict each other under one id.
pub(super) async fn known(
    db: &impl ConnectionTrait,
    device: DeviceId,
    records: &[(Uuid, RecordHash)],
) -> Result<Known, Fault> {
    use check_record::Column::{Conflicted, DeviceId as Device, Hash, Id, RecordId};
    let under = |select: Select<check_record::Entity>| {
        let ids = records.iter().map(|(id, _)| *id);
        select.select_only().filter(Device.eq(device)).filter(RecordId.is_in(ids))
    };
    let same = Hash.is_in(records.iter().map(|(_, hash)| hash.to_vec()));
    let rows = under(check_record::Entity::find())
        .columns([Id, RecordId, Hash])
        .filter(Condition::any().add(same).add(Conflicted.eq(false)))
        .order_by_asc(Id)
        .into_model::<KnownRow>()
        .all(db)
        .await?;
    let contradicted = under(check_record::Entity::find())
        .column(RecordId)
        .distinct()
        .filter(Conflicted.eq(true))
        .order_by_asc(RecordId)
        .into_tuple()
        .all(db)
        .await?;
    Ok(Known { rows, contradicted })
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
    let of_phone = || {
        Query::select()
            .from_as(check_record::Entity, OTHER)
            .and_where(other(Device).eq(device))
            .take()
    };
    let before =
        of_phone().and_where(other(Sequence).eq(this(Sequence).sub(1))).expr(Expr::val(1)).take();
    let nearest =
        of_phone().and_where(other(Sequence).lt(this(Sequence))).expr(other(Sequence).max()).take();
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

/// The sequence and hash of the phone's last record that is here, by its sequence.
pub(super) async fn last(
    db: &impl ConnectionTrait,
    device: DeviceId,
) -> Result<Option<(i32, Vec<u8>)>, Fault> {
    use check_record::Column::{DeviceId as Device, Hash, Sequence};
    Ok(check_record::Entity::find()
        .select_only()
        .columns([Sequence, Hash])
        .filter(Device.eq(device))
        .order_by_desc(Sequence)
        .order_by_desc(Hash)
        .limit(1)
        .into_tuple()
        .one(db)
        .await?)
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

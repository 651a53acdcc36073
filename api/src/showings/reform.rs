//! What a reform of agencies does to joint authorisations that are not over (domain, Reforms of
//! agencies). An authority that ends hands on to whoever takes its place. Of one that holds, those
//! who could act go on and nobody is added: `regroup` says how it names them then. Where nobody is
//! left it ends. A proposal is left as it is, and looked at anew by whoever decides.

mod regroup;

use std::collections::{BTreeMap, BTreeSet};

use entities::enums::{Employment, JointAuthorisationState, PersonKind};
use entities::ids::{AgencyChangeId, AgencyId, JointAuthorisationId, PersonId};
use entities::{joint_authorisation, joint_authorisation_party as party, person};
use sea_orm::sea_query::{Expr, Query};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait,
    QueryFilter, QueryOrder, QuerySelect,
};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::joint::parties;
use crate::audit::{Stream, UnitOfWork};
use crate::graphql::ids::encode;
use crate::platform::failure::Fault;
use regroup::{Regrouped, Shape, regroup};

/// Rows of one `INSERT`.
const ROWS_AT_ONCE: usize = 1_000;

/// People who go from one agency to another.
#[derive(Clone, Copy, Debug)]
pub struct Group<'a> {
    /// Where they are.
    pub from: AgencyId,
    /// Where they go.
    pub to: AgencyId,
    /// Who.
    pub people: &'a [PersonId],
}

/// A reform, before anybody has moved.
#[derive(Clone, Debug)]
pub struct Reshaped<'a> {
    /// Which.
    pub id: AgencyChangeId,
    /// Who goes where.
    pub groups: Vec<Group<'a>>,
    /// Agencies that end.
    pub ended: Vec<AgencyId>,
    /// Agencies that are founded.
    pub founded: Vec<AgencyId>,
    /// Who ends, and who takes its place.
    pub heirs: Vec<(AgencyId, AgencyId)>,
}

/// Has joint authorisations follow a reform, in the caller's transaction.
pub async fn follow(uow: &mut UnitOfWork, reform: &Reshaped<'_>) -> Result<(), Fault> {
    for (from, to) in &reform.heirs {
        hand_on(uow, *from, *to, reform.id).await?;
    }
    let touched: BTreeSet<AgencyId> = reform
        .groups
        .iter()
        .flat_map(|group| [group.from, group.to])
        .chain(reform.ended.iter().copied())
        .collect();
    let naming = Query::select()
        .column(party::Column::AuthorisationId)
        .from(party::Entity)
        .cond_where(Condition::all().add(party::Column::AgencyId.is_in(touched)))
        .take();
    let naming = joint_authorisation::Column::Id.in_subquery(naming);
    // One that is approved at this moment was so before, or finds the agencies as they are after.
    let rows = not_over(uow, Condition::all().add(naming)).await?;
    let running = |row: &joint_authorisation::Model| row.state == JointAuthorisationState::Approved;
    if !rows.iter().any(running) {
        return Ok(());
    }
    let officers = Officers::load(uow.tx(), reform).await?;
    for row in rows.into_iter().filter(running) {
        regrouped(uow, &row, &officers, reform).await?;
    }
    Ok(())
}

/// Those that are proposed or hold and whose last day is not over, kept from others.
async fn not_over(
    uow: &UnitOfWork,
    which: Condition,
) -> Result<Vec<joint_authorisation::Model>, Fault> {
    use joint_authorisation::Column::{EndedAt, Id, State, UntilOn};
    let open = [JointAuthorisationState::Proposed, JointAuthorisationState::Approved];
    let select = joint_authorisation::Entity::find()
        .filter(which)
        .filter(State.is_in(open))
        .filter(EndedAt.is_null())
        .filter(UntilOn.gte(uow.today()))
        .order_by_asc(Id);
    let select = uow.locked(select);
    Ok(select.all(uow.tx()).await?)
}

/// Whoever takes an authority's place decides and ends. What is over stays with who decided it.
async fn hand_on(
    uow: &mut UnitOfWork,
    from: AgencyId,
    to: AgencyId,
    reform: AgencyChangeId,
) -> Result<(), Fault> {
    use joint_authorisation::Column::{AuthorityId, Id};
    let rows = not_over(uow, Condition::all().add(AuthorityId.eq(from))).await?;
    let ids: Vec<JointAuthorisationId> = rows.iter().map(|row| row.id).collect();
    for chunk in ids.chunks(ROWS_AT_ONCE) {
        joint_authorisation::Entity::update_many()
            .col_expr(AuthorityId, Expr::value(to))
            .filter(Id.is_in(chunk.iter().copied()))
            .exec(uow.tx())
            .await?;
    }
    let body = json!({ "from": encode(from), "to": encode(to), "reform": encode(reform) });
    for id in ids {
        let action = "joint_authorisation.hand_on";
        uow.record(Stream::Agency(to), action, encode(id), body.clone());
    }
    Ok(())
}

/// Officers by where they go: those of an agency that takes others over and was there before stand
/// under it twice.
struct Officers(BTreeMap<(AgencyId, AgencyId), BTreeSet<PersonId>>);

impl Officers {
    async fn load(db: &impl ConnectionTrait, reform: &Reshaped<'_>) -> Result<Self, Fault> {
        let mut there: BTreeMap<AgencyId, BTreeSet<PersonId>> = BTreeMap::new();
        let agencies: BTreeSet<AgencyId> =
            reform.groups.iter().flat_map(|group| [group.from, group.to]).collect();
        for agency in agencies {
            there.insert(agency, officers_of(db, agency).await?);
        }
        let mut groups = BTreeMap::new();
        for group in &reform.groups {
            let Some(of_agency) = there.get(&group.from) else { continue };
            let go: BTreeSet<PersonId> =
                group.people.iter().filter(|person| of_agency.contains(*person)).copied().collect();
            // Where no officer goes nothing is changed.
            if go.is_empty() {
                continue;
            }
            groups.insert((group.from, group.to), go);
            let stay = there.get(&group.to).cloned().unwrap_or_default();
            groups.insert((group.to, group.to), stay);
        }
        Ok(Self(groups))
    }

    fn movements(&self) -> Vec<(AgencyId, AgencyId)> {
        self.0.keys().filter(|(from, to)| from != to).copied().collect()
    }

    fn of(&self, groups: &BTreeSet<(AgencyId, AgencyId)>) -> BTreeSet<PersonId> {
        groups.iter().filter_map(|group| self.0.get(group)).flatten().copied().collect()
    }
}

/// Those employed with an agency who have a certificate or may come to one.
async fn officers_of(
    db: &impl ConnectionTrait,
    agency: AgencyId,
) -> Result<BTreeSet<PersonId>, Fault> {
    let kinds = [PersonKind::EnforcementOfficer, PersonKind::SupervisionOfficer];
    let ids: Vec<PersonId> = person::Entity::find()
        .select_only()
        .column(person::Column::Id)
        .filter(person::Column::AgencyId.eq(agency))
        .filter(person::Column::Kind.is_in(kinds))
        .filter(person::Column::Employment.is_in([Employment::InPost, Employment::OffPost]))
        .order_by_asc(person::Column::Id)
        .into_tuple()
        .all(db)
        .await?;
    Ok(ids.into_iter().collect())
}

/// Names anew whom an authorisation names, or ends it where nobody is left.
async fn regrouped(
    uow: &mut UnitOfWork,
    row: &joint_authorisation::Model,
    officers: &Officers,
    reform: &Reshaped<'_>,
) -> Result<(), Fault> {
    let before = parties(uow.tx(), row.id).await?;
    let named: BTreeSet<AgencyId> = before.iter().filter_map(|one| one.agency_id).collect();
    let known: BTreeSet<PersonId> = before.iter().filter_map(|one| one.person_id).collect();
    let movements = officers.movements();
    let shape = Shape { movements: &movements, ended: &reform.ended, founded: &reform.founded };
    let Regrouped { agencies, one_by_one } = regroup(&named, shape);
    if agencies == named && one_by_one.is_empty() {
        return Ok(());
    }
    let people: Vec<PersonId> = officers.of(&one_by_one).difference(&known).copied().collect();
    let stream = Stream::Agency(row.authority_id);
    if agencies.is_empty() && known.is_empty() && people.is_empty() {
        // Whom it named stays, so that they find it.
        joint_authorisation::ActiveModel {
            id: Set(row.id),
            ended_at: Set(Some(uow.now())),
            ..Default::default()
        }
        .update(uow.tx())
        .await?;
        let body = json!({ "reform": encode(reform.id) });
        uow.record(stream, "joint_authorisation.lapse", encode(row.id), body);
        return Ok(());
    }
    party::Entity::delete_many()
        .filter(party::Column::AuthorisationId.eq(row.id))
        .filter(party::Column::AgencyId.is_in(named.difference(&agencies).copied()))
        .exec(uow.tx())
        .await?;
    let last = before.iter().map(|one| one.seq).max().unwrap_or(0);
    let new = agencies.difference(&named).map(|agency| (Some(*agency), None));
    let new: Vec<_> = new.chain(people.iter().map(|person| (None, Some(*person)))).collect();
    let rows: Vec<party::ActiveModel> = (last + 1..)
        .zip(new)
        .map(|(seq, (agency_id, person_id))| {
            let authorisation_id = row.id;
            party::ActiveModel::from(party::Model { authorisation_id, seq, agency_id, person_id })
        })
        .collect();
    for chunk in rows.chunks(ROWS_AT_ONCE) {
        party::Entity::insert_many(chunk.to_vec()).exec_without_returning(uow.tx()).await?;
    }
    let body = json!({
        "reform": encode(reform.id),
        "agenciesBefore": encoded(&named),
        "agenciesAfter": encoded(&agencies),
        "officers": people.len(),
        "officersSha256": digest(&people),
    });
    uow.record(stream, "joint_authorisation.follow", encode(row.id), body);
    Ok(())
}

fn encoded(agencies: &BTreeSet<AgencyId>) -> Vec<String> {
    agencies.iter().map(|id| encode(*id)).collect()
}

/// SHA-256 over the ids of those who are named one by one from now on, in their order: they can be
/// thousands.
fn digest(people: &[PersonId]) -> String {
    let mut hash = Sha256::new();
    for person in people {
        hash.update(person.0.as_bytes());
    }
    hex::encode(hash.finalize())
}

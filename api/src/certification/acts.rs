//! Acts on certificates that have been issued: handover, suspension, its extension and lifting,
//! revocation, cancellation, loss, expiry. Plain acts with a ground; the procedures around them come
//! on top.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use chrono::NaiveDate;
use entities::certificate;
use entities::enums::{ApplicationAct, CertificateAct, CertificateState, StandingKind};
use entities::ids::{CertificateId, PersonId};

use super::bulk::{Agencies, MOST_AT_ONCE, Outcome, bounded, passed, person_of, single, written};
use super::error::CertificationRefusal as Refusal;
use super::rules::applications::separation;
use super::rules::checklist::{self, Unmet};
use super::rules::grounds::Ground;
use super::rules::lifecycle::{self, NotExtended};
use super::steps::{AT_ONCE, StepTaken, expiry, record_steps};
use super::store::{self, Side, Suspension};
use super::succession;
use crate::access::{Scope, counts_as};
use crate::audit::UnitOfWork;
use crate::credentials;
use crate::graphql::ids::encode;
use crate::officers::facts::{self, PersonFacts};
use crate::officers::rules::standings::bar_until;
use crate::officers::standings::{self, NewStanding};
use crate::platform::Platform;
use crate::platform::actor::Actor;
use crate::platform::failure::{Failure, Fault};
use crate::policy::{CertificationPolicy, InForce};

/// Why an act is done, and what else it is given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Particulars {
    /// The ground, where the act asks for one.
    pub ground: Option<Ground>,
    /// More in words; never public. The reasons of an extension.
    pub note: Option<String>,
    /// Days of a suspension, the policy's default where none; days by which one is extended.
    pub days: Option<u32>,
}

/// Hands certificates over to their holders (ISSUED → ACTIVE). What a holder had before ends in the
/// same transaction.
pub async fn hand_over(
    platform: &Platform,
    actor: &Actor,
    certificates: &[CertificateId],
) -> Result<Vec<Outcome<CertificateId, ()>>, Failure<Refusal>> {
    act_on_many(platform, actor, certificates, CertificateAct::HandOver, &Particulars::default())
        .await
}

/// Does one act on one certificate: SUSPEND, EXTEND, LIFT, REVOKE, CANCEL or `REPORT_LOSS`.
pub async fn act_on(
    platform: &Platform,
    actor: &Actor,
    certificate: CertificateId,
    act: CertificateAct,
    particulars: &Particulars,
) -> Result<(), Failure<Refusal>> {
    single(act_on_many(platform, actor, &[certificate], act, particulars).await?)
}

/// Does one act on many certificates.
pub async fn act_on_many(
    platform: &Platform,
    actor: &Actor,
    ids: &[CertificateId],
    act: CertificateAct,
    particulars: &Particulars,
) -> Result<Vec<Outcome<CertificateId, ()>>, Failure<Refusal>> {
    let ids = bounded(ids, MOST_AT_ONCE)?;
    let by = person_of(actor)?;
    let note = written(particulars.note.as_deref())?;
    if act == CertificateAct::Extend && note.is_none() {
        return Err(Refusal::ReasonsRequired.into());
    }
    // What has no permission is the clock's; what begins a certificate is `issue`'s.
    let permission = lifecycle::permission(act)
        .filter(|_| act != CertificateAct::Issue)
        .ok_or_else(|| Fault::other("not an act on a certificate that exists"))?;
    let as_one = counts_as(actor, permission);
    let scope = Scope::of(actor, permission);
    let side = if lifecycle::is_the_issuers(act) { Side::Issuer } else { Side::Agency };
    let mut uow = UnitOfWork::begin(platform, actor).await?;
    let people: Vec<PersonId> = store::certificates(uow.tx(), &scope, side, &ids)
        .await?
        .values()
        .map(|row| row.person_id)
        .collect();
    facts::lock(&uow, &people).await?;
    uow.after_waiting();
    let rows = store::certificates(uow.tx(), &scope, side, &ids).await?;
    let around = Around::load(&uow, act, &rows).await?;
    let (mut outcomes, mut taken) = (Vec::new(), Vec::new());
    for id in ids {
        let check = || -> Result<Taken<'_>, Failure<Refusal>> {
            let row = rows.get(&id).ok_or(Refusal::NotFound)?;
            separation(&as_one, row.person_id, &[]).map_err(Refusal::from)?;
            around.take(row, act, particulars)
        };
        let Some(step) = passed(&mut outcomes, id, check())? else { continue };
        outcomes.push(Outcome { id, result: Ok(()) });
        taken.push(step);
    }
    consequences(&mut uow, &taken).await?;
    // First what ends: of certificates in force there is one at most at any moment.
    record_steps(&mut uow, &around.also_ended(&taken), Some(by), note.as_deref()).await?;
    let steps: Vec<StepTaken> = taken.into_iter().map(|taken| taken.step).collect();
    let codes: Vec<CertificateId> = around.codes_wait.iter().copied().collect();
    if !codes.is_empty() {
        let handed_over: Vec<CertificateId> =
            steps.iter().map(|step| step.certificate.id).filter(|id| codes.contains(id)).collect();
        credentials::hand_over_codes(&uow, &handed_over).await?;
    }
    record_steps(&mut uow, &steps, Some(by), note.as_deref()).await?;
    uow.commit().await?;
    Ok(outcomes)
}

/// An act that passed its checks.
struct Taken<'a> {
    step: StepTaken,
    facts: &'a PersonFacts,
    policy: &'a Arc<InForce<CertificationPolicy>>,
}

/// What the acts on certificates are checked against.
struct Around {
    today: NaiveDate,
    known: HashMap<PersonId, PersonFacts>,
    agencies: Agencies,
    /// All that the holders have and that has not ended.
    held: HashMap<PersonId, Vec<certificate::Model>>,
    suspensions: HashMap<CertificateId, Suspension>,
    applied_for: HashMap<CertificateId, ApplicationAct>,
    /// Certificates in force whose new code waits for its handover.
    codes_wait: HashSet<CertificateId>,
}

impl Around {
    async fn load(
        uow: &UnitOfWork,
        act: CertificateAct,
        rows: &HashMap<CertificateId, certificate::Model>,
    ) -> Result<Self, Fault> {
        let (db, today) = (uow.tx(), uow.today());
        let people: Vec<PersonId> = rows.values().map(|row| row.person_id).collect();
        let ids: Vec<CertificateId> = rows.keys().copied().collect();
        let (mut suspensions, mut applied_for) = (HashMap::new(), HashMap::new());
        let mut codes_wait = HashSet::new();
        match act {
            CertificateAct::Extend => suspensions = store::suspensions(db, &ids).await?,
            CertificateAct::HandOver => {
                applied_for = store::applied_for(db, &ids).await?;
                codes_wait = credentials::waiting_codes(db, &ids).await?;
            }
            _ => {}
        }
        Ok(Self {
            today,
            known: facts::facts_of(db, &Scope::Everything, &people).await?,
            agencies: Agencies::load(db, rows.values().map(|r| r.agency_id), today).await?,
            held: store::held(db, &people).await?,
            suspensions,
            applied_for,
            codes_wait,
        })
    }

    fn held(&self, person: PersonId) -> &[certificate::Model] {
        self.held.get(&person).map_or(&[], Vec::as_slice)
    }

    /// Checks an act on a certificate.
    fn take(
        &self,
        row: &certificate::Model,
        act: CertificateAct,
        particulars: &Particulars,
    ) -> Result<Taken<'_>, Failure<Refusal>> {
        let facts = self.known.get(&row.person_id).ok_or(Refusal::NotFound)?;
        let policy = self.agencies.policy(row.agency_id)?;
        let state = store::state_on(row, self.today);
        let of_a_code = act == CertificateAct::HandOver && self.codes_wait.contains(&row.id);
        let transition = lifecycle::transition(Some(state), act)
            .or_else(|| lifecycle::hand_over_of_a_code(state).filter(|_| of_a_code))
            .ok_or_else(|| Refusal::certificate(state))?;
        let by_hand = particulars.ground.filter(|g| !g.is_given_by_another_certificate());
        let fits = match by_hand {
            None => particulars.ground.is_none() && transition.grounds.is_empty(),
            Some(ground) => transition.grounds.contains(&ground),
        };
        if !fits {
            return Err(Refusal::GroundNotApplicable.into());
        }
        let (mut ground, mut suspended_until) = (by_hand, None);
        match act {
            CertificateAct::HandOver => self.may_be_handed_over(row, facts, &policy.body)?,
            CertificateAct::Lift => {
                let owed = |s: &entities::standing::Model| s.kind == StandingKind::RetrainingOwed;
                if facts.standings.iter().any(owed) {
                    return Err(Refusal::RetrainingOwed.into());
                }
            }
            CertificateAct::Suspend => {
                let body = &policy.body;
                let (default, cap) = (body.suspension_days_default, body.suspension_days_cap);
                let until = lifecycle::suspended_until(self.today, particulars.days, default, cap);
                suspended_until = Some(until.ok_or(Refusal::SuspensionDays { cap })?);
            }
            CertificateAct::Extend => {
                ground = row.ground.as_deref().and_then(Ground::from_code);
                let days = particulars.days.unwrap_or(0);
                suspended_until =
                    Some(self.extended(row, days, policy.body.suspension_days_cap)?);
            }
            _ => {}
        }
        let step = StepTaken {
            certificate: row.clone(),
            transition,
            ground,
            suspended_until,
            policy: Some(policy.id),
        };
        Ok(Taken { step, facts, policy })
    }

    fn may_be_handed_over(
        &self,
        row: &certificate::Model,
        facts: &PersonFacts,
        policy: &CertificationPolicy,
    ) -> Result<(), Failure<Refusal>> {
        let confirmed = self.agencies.is_confirmed(row.agency_id, self.today)?;
        let held: Vec<CertificateState> =
            self.held(row.person_id).iter().map(|other| other.state).collect();
        let mut unmet = checklist::handover(facts, confirmed, &held, policy, self.today);
        // Its successor would end with it: that one is handed over, or cancelled first.
        if self.codes_wait.contains(&row.id) && held.contains(&CertificateState::Issued) {
            unmet.push(Unmet::AwaitsHandover);
        }
        if unmet.is_empty() { Ok(()) } else { Err(Refusal::Checklist(unmet).into()) }
    }

    fn extended(
        &self,
        row: &certificate::Model,
        days: u32,
        cap: u32,
    ) -> Result<NaiveDate, Failure<Refusal>> {
        let suspension = self.suspensions.get(&row.id).zip(row.suspended_until);
        let (suspension, until) =
            suspension.ok_or_else(|| Fault::stored("a suspension without its event or its end"))?;
        let Suspension { began, extended } = *suspension;
        lifecycle::extended_until(began, until, extended, days, cap).map_err(|why| {
            Failure::Refused(match why {
                NotExtended::Already => Refusal::ExtendedAlready,
                NotExtended::Days { left } => Refusal::ExtensionDays { left },
            })
        })
    }

    /// What ends because of what was done to these certificates, and was not named itself.
    fn also_ended(&self, taken: &[Taken<'_>]) -> Vec<StepTaken> {
        let mut seen: HashSet<CertificateId> =
            taken.iter().map(|taken| taken.step.certificate.id).collect();
        let mut also = Vec::new();
        for Taken { step, .. } in taken {
            let row = &step.certificate;
            let held = self.held(row.person_id);
            let ended = if step.transition.act == CertificateAct::HandOver {
                let ground = succession::ground(self.applied_for.get(&row.id).copied());
                succession::with_handover(row, held, ground, self.today)
            } else {
                succession::with_end(step, held, self.today)
            };
            also.extend(ended.into_iter().filter(|step| seen.insert(step.certificate.id)));
        }
        also
    }
}

/// What acts burden their holders with: off-post training, the bar after a revocation, the end of
/// their employment.
async fn consequences(uow: &mut UnitOfWork, taken: &[Taken<'_>]) -> Result<(), Fault> {
    let today = uow.today();
    let mut left = HashSet::new();
    for Taken { step, facts, policy } in taken {
        let person = &facts.person;
        let burden = match step.transition.act {
            CertificateAct::Suspend if step.ground.is_some_and(Ground::owes_retraining) => {
                Some((StandingKind::RetrainingOwed, None))
            }
            CertificateAct::Revoke => {
                Some((StandingKind::RecentRevocation, Some(bar_until(today, &policy.body))))
            }
            _ => None,
        };
        if let Some((kind, until)) = burden {
            let source = encode(step.certificate.id);
            standings::enter(uow, person, NewStanding { kind, from: today, until, source }).await?;
        }
        let employment = step.ground.and_then(Ground::employment);
        if let Some(employment) = employment.filter(|_| left.insert(person.id)) {
            facts::end_employment(uow, person, employment).await?;
        }
    }
    Ok(())
}

/// Records the expiry of certificates whose last day is over; answers how many. They read expired
/// from that day on anyway.
pub async fn expire_due(platform: &Platform) -> Result<usize, Fault> {
    let mut count = 0;
    loop {
        let mut uow = UnitOfWork::begin(platform, &Actor::System).await?;
        let today = uow.today();
        let limit = u64::try_from(AT_ONCE).unwrap_or(u64::MAX);
        let people: Vec<PersonId> =
            store::past(uow.tx(), today, limit).await?.iter().map(|row| row.person_id).collect();
        if people.is_empty() {
            return Ok(count);
        }
        facts::lock(&uow, &people).await?;
        let past = store::past(uow.tx(), today, limit).await?;
        // Of those that are past now, only the people who were locked.
        let locked = past.iter().filter(|row| people.contains(&row.person_id));
        let steps: Vec<StepTaken> = locked.filter_map(expiry).collect();
        record_steps(&mut uow, &steps, None, None).await?;
        count += steps.len();
        uow.commit().await?;
    }
}

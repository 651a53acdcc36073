//! What becomes of single officers between the waves: bars, suspensions, ends, losses, renewals and
//! replacements, each by whoever has the duty.

use chrono::Duration;
use entities::application;
use entities::enums::{CertificateAct, Role};
use entities::ids::ApplicationId;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::plan::Turn;
use super::timeline::Story;
use super::{all_taken, refused};
use crate::access::Scope;
use crate::certification::rules::grounds::Ground;
use crate::certification::{self, CertificationRefusal, Move, Outcome, Particulars};
use crate::officers;
use crate::platform::Platform;
use crate::platform::actor::Actor;
use crate::platform::clock::{Clock as _, local_date};
use crate::platform::failure::{Failure, Fault};

impl Story<'_> {
    /// Takes a turn in an officer's life.
    pub(super) async fn turn(&mut self, index: usize, turn: Turn) -> Result<(), Fault> {
        let lost = || Fault::other("the demo has lost an officer");
        let agency = self.people.get(index).ok_or_else(lost)?.agency;
        let justice = self.justice_of(agency)?;
        let (role, at) = match turn {
            Turn::Apply(_) | Turn::Resubmit | Turn::HandOver | Turn::ReportLoss(_) => {
                (Role::AgencyHr, agency)
            }
            Turn::Bar(..) | Turn::Clear(..) | Turn::Retrain | Turn::Return | Turn::Approve => {
                (Role::JusticeReviewer, justice)
            }
            Turn::Suspend(_) => (Role::Supervisor, justice),
            Turn::Extend
            | Turn::Lift(_)
            | Turn::Revoke(_)
            | Turn::Cancel(_)
            | Turn::SendBack
            | Turn::Issue => (Role::Issuer, justice),
        };
        let actor = self.staff.actor(role, at, self.clock.now())?;
        let person = *self.persons.get(&index).ok_or_else(lost)?;
        let platform = self.platform;
        let because =
            |ground: Ground| Particulars { ground: Some(ground), ..Particulars::default() };
        let (act, particulars) = match turn {
            Turn::Suspend(ground) => (CertificateAct::Suspend, because(ground)),
            Turn::Lift(ground) => (CertificateAct::Lift, because(ground)),
            Turn::Revoke(ground) => (CertificateAct::Revoke, because(ground)),
            Turn::Cancel(ground) => (CertificateAct::Cancel, because(ground)),
            Turn::ReportLoss(ground) => (CertificateAct::ReportLoss, because(ground)),
            Turn::HandOver => (CertificateAct::HandOver, Particulars::default()),
            Turn::Extend => {
                let note = Some("案情复杂，尚未查清。".to_owned());
                (CertificateAct::Extend, Particulars { ground: None, note, days: Some(30) })
            }
            Turn::Bar(kind, days) => {
                let from = local_date(self.clock.now() - Duration::days(days));
                let done =
                    officers::record_standing(platform, &actor, person, kind, from, None).await;
                self.bars.insert(index, done.map_err(refused)?);
                return Ok(());
            }
            Turn::Clear(_, reason) => {
                let bar = *self.bars.get(&index).ok_or_else(lost)?;
                officers::lift_standing(platform, &actor, bar, reason).await.map_err(refused)?;
                return Ok(());
            }
            Turn::Retrain => {
                let done = certification::confirm_retraining(platform, &actor, &[person]).await;
                all_taken(done.map_err(refused)?)?;
                return Ok(());
            }
            Turn::Apply(act) => {
                let done = certification::apply(platform, &actor, &[person], act).await;
                let done = all_taken(done.map_err(refused)?)?;
                self.applications.extend(done.into_iter().map(|(_, id)| (index, id)));
                return Ok(());
            }
            Turn::Return | Turn::Resubmit | Turn::Approve | Turn::SendBack => {
                let to = match turn {
                    Turn::Return => Move::Return("执法领域与岗位职责不符，请核对。".into()),
                    Turn::SendBack => Move::SendBack("照片背景不符合制证要求，请更换。".into()),
                    Turn::Resubmit => Move::Resubmit,
                    _ => Move::Approve,
                };
                let id = *self.applications.get(&index).ok_or_else(lost)?;
                let done = reviewed(platform, &actor, &[id], &to).await;
                all_taken(done.map_err(refused)?)?;
                return Ok(());
            }
            Turn::Issue => {
                let id = *self.applications.get(&index).ok_or_else(lost)?;
                let issued = certification::issue(platform, &actor, id).await.map_err(refused)?;
                self.certificates.insert(index, issued);
                return Ok(());
            }
        };
        let certificate = *self.certificates.get(&index).ok_or_else(lost)?;
        certification::act_on(platform, &actor, certificate, act, &particulars)
            .await
            .map_err(refused)
    }
}

/// Takes a step of applications. Whoever approves has looked at what is odd, and says so.
pub(super) async fn reviewed(
    platform: &Platform,
    actor: &Actor,
    ids: &[ApplicationId],
    to: &Move,
) -> Result<Vec<Outcome<ApplicationId, ()>>, Failure<CertificationRefusal>> {
    if *to != Move::Approve {
        return certification::move_applications(platform, actor, ids, to).await;
    }
    let rows = application::Entity::find()
        .filter(application::Column::Id.is_in(ids.iter().copied()))
        .all(platform.db.read())
        .await
        .map_err(Fault::from)?;
    let today = local_date(platform.now());
    let odd = certification::oddities_of(platform, &Scope::Everything, &rows, today).await?;
    let seen = odd.into_iter().map(|(id, odd)| (id, odd.into_iter().collect())).collect();
    certification::approve(platform, actor, ids, &seen).await
}

//! What supervisors' phones have seen of officers' certificates, and sent: in time, after a
//! suspension of which the phone did not know, and late.

use entities::enums::{CertificateAct, CheckOutcome, Role};
use mobile_contract::{Seen, Verdict};

use super::lost;
use super::phones::Officer;
use super::scenes::{Check, SUSPENDED};
use crate::certification::rules::grounds::Ground;
use crate::certification::{self, Particulars};
use crate::checks::{self, Answer, Outcome};
use crate::credentials;
use crate::demo::load::refused;
use crate::demo::load::timeline::Story;
use crate::platform::clock::Clock as _;
use crate::platform::failure::Fault;

impl Story<'_> {
    /// Does something with a supervisor's phone.
    pub(super) async fn check(&mut self, supervisor: usize, what: Check) -> Result<(), Fault> {
        match what {
            Check::Sync => self.sync(supervisor).await,
            Check::SeePrinted(officer) => {
                let certificate = self.field.officers.get(officer).ok_or_else(lost)?.certificate;
                let db = self.platform.db.read();
                let codes = credentials::codes_of(db, &[certificate]).await?;
                let digits = codes.into_iter().next().ok_or_else(lost)?.digits;
                self.see(supervisor, officer, Some(&digits))
            }
            Check::SeePhone(officer) => {
                let of_cast = self.field.officers.get(officer).ok_or_else(lost)?;
                let digits = of_cast.phone.shown(self.platform).await?;
                self.see(supervisor, officer, Some(&digits))
            }
            Check::SeeNothing => self.see(supervisor, 0, None),
            Check::Suspend => {
                self.change(Role::Supervisor, CertificateAct::Suspend, Ground::RefusingSupervision)
                    .await
            }
            Check::Explain => self.explain(supervisor).await,
        }
    }

    /// Records a code that an officer shows, or that none was shown, where the officer works.
    fn see(&mut self, supervisor: usize, officer: usize, code: Option<&str>) -> Result<(), Fault> {
        let place = self.division_of(self.field.officers.get(officer).ok_or_else(lost)?)?;
        let (seen, verdict) = match code {
            Some(digits) => (Seen::scanned(digits), Some(Verdict::Valid)),
            None => (Seen::NotShown, None),
        };
        let phone = self.field.supervisors.get_mut(supervisor).ok_or_else(lost)?;
        phone.record(self.platform, seen, verdict, place)
    }

    /// Sends what a phone has recorded; it takes a mark along.
    async fn sync(&mut self, supervisor: usize) -> Result<(), Fault> {
        let (platform, now) = (self.platform, self.clock.now());
        let phone = self.field.supervisors.get_mut(supervisor).ok_or_else(lost)?;
        let (actor, records) = (phone.actor(now), std::mem::take(&mut phone.unsent));
        let synced = checks::sync(platform, &actor, phone.device, records).await;
        let synced = synced.map_err(refused)?;
        phone.mark = Some(synced.mark);
        for answer in synced.answers {
            let Answer::Accepted(record) = answer else {
                return Err(Fault::other(format!("a record of the demo is not new: {answer:?}")));
            };
            if record.outcome() == Outcome::Judged(CheckOutcome::Late) {
                self.field.late = Some(record.row.id);
            }
        }
        Ok(())
    }

    /// Gives the reason for the record that came late.
    async fn explain(&self, supervisor: usize) -> Result<(), Fault> {
        let phone = self.field.supervisors.get(supervisor).ok_or_else(lost)?;
        let late = self.field.late.ok_or_else(lost)?;
        let actor = phone.actor(self.clock.now());
        let reason = "下乡检查期间手机损坏送修，取回后才恢复联网。";
        checks::give_reason(self.platform, &actor, late, reason).await.map_err(refused)?;
        Ok(())
    }

    /// Lifts the suspension.
    pub(super) async fn lift(&self) -> Result<(), Fault> {
        self.change(Role::Issuer, CertificateAct::Lift, Ground::Unfounded).await
    }

    /// An act of the officer's own justice department on the certificate of [`SUSPENDED`].
    async fn change(&self, by: Role, act: CertificateAct, ground: Ground) -> Result<(), Fault> {
        let officer = self.field.officers.get(SUSPENDED).ok_or_else(lost)?;
        let agency = self.people.get(officer.index).ok_or_else(lost)?.agency;
        let actor = self.staff.actor(by, self.justice_of(agency)?, self.clock.now())?;
        let because = Particulars { ground: Some(ground), ..Particulars::default() };
        certification::act_on(self.platform, &actor, officer.certificate, act, &because)
            .await
            .map_err(refused)
    }

    /// The division in which an officer of the cast works.
    pub(super) fn division_of(&self, officer: &Officer) -> Result<&'static str, Fault> {
        let agency = self.people.get(officer.index).ok_or_else(lost)?.agency;
        Ok(self.agencies.get(agency).ok_or_else(lost)?.division)
    }
}

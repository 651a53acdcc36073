//! What becomes of those who hold certificates from before: confirmed, refused, given a code.

use entities::enums::{ApplicationAct, ExistingState, Role};
use entities::ids::{ApplicationId, ExistingCertificateId};

use super::super::fate::Fate;
use super::timeline::{AT_ONCE, Story, pick};
use super::turns::reviewed;
use super::{all_taken, refused};
use crate::access::Scope;
use crate::certification::{self, Move};
use crate::officers;
use crate::platform::actor::Actor;
use crate::platform::clock::Clock;
use crate::platform::failure::Fault;

impl Story<'_> {
    /// The justice departments confirm certificates from before about which nothing is odd, but for
    /// every fourth; most of what is odd waits, too, so that there is something to look at. Some of
    /// the confirmed are given a code.
    pub(super) async fn confirm(&self, members: &[usize]) -> Result<(), Fault> {
        officers::existing::examine_due(self.platform).await?;
        let holds = |i: &usize| {
            self.people.get(*i).is_some_and(|p| p.fate == Fate::Holder && p.ordinal % 4 != 3)
        };
        let holders: Vec<usize> = members.iter().copied().filter(holds).collect();
        for (justice, group) in self.by_justice(holders) {
            let reviewer = self.staff.actor(Role::JusticeReviewer, justice, self.clock.now())?;
            for chunk in group.chunks(AT_ONCE) {
                let db = self.platform.db.read();
                let people = pick(chunk, &self.persons);
                let waiting = officers::existing::existing_of(db, &Scope::Everything, &people);
                let ids: Vec<ExistingCertificateId> = waiting
                    .await?
                    .into_iter()
                    .filter(|row| row.existing.state == ExistingState::Claimed)
                    .map(|row| row.existing.id)
                    .collect();
                if ids.is_empty() {
                    continue;
                }
                let done = certification::confirm_existing(self.platform, &reviewer, &ids, false);
                let odd = done.await.map_err(refused)?.into_iter().filter(|o| o.result.is_err());
                let ids: Vec<ExistingCertificateId> = odd.map(|o| o.id).collect();
                self.refuse_unknown_issuers(&reviewer, &ids).await?;
            }
        }
        let given = |i: &usize| {
            self.people
                .get(*i)
                .is_some_and(|p| p.fate == Fate::Holder && p.ordinal % 9 == 0 && holds(i))
        };
        self.reissue(members.iter().copied().filter(given).collect()).await
    }

    /// One that nobody knows to have been issued is refused.
    async fn refuse_unknown_issuers(
        &self,
        reviewer: &Actor,
        ids: &[ExistingCertificateId],
    ) -> Result<(), Fault> {
        let db = self.platform.db.read();
        for id in ids {
            let row = officers::existing::existing(db, &Scope::Everything, *id).await?;
            let unknown = row.is_some_and(|row| row.existing.issuing_agency_id.is_none());
            if unknown {
                let reason = "发证机关无此证件存根。";
                certification::refuse_existing(self.platform, reviewer, &[*id], reason)
                    .await
                    .map_err(refused)?;
            }
        }
        Ok(())
    }

    /// Codes under the numbers that certificates have: applied for, reviewed, issued, handed over.
    async fn reissue(&self, members: Vec<usize>) -> Result<(), Fault> {
        let (platform, now) = (self.platform, self.clock.now());
        for (agency, group) in self.by_agency(members) {
            let justice = self.justice_of(agency)?;
            let hr = self.staff.actor(Role::AgencyHr, agency, now)?;
            let reviewer = self.staff.actor(Role::JusticeReviewer, justice, now)?;
            let issuer = self.staff.actor(Role::Issuer, justice, now)?;
            let people = pick(&group, &self.persons);
            let act = ApplicationAct::Replacement;
            let done = certification::apply(platform, &hr, &people, act).await.map_err(refused)?;
            let ids: Vec<ApplicationId> =
                all_taken(done)?.into_iter().map(|(_, application)| application).collect();
            let done = reviewed(platform, &reviewer, &ids, &Move::Approve).await;
            all_taken(done.map_err(refused)?)?;
            let mut issued = Vec::with_capacity(ids.len());
            for id in ids {
                issued.push(certification::issue(platform, &issuer, id).await.map_err(refused)?);
            }
            let done = certification::hand_over(platform, &hr, &issued).await.map_err(refused)?;
            all_taken(done)?;
        }
        Ok(())
    }
}

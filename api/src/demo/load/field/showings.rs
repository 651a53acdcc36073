//! Showings of the officers of the cast, and joint authorisations: one that covers a showing beyond
//! the officer's own fields, and one that waits for its decision.

use chrono::Days;
use entities::enums::Role;
use entities::ids::{AgencyId, JointAuthorisationId, PersonId};

use super::lost;
use super::phones::Officer;
use super::scenes::{AUTHORISED, Company, Joint, Planned, SHOWINGS, Show};
use crate::demo::divisions::fields;
use crate::demo::load::refused;
use crate::demo::load::timeline::Story;
use crate::demo::roster::{DESK, DemoOfficer};
use crate::platform::clock::{Clock as _, local_date};
use crate::platform::failure::Fault;
use crate::showings::joint::{self, Decision, NewAuthorisation};
use crate::showings::{self, NewShowing};

/// Days for which the joint authorisations are to hold.
const HOLDS: Days = Days::new(60);
/// Minutes for which a showing is open unless it is ended before.
const MINUTES: u32 = 60;
/// The agencies of the district that want to act together, by their words.
const TOGETHER: [&str; 2] = [DESK, "chengguan-transport"];

impl Story<'_> {
    /// Does something about joint authorisations.
    pub(super) async fn joint(&mut self, what: Joint) -> Result<(), Fault> {
        match what {
            Joint::Propose => {
                let officer = self.field.officers.get(AUTHORISED).ok_or_else(lost)?;
                let of_demo = self.people.get(officer.index).ok_or_else(lost)?;
                let person = *self.persons.get(&officer.index).ok_or_else(lost)?;
                let fields = vec![beyond(of_demo)?.to_owned()];
                let named = (Vec::new(), vec![person]);
                self.field.joint = Some(self.propose(of_demo.agency, 1, named, fields).await?);
            }
            Joint::Approve => {
                let officer = self.field.officers.get(AUTHORISED).ok_or_else(lost)?;
                let agency = self.people.get(officer.index).ok_or_else(lost)?.agency;
                let (justice, now) = (self.justice_of(agency)?, self.clock.now());
                let reviewer = self.staff.actor(Role::JusticeReviewer, justice, now)?;
                let id = self.field.joint.ok_or_else(lost)?;
                let decided = joint::decide(self.platform, &reviewer, id, Decision::Approve);
                decided.await.map_err(refused)?;
            }
            Joint::ProposeAnother => {
                let known = |slug: &str| self.agencies.iter().position(|a| a.slug == slug);
                let indexes: Vec<usize> = TOGETHER.into_iter().filter_map(known).collect();
                let desk = *indexes.first().ok_or_else(lost)?;
                let ids = indexes.iter().filter_map(|index| self.ids.get(*index).copied());
                let named = (ids.collect(), Vec::new());
                let fields = vec!["market".to_owned(), "transport".to_owned()];
                self.propose(desk, 2, named, fields).await?;
            }
        }
        Ok(())
    }

    /// HR of an agency proposes to the justice department of its division.
    async fn propose(
        &self,
        agency: usize,
        number: u32,
        (agencies, officers): (Vec<AgencyId>, Vec<PersonId>),
        field_codes: Vec<String>,
    ) -> Result<JointAuthorisationId, Fault> {
        let (now, today) = (self.clock.now(), local_date(self.clock.now()));
        let authority = self.ids.get(self.justice_of(agency)?).copied().ok_or_else(lost)?;
        let division = self.agencies.get(agency).ok_or_else(lost)?.division;
        let hr = self.staff.actor(Role::AgencyHr, agency, now)?;
        let new = NewAuthorisation {
            authority,
            document: format!("演示联执〔{}〕{number}号", today.format("%Y")),
            agencies,
            officers,
            field_codes,
            division_codes: vec![division.to_owned()],
            from: today,
            until: today.checked_add_days(HOLDS).unwrap_or(today),
        };
        joint::propose(self.platform, &hr, &new).await.map_err(refused)
    }

    /// Does something about a showing.
    pub(super) async fn show(&mut self, number: usize, what: Show) -> Result<(), Fault> {
        let planned = SHOWINGS.get(number).ok_or_else(lost)?;
        let (platform, now) = (self.platform, self.clock.now());
        let officer = self.field.officers.get(planned.officer).ok_or_else(lost)?;
        let actor = officer.phone.actor(now);
        match what {
            Show::Start => {
                let new = self.new_showing(planned, officer)?;
                let id = showings::start(platform, &actor, new).await.map_err(refused)?;
                self.field.showings.insert(number, id);
            }
            Show::Answer => {
                let Company::Second(second, Some(word)) = planned.company else { return Ok(()) };
                let id = *self.field.showings.get(&number).ok_or_else(lost)?;
                let second = self.field.officers.get(second).ok_or_else(lost)?.phone.actor(now);
                showings::answer(platform, &second, id, word).await.map_err(refused)?;
            }
            Show::End => {
                let id = *self.field.showings.get(&number).ok_or_else(lost)?;
                showings::end(platform, &actor, id).await.map_err(refused)?;
            }
        }
        Ok(())
    }

    fn new_showing(&self, planned: &Planned, officer: &Officer) -> Result<NewShowing, Fault> {
        let of_demo = self.people.get(officer.index).ok_or_else(lost)?;
        let field = if planned.beyond {
            beyond(of_demo)?
        } else {
            of_demo.fields.first().copied().ok_or_else(lost)?
        };
        let (second, alone) = match planned.company {
            Company::Second(second, _) => {
                let second = self.field.officers.get(second).ok_or_else(lost)?;
                (Some(second.number.clone()), None)
            }
            Company::Alone(reason) => (None, Some(reason.to_owned())),
        };
        let year = local_date(self.clock.now()).format("%Y").to_string();
        let notice = planned.notice.map(|number| format!("演示检通〔{year}〕{number}号"));
        Ok(NewShowing {
            kind: planned.kind,
            notice_number: notice,
            task: planned.task.to_owned(),
            field_codes: vec![field.to_owned()],
            division_code: Some(self.division_of(officer)?.to_owned()),
            second_certificate_no: second,
            alone_reason: alone,
            minutes: Some(MINUTES),
        })
    }
}

/// A field that an officer's certificate does not have.
fn beyond(officer: &DemoOfficer) -> Result<&'static str, Fault> {
    let all = fields();
    let other = all.iter().find(|field| !officer.fields.contains(&field.code));
    Ok(other.ok_or_else(lost)?.code)
}

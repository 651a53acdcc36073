//! The training desks of some justice departments: a session that is closed, one whose attendance is
//! being entered, one ahead; a sitting that waits for its confirmation, and one ahead. Nothing of it
//! decides on anybody: those in service are trained, and no result is confirmed.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use entities::enums::{ExamOutcome, ExamSubject, Role, TrainingKind, TrainingMode};
use entities::ids::{AgencyId, PersonId};

use super::refused;
use super::timeline::Story;
use crate::platform::actor::Actor;
use crate::platform::clock::{Clock, local_date};
use crate::platform::failure::Fault;
use crate::training::{self, NewSession, NewSitting, Step, Target, Value};

/// Departments whose desks have something on them.
const DESKS: usize = 6;
/// People named at once.
const AT_ONCE: usize = 200;

/// What lies on the desks.
#[derive(Clone, Copy)]
pub(super) enum Desk {
    /// A session was held and is closed.
    Closed,
    /// A session's attendance is being entered, and a sitting waits for its confirmation.
    Open,
    /// A session and a sitting are planned.
    Ahead,
}

/// When, in days before today.
pub(super) const DESK_DAYS: [(Desk, i64); 3] =
    [(Desk::Closed, 40), (Desk::Open, 6), (Desk::Ahead, 2)];

/// A department with who is in service under it, and who is not yet.
struct Department {
    id: AgencyId,
    reviewer: Actor,
    serving: Vec<PersonId>,
    others: Vec<PersonId>,
}

impl Story<'_> {
    /// Puts on the desks what lies there from now on.
    pub(super) async fn desk(&self, desk: Desk) -> Result<(), Fault> {
        let today = local_date(self.clock.now());
        for department in self.departments()? {
            match desk {
                Desk::Closed => {
                    let new = session(&department, "年度执法人员集中轮训", today, 960);
                    let target = self.hold(&department, new, 5).await?;
                    if let Target::Attendance(id) = target {
                        let (platform, reviewer) = (self.platform, &department.reviewer);
                        let closed = training::move_session(platform, reviewer, id, Step::Close);
                        closed.await.map_err(refused)?;
                    }
                }
                Desk::Open => {
                    let new = session(&department, "行政处罚程序专题培训", today, 480);
                    self.hold(&department, new, 2).await?;
                    let id = self.sitting(&department, ExamSubject::PublicLaw, today).await?;
                    self.outcomes(&department, id).await?;
                }
                Desk::Ahead => {
                    let day = today.checked_add_days(Days::new(20)).unwrap_or(today);
                    let new = session(&department, "行政执法监督条例解读", day, 480);
                    let planned =
                        training::plan_session(self.platform, &department.reviewer, new).await;
                    planned.map_err(refused)?;
                    self.sitting(&department, ExamSubject::ProfessionalLaw, day).await?;
                }
            }
        }
        Ok(())
    }

    fn departments(&self) -> Result<Vec<Department>, Fault> {
        let mut found: BTreeMap<usize, Department> = BTreeMap::new();
        let mut people: Vec<(usize, PersonId)> =
            self.persons.iter().map(|(index, person)| (*index, *person)).collect();
        people.sort_unstable();
        for (index, person) in people {
            let Some(officer) = self.people.get(index) else { continue };
            let justice = self.justice_of(officer.agency)?;
            if !found.contains_key(&justice) && found.len() == DESKS {
                continue;
            }
            let Some(id) = self.ids.get(justice).copied() else { continue };
            let reviewer = self.staff.actor(Role::JusticeReviewer, justice, self.clock.now())?;
            let department = found.entry(justice).or_insert_with(|| Department {
                id,
                reviewer,
                serving: Vec::new(),
                others: Vec::new(),
            });
            let serving = self.certificates.contains_key(&index);
            let those = if serving { &mut department.serving } else { &mut department.others };
            if those.len() < AT_ONCE {
                those.push(person);
            }
        }
        Ok(found.into_values().collect())
    }

    /// Holds a session which every so many-th person left early.
    async fn hold(
        &self,
        department: &Department,
        new: NewSession,
        early: usize,
    ) -> Result<Target, Fault> {
        let (platform, reviewer) = (self.platform, &department.reviewer);
        let minutes = new.minutes;
        let id = training::plan_session(platform, reviewer, new).await.map_err(refused)?.id;
        training::move_session(platform, reviewer, id, Step::Hold).await.map_err(refused)?;
        let target = Target::Attendance(id);
        let attended = |(place, person): (usize, &PersonId)| {
            let left_early = place % early == early - 1;
            (*person, Value::Minutes(if left_early { minutes / 2 } else { minutes }))
        };
        let entries: Vec<_> = department.serving.iter().enumerate().map(attended).collect();
        if !entries.is_empty() {
            training::enter(platform, reviewer, target, entries).await.map_err(refused)?;
        }
        Ok(target)
    }

    /// Plans a sitting for whoever may sit.
    async fn sitting(
        &self,
        department: &Department,
        subject: ExamSubject,
        held_on: NaiveDate,
    ) -> Result<Target, Fault> {
        let (platform, reviewer) = (self.platform, &department.reviewer);
        let new = NewSitting {
            organiser: department.id,
            subject,
            field: None,
            held_on,
            place: "县（区）委党校".to_owned(),
            resits_allowed: true,
        };
        let id = training::plan_sitting(platform, reviewer, new).await.map_err(refused)?.id;
        let entries: Vec<_> =
            department.others.iter().map(|person| (*person, Value::Candidate)).collect();
        if !entries.is_empty() {
            // Who has passed already is refused, each by themselves.
            let target = Target::Candidates(id);
            training::enter(platform, reviewer, target, entries).await.map_err(refused)?;
        }
        Ok(Target::Results(id))
    }

    /// Enters what came of it; another person is to confirm it.
    async fn outcomes(&self, department: &Department, target: Target) -> Result<(), Fault> {
        let outcome = |(place, person): (usize, &PersonId)| {
            let value = match place % 8 {
                7 => Value::Outcome(ExamOutcome::Absent, None),
                place => Value::Outcome(
                    ExamOutcome::Scored,
                    i64::try_from(place).ok().map(|n| 540 + 45 * n),
                ),
            };
            (*person, value)
        };
        let entries: Vec<_> = department.others.iter().enumerate().map(outcome).collect();
        if !entries.is_empty() {
            // Who is no candidate is refused, each by themselves.
            let (platform, reviewer) = (self.platform, &department.reviewer);
            training::enter(platform, reviewer, target, entries).await.map_err(refused)?;
        }
        Ok(())
    }
}

fn session(department: &Department, title: &str, day: NaiveDate, minutes: i64) -> NewSession {
    NewSession {
        organiser: department.id,
        title: title.to_owned(),
        kind: TrainingKind::PublicLaw,
        mode: TrainingMode::OnSite,
        field: None,
        off_post: false,
        starts_on: day,
        ends_on: day,
        minutes,
    }
}

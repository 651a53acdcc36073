//! Six years in order: rosters come in waves, each wave is qualified, applied for, reviewed, issued
//! and handed over; what becomes of single officers between the waves is in `turns`.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};
use entities::certificate;
use entities::enums::{ApplicationAct, ExamSubject, ImportMode, Role};
use entities::ids::{
    AgencyId, ApplicationId, CertificateId, PersonId, QualificationId, StandingId,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::super::fate::Fate;
use super::super::portraits::portraits;
use super::super::roster::DemoOfficer;
use super::super::{DemoAgency, workbook};
use super::desk::{DESK_DAYS, Desk};
use super::field::{self, Field, Scene};
use super::plan::{STEPS, Step, Turn, WAVES, turns, wave_of};
use super::staff::Staff;
use super::turns::reviewed;
use super::{Report, ScriptedClock, all_taken, import_refused, refused};
use crate::access::Scope;
use crate::audit::UnitOfWork;
use crate::auth::Auth;
use crate::certification::{self, Decision, Move};
use crate::imports;
use crate::officers::{self, NewExam, NewPhoto, photo};
use crate::platform::Platform;
use crate::platform::actor::Actor;
use crate::platform::clock::{Clock, local_date};
use crate::platform::failure::{Failure, Fault};
use crate::platform::jobs;

/// Records of one call of a use-case.
pub(super) const AT_ONCE: usize = 400;

/// The demo as it is lived through.
pub(super) struct Story<'a> {
    pub(super) platform: &'a Platform,
    pub(super) clock: Arc<ScriptedClock>,
    pub(super) agencies: &'a [DemoAgency],
    pub(super) ids: &'a [AgencyId],
    pub(super) staff: &'a Staff,
    pub(super) people: &'a [DemoOfficer],
    now: DateTime<Utc>,
    pictures: Vec<photo::ProcessedPhoto>,
    pub(super) justice: HashMap<&'a str, usize>,
    waves: Vec<Vec<usize>>,
    pub(super) persons: HashMap<usize, PersonId>,
    qualifications: HashMap<usize, QualificationId>,
    /// The last application of each officer.
    pub(super) applications: HashMap<usize, ApplicationId>,
    /// The last certificate of each officer.
    pub(super) certificates: HashMap<usize, CertificateId>,
    /// The bar that was recorded last of each officer.
    pub(super) bars: HashMap<usize, StandingId>,
    /// What happens where officers meet people.
    pub(super) field: Field,
}

/// What happens at a moment of the plan.
#[derive(Clone, Copy)]
enum Event {
    Wave(Step, usize),
    Officer(usize, Turn),
    Desk(Desk),
    Field(Scene),
}

impl<'a> Story<'a> {
    pub fn new(
        platform: &'a Platform,
        clock: Arc<ScriptedClock>,
        agencies: &'a [DemoAgency],
        ids: &'a [AgencyId],
        staff: &'a Staff,
        people: &'a [DemoOfficer],
        now: DateTime<Utc>,
    ) -> Result<Self, Fault> {
        let pictures = portraits()
            .map_err(Fault::other)?
            .into_iter()
            .map(|p| photo::process(&p.jpeg, None))
            .collect::<Result<_, _>>()
            .map_err(Fault::other)?;
        let justice = agencies
            .iter()
            .enumerate()
            .filter(|(_, a)| a.is_justice)
            .map(|(index, a)| (a.division, index))
            .collect();
        let today = local_date(now);
        let mut waves = vec![Vec::new(); WAVES.len()];
        for (index, officer) in people.iter().enumerate() {
            if let Some(wave) = waves.get_mut(wave_of(officer, index, today)) {
                wave.push(index);
            }
        }
        Ok(Self {
            platform,
            clock,
            agencies,
            ids,
            staff,
            people,
            now,
            justice,
            waves,
            persons: HashMap::new(),
            qualifications: HashMap::new(),
            applications: HashMap::new(),
            certificates: HashMap::new(),
            bars: HashMap::new(),
            field: Field::default(),
            pictures,
        })
    }

    /// Lives through it; answers a certificate in force.
    pub async fn live(
        &mut self,
        auth: &Auth,
        report: Report<'_>,
    ) -> Result<Option<CertificateId>, Fault> {
        let mut plan: Vec<(DateTime<Utc>, Event)> = Vec::new();
        for (wave, days) in WAVES.iter().enumerate() {
            let begin = self.now - Duration::days(*days);
            for (step, after) in STEPS {
                plan.push((self.moment(begin, after), Event::Wave(step, wave)));
            }
        }
        for (index, officer) in self.people.iter().enumerate() {
            let turns = turns(officer).into_iter();
            plan.extend(turns.map(|(at, turn)| (at.min(self.now), Event::Officer(index, turn))));
        }
        for (desk, days) in DESK_DAYS {
            plan.push((self.now - Duration::days(days), Event::Desk(desk)));
        }
        let scenes = field::scenes(local_date(self.now)).into_iter();
        plan.extend(scenes.map(|(at, scene)| (at, Event::Field(scene))));
        plan.sort_by_key(|(at, _)| *at);
        let total = plan.len();
        for (done, (at, event)) in plan.into_iter().enumerate() {
            self.clock.set(at);
            report("six years", done, total);
            match event {
                Event::Wave(step, wave) => self.take(step, wave).await?,
                Event::Officer(index, turn) => self.turn(index, turn).await?,
                Event::Desk(desk) => self.desk(desk).await?,
                Event::Field(scene) => Box::pin(self.scene(scene, auth)).await?,
            }
        }
        report("six years", total, total);
        Ok(self.sample())
    }

    /// Steps lie days apart; hours, where the days would reach beyond today.
    fn moment(&self, begin: DateTime<Utc>, days: i64) -> DateTime<Utc> {
        if begin + Duration::days(13) < self.now {
            begin + Duration::days(days)
        } else {
            begin + Duration::hours(days)
        }
    }

    async fn take(&mut self, step: Step, wave: usize) -> Result<(), Fault> {
        let members = self.waves.get(wave).cloned().unwrap_or_default();
        let reaching = |to: Fate| -> Vec<usize> {
            members.iter().copied().filter(|i| self.goes_on(*i, to)).collect()
        };
        match step {
            Step::Confirm => self.confirm(&members).await,
            Step::Resit => self.resit(&members).await,
            Step::Nominate => {
                let those = reaching(Fate::Candidate);
                self.nominate(those).await
            }
            Step::Qualify => {
                let those = reaching(Fate::Unqualified);
                self.qualify(those).await
            }
            Step::Apply => {
                let those = reaching(Fate::Applied);
                self.apply(those).await
            }
            Step::Review => {
                let those = reaching(Fate::Returned);
                self.review(those).await
            }
            Step::Issue => {
                let those = reaching(Fate::Issued);
                self.issue(those).await
            }
            Step::HandOver => {
                let those = reaching(Fate::Active);
                self.hand_over(those).await
            }
            Step::Import => self.import(&members).await,
        }
    }

    /// Whether an officer's fate takes them at least this far. The fates stand in the order of the
    /// life cycle; those who were refused or returned go no further than the review.
    fn goes_on(&self, index: usize, to: Fate) -> bool {
        let Some(fate) = self.people.get(index).map(|p| p.fate) else { return false };
        let stops_at_review = matches!(fate, Fate::Returned | Fate::Refused);
        match to {
            Fate::Returned => fate >= Fate::Returned,
            Fate::Issued | Fate::Active => fate >= to && !stops_at_review,
            _ => fate >= to,
        }
    }

    async fn import(&mut self, members: &[usize]) -> Result<(), Fault> {
        if members.is_empty() {
            return Ok(());
        }
        let people: Vec<DemoOfficer> =
            members.iter().filter_map(|i| self.people.get(*i).cloned()).collect();
        let bytes = workbook::workbook(self.agencies, &people).map_err(Fault::other)?;
        let quiet = |_: usize, _: usize| ();
        let name = format!("roster-{}.xlsx", local_date(self.clock.now()));
        let system = &Actor::System;
        let mode = ImportMode::AtomicRow;
        let batch = imports::stage(self.platform, system, &name, bytes, mode, &quiet)
            .await
            .map_err(import_refused)?;
        if batch.failed > 0 {
            return Err(Fault::other(format!("rows of the demo's roster fail: {}", batch.summary)));
        }
        let batch =
            imports::begin(self.platform, system, batch.id, true).await.map_err(import_refused)?;
        let job = jobs::claim(self.platform, &[imports::JOB], batch.job_id).await?;
        let job = job.ok_or_else(|| Fault::other("the demo's import was not queued"))?;
        imports::work(self.platform, job, &quiet).await?;
        for chunk in members.chunks(AT_ONCE) {
            let numbers: Vec<&str> = chunk
                .iter()
                .filter_map(|i| Some(self.people.get(*i)?.id_number.as_str()))
                .collect();
            let known = officers::known_by_id_number(self.platform, &numbers).await?;
            for index in chunk {
                let number = self.people.get(*index).map(|p| p.id_number.as_str());
                let (person, _) = number
                    .and_then(|n| known.get(n))
                    .ok_or_else(|| Fault::other("the demo's import left somebody out"))?;
                self.persons.insert(*index, *person);
            }
        }
        self.photos(members).await
    }

    /// Gives everybody the portrait the roster announced.
    async fn photos(&self, members: &[usize]) -> Result<(), Fault> {
        for chunk in members.chunks(AT_ONCE) {
            let mut photos = Vec::with_capacity(chunk.len());
            for index in chunk {
                let portrait = self.people.get(*index).and_then(|p| p.portrait);
                let picture = portrait.and_then(|p| self.pictures.get(p));
                let (Some(picture), Some(person)) = (picture, self.persons.get(index)) else {
                    continue;
                };
                let (jpeg, sha256) = (picture.jpeg.clone(), picture.sha256);
                photos.push(NewPhoto { person: *person, jpeg, sha256 });
            }
            let mut uow = UnitOfWork::begin(self.platform, &Actor::System).await?;
            for attached in officers::attach_photos(&mut uow, &Scope::Everything, photos).await? {
                attached.map_err(|refusal| refused(Failure::Refused(refusal)))?;
            }
            uow.commit().await?;
        }
        Ok(())
    }

    /// The resits of those whose first sitting stands in the roster.
    async fn resit(&self, members: &[usize]) -> Result<(), Fault> {
        for index in members {
            let officer = self.people.get(*index);
            let resit = officer.and_then(|o| Some((o, o.resit?)));
            let (Some((officer, resit)), Some(person)) = (resit, self.persons.get(index)) else {
                continue;
            };
            let justice = self.justice_of(officer.agency)?;
            let reviewer = self.staff.actor(Role::JusticeReviewer, justice, self.clock.now())?;
            let exam = NewExam {
                subject: ExamSubject::PublicLaw,
                score_tenths: resit.score / 1_000,
                taken_on: resit.on,
            };
            officers::record_exam_result(self.platform, &reviewer, *person, exam)
                .await
                .map_err(refused)?;
        }
        Ok(())
    }

    async fn nominate(&mut self, members: Vec<usize>) -> Result<(), Fault> {
        for (agency, group) in self.by_agency(members) {
            let hr = self.staff.actor(Role::AgencyHr, agency, self.clock.now())?;
            for chunk in group.chunks(AT_ONCE) {
                let people = pick(chunk, &self.persons);
                let done = certification::nominate(self.platform, &hr, &people).await;
                // Some candidates are barred; an agency tries, and is told.
                let done = done.map_err(refused)?.into_iter();
                let done = done.filter_map(|o| Some((o.id, o.result.ok()?))).collect();
                keep(chunk, done, &self.persons, &mut self.qualifications);
            }
        }
        Ok(())
    }

    async fn qualify(&mut self, members: Vec<usize>) -> Result<(), Fault> {
        for (justice, group) in self.by_justice(members) {
            let reviewer = self.staff.actor(Role::JusticeReviewer, justice, self.clock.now())?;
            let refused_one =
                |i: &usize| self.people.get(*i).is_some_and(|p| p.fate == Fate::Unqualified);
            let (refuse, qualify): (Vec<usize>, Vec<usize>) =
                group.into_iter().partition(refused_one);
            let reasons = "所在岗位不直接从事行政执法工作。".to_owned();
            for (those, decision) in
                [(qualify, Decision::Qualify), (refuse, Decision::Refuse(reasons))]
            {
                for chunk in those.chunks(AT_ONCE) {
                    let ids = pick(chunk, &self.qualifications);
                    let done = certification::decide_qualification(
                        self.platform,
                        &reviewer,
                        &ids,
                        &decision,
                    );
                    all_taken(done.await.map_err(refused)?)?;
                }
            }
        }
        Ok(())
    }

    async fn apply(&mut self, members: Vec<usize>) -> Result<(), Fault> {
        for (agency, group) in self.by_agency(members) {
            let hr = self.staff.actor(Role::AgencyHr, agency, self.clock.now())?;
            for chunk in group.chunks(AT_ONCE) {
                let people = pick(chunk, &self.persons);
                let act = ApplicationAct::Initial;
                let done = certification::apply(self.platform, &hr, &people, act).await;
                let done = all_taken(done.map_err(refused)?)?;
                keep(chunk, done, &self.persons, &mut self.applications);
            }
        }
        Ok(())
    }

    async fn review(&mut self, members: Vec<usize>) -> Result<(), Fault> {
        for (justice, group) in self.by_justice(members) {
            let reviewer = self.staff.actor(Role::JusticeReviewer, justice, self.clock.now())?;
            for (fate, to) in [
                (Some(Fate::Returned), Move::Return("照片为生活照，请更换为制式证件照。".into())),
                (Some(Fate::Refused), Move::Refuse("所在岗位不承担行政执法职责。".into())),
                (None, Move::Approve),
            ] {
                let those: Vec<usize> = group
                    .iter()
                    .copied()
                    .filter(|i| {
                        let own = self.people.get(*i).map(|p| p.fate);
                        let odd = matches!(own, Some(Fate::Returned | Fate::Refused));
                        if fate.is_some() { own == fate } else { !odd }
                    })
                    .collect();
                for chunk in those.chunks(AT_ONCE) {
                    let ids = pick(chunk, &self.applications);
                    let done = reviewed(self.platform, &reviewer, &ids, &to).await;
                    all_taken(done.map_err(refused)?)?;
                }
            }
        }
        Ok(())
    }

    async fn issue(&mut self, members: Vec<usize>) -> Result<(), Fault> {
        for (justice, group) in self.by_justice(members.clone()) {
            let issuer = self.staff.actor(Role::Issuer, justice, self.clock.now())?;
            let ids = pick(&group, &self.applications);
            let job = certification::issue_in_bulk(self.platform, &issuer, &ids).await;
            let job = job.map_err(refused)?;
            let claimed =
                jobs::claim(self.platform, &[certification::ISSUE_JOB], Some(job)).await?;
            let claimed = claimed.ok_or_else(|| Fault::other("the demo's issue was not queued"))?;
            certification::work_issue_job(self.platform, &claimed).await?;
        }
        for chunk in members.chunks(AT_ONCE) {
            let people = pick(chunk, &self.persons);
            let rows = certificate::Entity::find()
                .filter(certificate::Column::PersonId.is_in(people))
                .all(self.platform.db.read())
                .await?;
            let of: HashMap<PersonId, CertificateId> =
                rows.into_iter().map(|c| (c.person_id, c.id)).collect();
            for index in chunk {
                let issued = self.persons.get(index).and_then(|p| of.get(p));
                let issued = issued.ok_or_else(|| Fault::other("the demo's issue left one out"))?;
                self.certificates.insert(*index, *issued);
            }
        }
        Ok(())
    }

    async fn hand_over(&mut self, members: Vec<usize>) -> Result<(), Fault> {
        for (agency, group) in self.by_agency(members) {
            let hr = self.staff.actor(Role::AgencyHr, agency, self.clock.now())?;
            for chunk in group.chunks(AT_ONCE) {
                let ids = pick(chunk, &self.certificates);
                let done = certification::hand_over(self.platform, &hr, &ids).await;
                all_taken(done.map_err(refused)?)?;
            }
        }
        Ok(())
    }

    /// A certificate in force of the district whose staff has passwords, if there is one.
    fn sample(&self) -> Option<CertificateId> {
        let index = field::sample(self.people, self.agencies)?;
        self.certificates.get(&index).copied()
    }

    pub(super) fn justice_of(&self, agency: usize) -> Result<usize, Fault> {
        self.agencies
            .get(agency)
            .and_then(|a| self.justice.get(a.division))
            .copied()
            .ok_or_else(|| Fault::other("the demo lacks a justice department"))
    }

    pub(super) fn by_agency(&self, members: Vec<usize>) -> BTreeMap<usize, Vec<usize>> {
        let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for index in members {
            if let Some(officer) = self.people.get(index) {
                groups.entry(officer.agency).or_default().push(index);
            }
        }
        debug_assert!(groups.keys().all(|a| *a < self.ids.len()));
        groups
    }

    pub(super) fn by_justice(&self, members: Vec<usize>) -> BTreeMap<usize, Vec<usize>> {
        let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (agency, group) in self.by_agency(members) {
            if let Ok(justice) = self.justice_of(agency) {
                groups.entry(justice).or_default().extend(group);
            }
        }
        groups
    }
}

pub(super) fn pick<T: Copy>(members: &[usize], of: &HashMap<usize, T>) -> Vec<T> {
    members.iter().filter_map(|i| of.get(i).copied()).collect()
}

/// Keeps what a use-case made for each person.
fn keep<T: Copy>(
    members: &[usize],
    done: Vec<(PersonId, T)>,
    persons: &HashMap<usize, PersonId>,
    into: &mut HashMap<usize, T>,
) {
    let made: HashMap<PersonId, T> = done.into_iter().collect();
    for index in members {
        if let Some(thing) = persons.get(index).and_then(|p| made.get(p)) {
            into.insert(*index, *thing);
        }
    }
}

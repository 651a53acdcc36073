//! The officers of the demo province, from a seed, each with a scripted [`Fate`]: how far the life
//! cycle took them and when. What the roster says of a person agrees with the fate: who was ever
//! qualified is on establishment, in post, trained and has passed both exams.

use std::collections::HashMap;

use chrono::{Datelike as _, Days, Months, NaiveDate, Weekday};
use entities::enums::{
    AgencyKind, DivisionLevel, DutyStatus, Establishment, Gender, PersonKind, StandingKind,
};
use rand::{RngExt as _, SeedableRng as _};

use super::divisions::{Division, divisions};
use super::fate::{Fate, scripts};
use super::names::name;
use super::numbers::{NOWHERE, id_number, mobile};
use super::portraits;
use super::province::DemoAgency;
use super::{Generator, pick, weighted};

/// The result of an exam.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exam {
    /// 0–100 in ten-thousandths, at half points.
    pub score: i64,
    /// The day it was taken.
    pub on: NaiveDate,
}

/// The pass mark of the default policy, in ten-thousandths.
pub const PASS_MARK: i64 = 60 * 10_000;

/// The training hours a year of the default policy, in minutes.
pub const TRAINING_MINUTES: i64 = 60 * 60;

/// A person of the demo's roster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoOfficer {
    /// The name, 2–50 characters.
    pub name: String,
    /// The ID number, in a division nobody has; its last but one digit agrees with the gender.
    pub id_number: String,
    /// The gender.
    pub gender: Gender,
    /// The birthday the ID number holds.
    pub born_on: NaiveDate,
    /// The agency, an index into the list given.
    pub agency: usize,
    /// 内设机构
    pub unit: &'static str,
    /// Enforcement officer, supervision officer or auxiliary.
    pub kind: PersonKind,
    /// 编制类型
    pub establishment: Establishment,
    /// 在岗状态
    pub duty: DutyStatus,
    /// 职务、职级
    pub position: &'static str,
    /// Codes of the dictionary, a part of the agency's.
    pub fields: Vec<&'static str>,
    /// 执法区域, a division's code or name, where it is written out.
    pub area: Option<&'static str>,
    /// A mobile number of the demo's block, unique.
    pub phone: String,
    /// 公共法律知识
    pub public_law: Option<Exam>,
    /// 专业法律知识
    pub professional_law: Option<Exam>,
    /// The resit of the public-law exam, of whom the roster has the failed first sitting.
    pub resit: Option<Exam>,
    /// Training of the year, in minutes; `None` where the roster leaves it blank.
    pub training_minutes: Option<i64>,
    /// 不得申领情形
    pub exclusion: Option<StandingKind>,
    /// The drawn portrait, an index into [`portraits::portraits`]; none for some candidates and
    /// for auxiliaries.
    pub portrait: Option<usize>,
    /// How far the life cycle took the person.
    pub fate: Fate,
    /// Which one of those of this fate the person is, from 0: grounds differ by it.
    pub ordinal: usize,
    /// The day the qualification was confirmed, within the last six years.
    pub qualified_on: Option<NaiveDate>,
    /// The day of the act that decided the fate, or of the first where it is a way.
    pub turned_on: Option<NaiveDate>,
}

/// So many officers of these agencies. The same arguments give the same officers.
pub fn officers(
    count: usize,
    seed: u64,
    today: NaiveDate,
    agencies: &[DemoAgency],
) -> Vec<DemoOfficer> {
    let mut rng = Generator::seed_from_u64(seed);
    let divisions = divisions();
    let justice = Places::of(agencies, |a| a.is_justice);
    let others = Places::of(agencies, |a| !a.is_justice);
    let mut sequences = Sequences::default();
    let mut ordinals: HashMap<Fate, usize> = HashMap::new();
    scripts(&mut rng, count)
        .into_iter()
        .enumerate()
        .filter_map(|(ordinal, (kind, fate))| {
            let places = if kind == PersonKind::SupervisionOfficer { &justice } else { &others };
            let index = places.draw(&mut rng)?;
            let post = Post { index, agency: agencies.get(index)?, divisions: &divisions };
            let mut officer = officer(&mut rng, &mut sequences, today, &post, (kind, fate));
            officer.phone = mobile(ordinal);
            let of_fate = ordinals.entry(fate).or_default();
            officer.ordinal = *of_fate;
            *of_fate += 1;
            match fate {
                Fate::Candidate => want(&mut officer),
                // Every fortieth has passed by the resit only.
                Fate::Active if officer.ordinal % 40 == 7 => sat_twice(&mut officer),
                _ => {}
            }
            Some(officer)
        })
        .collect()
}

/// Agencies to draw from, each as likely as its weight.
struct Places {
    /// The agency and the sum of the weights up to and with its own.
    sums: Vec<(usize, u32)>,
    total: u32,
}

impl Places {
    fn of(agencies: &[DemoAgency], belongs: impl Fn(&DemoAgency) -> bool) -> Self {
        let mut total = 0;
        let mut sums = Vec::new();
        for (index, agency) in agencies.iter().enumerate().filter(|(_, a)| belongs(a)) {
            total += agency.weight;
            sums.push((index, total));
        }
        Self { sums, total }
    }

    fn draw(&self, rng: &mut Generator) -> Option<usize> {
        let point = rng.random_range(0..self.total.max(1));
        let at = self.sums.partition_point(|(_, sum)| *sum <= point);
        self.sums.get(at).map(|(index, _)| *index)
    }
}

/// The next free sequence number of a birthday and a gender.
#[derive(Default)]
struct Sequences(HashMap<(NaiveDate, Gender), u16>);

impl Sequences {
    /// Odd for men, even for women; the day after a full one.
    fn id_number(&mut self, mut birth: NaiveDate, gender: Gender) -> (NaiveDate, String) {
        loop {
            let next =
                self.0.entry((birth, gender)).or_insert(if gender == Gender::Male { 1 } else { 2 });
            if *next < 999 {
                let sequence = *next;
                *next += 2;
                return (birth, id_number(NOWHERE, birth, sequence));
            }
            birth = birth + Days::new(1);
        }
    }
}

/// Where a person works.
struct Post<'a> {
    index: usize,
    agency: &'a DemoAgency,
    divisions: &'a [Division],
}

fn officer(
    rng: &mut Generator,
    sequences: &mut Sequences,
    today: NaiveDate,
    post: &Post<'_>,
    (kind, fate): (PersonKind, Fate),
) -> DemoOfficer {
    let agency = post.agency;
    let gender = if rng.random_range(0..100) < 64 { Gender::Male } else { Gender::Female };
    let qualified_on = fate.qualified_ago().map(|(from, to)| workday(ago(rng, today, from, to)));
    let (born_on, id_number) = sequences.id_number(birth(rng, today, qualified_on), gender);
    // The public-law exam comes first; both lie before the day they were taken into account.
    let counted_on = qualified_on.unwrap_or_else(|| ago(rng, today, 5, 200));
    let professional_on = workday(ago(rng, counted_on, 10, 20));
    let public_on = workday(ago(rng, professional_on, 15, 40));
    let auxiliary = kind == PersonKind::AuxiliaryStaff;
    DemoOfficer {
        name: name(rng, gender, agency.division),
        id_number,
        gender,
        born_on,
        agency: post.index,
        unit: unit(rng, agency, kind),
        kind,
        establishment: establishment(rng, agency, kind),
        duty: DutyStatus::OnDuty,
        position: position(rng, agency, kind),
        fields: fields(rng, agency, kind),
        area: area(rng, post),
        phone: String::new(),
        public_law: (!auxiliary).then(|| Exam { score: passed(rng), on: public_on }),
        professional_law: (!auxiliary).then(|| Exam { score: passed(rng), on: professional_on }),
        resit: None,
        training_minutes: if auxiliary {
            None
        } else {
            Some(TRAINING_MINUTES + 30 * rng.random_range(0..80))
        },
        exclusion: None,
        portrait: (!auxiliary).then(|| portraits::of(gender, rng.random_range(0..portraits::EACH))),
        fate,
        ordinal: 0,
        qualified_on,
        turned_on: fate.turned_ago().map(|(from, to)| workday(ago(rng, today, from, to))),
    }
}

/// Points by which a failed exam fell short of what would have passed.
const SHORT: i64 = 42 * 10_000;

/// The public-law exam failed, and passed at the resit, on the day of the other exam.
fn sat_twice(officer: &mut DemoOfficer) {
    let (Some(first), Some(other)) = (&mut officer.public_law, officer.professional_law) else {
        return;
    };
    officer.resit = Some(Exam { on: other.on, ..*first });
    first.score -= SHORT;
}

/// What a candidate lacks, each in turn: an exam not passed, failed twice or not taken, training, a
/// portrait, the post, the establishment, or a bar that lies on them.
fn want(officer: &mut DemoOfficer) {
    const BARS: [StandingKind; 6] = [
        StandingKind::IncompetentRating,
        StandingKind::DemeritOrHeavier,
        StandingKind::UnderInvestigation,
        StandingKind::RecentSanction,
        StandingKind::RecentRevocation,
        StandingKind::RetrainingOwed,
    ];
    let fail = |exam: &mut Option<Exam>| {
        if let Some(exam) = exam {
            exam.score -= SHORT;
        }
    };
    let ordinal = officer.ordinal + 1;
    match ordinal % 12 {
        0 => fail(&mut officer.public_law),
        1 => fail(&mut officer.professional_law),
        2 => {
            sat_twice(officer);
            fail(&mut officer.resit);
            fail(&mut officer.professional_law);
        }
        3 => officer.professional_law = None,
        4 => {
            officer.public_law = None;
            officer.professional_law = None;
            officer.training_minutes = None;
            officer.portrait = None;
        }
        5 | 6 => {
            officer.training_minutes =
                officer.training_minutes.map(|minutes| minutes - 48 * 60 - 30);
        }
        7 => officer.duty = DutyStatus::SecondedOut,
        8 => {
            officer.duty =
                if ordinal % 24 == 8 { DutyStatus::SecondedIn } else { DutyStatus::OffDuty };
        }
        9 => officer.establishment = Establishment::None,
        case => officer.exclusion = BARS.get((ordinal / 12 * 2 + case - 10) % BARS.len()).copied(),
    }
}

/// A day between so many days before another.
fn ago(rng: &mut Generator, day: NaiveDate, from: u64, to: u64) -> NaiveDate {
    day - Days::new(rng.random_range(from..=to))
}

/// The day itself, or the Friday before a weekend: offices decide on weekdays.
fn workday(day: NaiveDate) -> NaiveDate {
    match day.weekday() {
        Weekday::Sat => day - Days::new(1),
        Weekday::Sun => day - Days::new(2),
        _ => day,
    }
}

/// A birthday that makes the person 22 to 59 today, and 22 at the least when they qualified.
fn birth(rng: &mut Generator, today: NaiveDate, qualified_on: Option<NaiveDate>) -> NaiveDate {
    let youngest = qualified_on.unwrap_or(today) - Months::new(12 * 22);
    let oldest = today - Months::new(12 * 60) + Days::new(40);
    let days = u64::try_from((youngest - oldest).num_days()).unwrap_or_default();
    oldest + Days::new(rng.random_range(0..=days))
}

/// A score of 62 to 99.5, in ten-thousandths; two draws, as most lie in the middle.
fn passed(rng: &mut Generator) -> i64 {
    (124 + rng.random_range(0..=37) + rng.random_range(0..=38)) * 5_000
}

fn unit(rng: &mut Generator, agency: &DemoAgency, kind: PersonKind) -> &'static str {
    if kind == PersonKind::SupervisionOfficer {
        return match agency.level {
            DivisionLevel::Province => "行政执法协调监督处",
            DivisionLevel::Prefecture => "行政执法协调监督科",
            DivisionLevel::County | DivisionLevel::Township => "行政执法监督股",
        };
    }
    match agency.kind {
        AgencyKind::EntrustedOrganisation => {
            pick(rng, &["一大队", "二大队", "三大队", "机动中队", "办公室"])
        }
        _ => pick(rng, &["执法监督科", "法规科", "综合科", "执法一科", "执法二科", "行政审批科"]),
    }
}

fn establishment(rng: &mut Generator, agency: &DemoAgency, kind: PersonKind) -> Establishment {
    match (kind, agency.kind) {
        (PersonKind::AuxiliaryStaff, _) => Establishment::None,
        (_, AgencyKind::Organ) => {
            if rng.random_range(0..100) < 88 {
                Establishment::Administrative
            } else {
                Establishment::PublicInstitution
            }
        }
        (_, AgencyKind::AuthorisedOrganisation) => Establishment::CivilServantManaged,
        (_, AgencyKind::EntrustedOrganisation) => {
            if rng.random_range(0..100) < 35 {
                Establishment::CivilServantManaged
            } else {
                Establishment::PublicInstitution
            }
        }
    }
}

fn position(rng: &mut Generator, agency: &DemoAgency, kind: PersonKind) -> &'static str {
    if kind == PersonKind::AuxiliaryStaff {
        return pick(rng, &["协管员", "辅助执法员", "信息采集员"]);
    }
    let lower = [("一级科员", 30), ("四级主任科员", 24), ("二级科员", 14), ("三级主任科员", 10)];
    if rng.random_range(0..100) < 15 {
        return match agency.level {
            DivisionLevel::Province => pick(rng, &["处长、二级调研员", "副处长、四级调研员"]),
            DivisionLevel::Prefecture => pick(rng, &["科长、二级主任科员", "副科长、三级主任科员"]),
            _ => {
                pick(rng, &["大队长、二级主任科员", "股长、四级主任科员", "副大队长、四级主任科员"])
            }
        };
    }
    weighted(rng, &lower)
}

/// Supervision officers supervise; another has all fields of the agency, or one.
fn fields(rng: &mut Generator, agency: &DemoAgency, kind: PersonKind) -> Vec<&'static str> {
    if kind == PersonKind::SupervisionOfficer {
        return vec!["supervision"];
    }
    if rng.random_range(0..100) < 70 {
        agency.fields.to_vec()
    } else {
        vec![pick(rng, agency.fields)]
    }
}

/// Mostly blank, which means the agency's division; else that division's code or its name.
fn area(rng: &mut Generator, post: &Post<'_>) -> Option<&'static str> {
    let division = post.divisions.iter().find(|d| d.code == post.agency.division)?;
    match rng.random_range(0..100) {
        0..8 => Some(division.code),
        8..16 => Some(division.name),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::province::{Extent, agencies};
    use super::*;
    use std::collections::HashSet;

    fn today() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 23).unwrap()
    }

    fn years(from: NaiveDate, to: NaiveDate) -> u32 {
        to.years_since(from).unwrap()
    }

    #[test]
    fn the_same_seed_gives_the_same_people_and_another_seed_others() {
        let agencies = agencies(Extent::Usual);
        let first = officers(300, 7, today(), &agencies);
        assert_eq!(first, officers(300, 7, today(), &agencies));
        assert_ne!(first, officers(300, 8, today(), &agencies));
    }

    #[test]
    fn a_demo_has_every_fate_and_most_certificates_are_in_force() {
        let agencies = agencies(Extent::Usual);
        let officers = officers(2_000, 1, today(), &agencies);
        assert_eq!(officers.len(), 2_000);
        for fate in Fate::all() {
            let count = officers.iter().filter(|o| o.fate == fate).count();
            assert!(count >= 5, "{fate:?}: {count}");
        }
        let count = |kind| officers.iter().filter(|o| o.kind == kind).count();
        assert_eq!(count(PersonKind::AuxiliaryStaff), 200);
        assert_eq!(count(PersonKind::SupervisionOfficer), 80);
        assert_eq!(count(PersonKind::EnforcementOfficer), 1_720);
        let active = officers.iter().filter(|o| o.fate == Fate::Active).count();
        assert!((1_290..=1_300).contains(&active), "{active}");
        let bars: HashSet<_> = officers.iter().filter_map(|o| o.exclusion).collect();
        assert_eq!(bars.len(), 6);
    }

    /// The smallest demo that is used, in the acceptance tests, still has somebody of each.
    #[test]
    fn a_small_demo_has_every_fate_too() {
        let agencies = agencies(Extent::for_officers(300));
        for seed in [1, 620_000] {
            let officers = officers(300, seed, today(), &agencies);
            for fate in Fate::all() {
                assert!(officers.iter().any(|o| o.fate == fate), "{fate:?}");
            }
        }
    }

    #[test]
    fn the_roster_agrees_with_the_fate() {
        let agencies = agencies(Extent::Usual);
        for officer in officers(4_000, 3, today(), &agencies) {
            let passed = |exam: Option<Exam>| exam.is_some_and(|e| e.score >= PASS_MARK);
            let ready = (passed(officer.public_law) || passed(officer.resit))
                && passed(officer.professional_law)
                && officer.training_minutes.is_some_and(|m| m >= TRAINING_MINUTES)
                && officer.exclusion.is_none()
                && officer.establishment != Establishment::None
                && officer.duty == DutyStatus::OnDuty
                && officer.portrait.is_some();
            let certifiable = !matches!(officer.fate, Fate::Auxiliary | Fate::Candidate);
            assert_eq!(ready, certifiable, "{officer:?}");
            assert_eq!(officer.qualified_on.is_some(), certifiable);

            assert!(officer.resit.is_none() || !passed(officer.public_law), "{officer:?}");
            if let Some((first, resit)) = officer.public_law.zip(officer.resit) {
                assert!(first.on < resit.on, "{officer:?}");
            }
            let exams = [officer.public_law, officer.professional_law, officer.resit];
            for exam in exams.into_iter().flatten() {
                assert!((0..=100 * 10_000).contains(&exam.score) && exam.score % 5_000 == 0);
                assert!(exam.on < officer.qualified_on.unwrap_or(today()), "{officer:?}");
                assert!(exam.on > today() - Months::new(72), "{officer:?}");
            }
            if let Some(qualified_on) = officer.qualified_on {
                assert!(years(officer.born_on, qualified_on) >= 22, "{officer:?}");
                let turned_on = officer.turned_on.unwrap_or(today());
                assert!(qualified_on + Days::new(130) < turned_on || officer.turned_on.is_none());
                assert!(qualified_on < today() && turned_on <= today());
            }
        }
    }

    #[test]
    fn a_province_has_100_000_different_people() {
        let agencies = agencies(Extent::Whole);
        let officers = officers(100_000, 1, today(), &agencies);
        assert_eq!(officers.len(), 100_000);
        let ids: HashSet<_> = officers.iter().map(|o| &o.id_number).collect();
        let phones: HashSet<_> = officers.iter().map(|o| &o.phone).collect();
        assert_eq!((ids.len(), phones.len()), (100_000, 100_000));
        for officer in &officers {
            let agency = &agencies[officer.agency];
            let length = officer.name.chars().count();
            assert!((2..=50).contains(&length), "{officer:?}");
            assert!((22..60).contains(&years(officer.born_on, today())), "{officer:?}");
            assert_eq!(officer.id_number.len(), 18);
            assert!(officer.id_number.starts_with(NOWHERE));
            assert_eq!(officer.id_number[6..14], officer.born_on.format("%Y%m%d").to_string());
            let odd = officer.id_number[16..17].parse::<u8>().unwrap() % 2 == 1;
            assert_eq!(odd, officer.gender == Gender::Male);
            assert!(officer.fields.iter().all(|f| agency.fields.contains(f)), "{officer:?}");
            assert!(!officer.fields.is_empty());
            assert_eq!(officer.kind == PersonKind::SupervisionOfficer, agency.is_justice);
        }
        let staffed: HashSet<_> = officers.iter().map(|o| o.agency).collect();
        assert!(staffed.len() > agencies.len() * 9 / 10, "{}", staffed.len());
    }

    #[test]
    fn no_officers_and_no_agencies_are_no_fault() {
        assert_eq!(officers(0, 1, today(), &agencies(Extent::Usual)), []);
        assert_eq!(officers(10, 1, today(), &[]), []);
    }
}

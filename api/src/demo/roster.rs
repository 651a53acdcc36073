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
use super::fate::{Fate, qualified_ago, scripts};
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

/// A certificate from before, as the roster writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prior {
    /// 原证件编号
    pub number: String,
    /// 原发证机关
    pub issuer: String,
    /// 原发证日期
    pub issued_on: NaiveDate,
    /// 有效期至; none for 长期
    pub valid_until: Option<NaiveDate>,
    /// 原证件状态
    pub state: &'static str,
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
    /// The certificate from before, for the columns 原证件.
    pub prior: Option<Prior>,
    /// 部委证件
    pub ministry: Option<&'static str>,
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
    with_holders(count, 0, seed, today, agencies)
}

/// The same officers, and behind them so many who hold a certificate from before.
pub fn with_holders(
    count: usize,
    holders: usize,
    seed: u64,
    today: NaiveDate,
    agencies: &[DemoAgency],
) -> Vec<DemoOfficer> {
    let mut rng = Generator::seed_from_u64(seed);
    let divisions = divisions();
    let justice = Places::of(agencies, |a| a.is_justice);
    let others = Places::of(agencies, |a| !a.is_justice);
    let desk = agencies.iter().position(|agency| agency.slug == DESK);
    let mut sequences = Sequences::default();
    let mut ordinals: HashMap<Fate, usize> = HashMap::new();
    // Every twelfth holds a supervision certificate.
    let holder = |n| {
        let supervises = n % 12 == 5;
        let kind = if supervises {
            PersonKind::SupervisionOfficer
        } else {
            PersonKind::EnforcementOfficer
        };
        (kind, Fate::Holder)
    };
    scripts(&mut rng, count)
        .into_iter()
        .chain((0..holders).map(holder))
        .enumerate()
        .filter_map(|(ordinal, (kind, fate))| {
            let places = if kind == PersonKind::SupervisionOfficer { &justice } else { &others };
            let drawn = places.draw(&mut rng)?;
            let of_fate = ordinals.entry(fate).or_default();
            let desk = desk.filter(|_| {
                kind == PersonKind::EnforcementOfficer && WAITING.contains(&fate) && *of_fate < 2
            });
            let index = desk.unwrap_or(drawn);
            let post = Post { index, agency: agencies.get(index)?, divisions: &divisions };
            let mut officer = officer(&mut rng, &mut sequences, today, &post, (kind, fate));
            officer.phone = mobile(ordinal);
            officer.ordinal = *of_fate;
            *of_fate += 1;
            match fate {
                Fate::Candidate => want(&mut officer),
                Fate::Holder => hold(&mut officer, today, agencies.get(index)?, agencies),
                // Every fortieth has passed by the resit only.
                Fate::Active if officer.ordinal % 40 == 7 => sat_twice(&mut officer),
                _ => {}
            }
            Some(officer)
        })
        .collect()
}

/// The agency whose HR signs in to the demo.
pub(super) const DESK: &str = "chengguan-market";

/// Fates at which somebody's work waits: some of each are with that agency, so that no list of work
/// of those who sign in to the demo is empty.
const WAITING: [Fate; 8] = [
    Fate::Candidate,
    Fate::Holder,
    Fate::Applied,
    Fate::Returned,
    Fate::Reviewed,
    Fate::Issued,
    Fate::RenewalApplied,
    Fate::RenewalReturned,
];

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
    let qualified_on =
        qualified_ago(fate, agency.division).map(|(from, to)| workday(ago(rng, today, from, to)));
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
        prior: None,
        ministry: None,
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
    match officer.ordinal % 13 {
        0 => fail(&mut officer.public_law),
        1 => {
            sat_twice(officer);
            fail(&mut officer.resit);
            fail(&mut officer.professional_law);
        }
        2 => fail(&mut officer.professional_law),
        3 => officer.professional_law = None,
        4 => {
            officer.public_law = None;
            officer.professional_law = None;
            officer.training_minutes = None;
            officer.portrait = None;
        }
        5 => {
            officer.training_minutes =
                officer.training_minutes.map(|minutes| minutes - 48 * 60 - 30);
        }
        6 => officer.duty = DutyStatus::SecondedOut,
        7 => officer.duty = DutyStatus::SecondedIn,
        8 => officer.duty = DutyStatus::OffDuty,
        9 => officer.duty = DutyStatus::Retired,
        10 => officer.establishment = Establishment::None,
        case => {
            let which = officer.ordinal / 13 * 2 + case - 11;
            officer.exclusion = BARS.get(which % BARS.len()).copied();
        }
    }
}

/// A certificate of the years before, issued by the justice department of the same division: most as
/// it should be, some odd in one way each, and of some a ministry's beside it.
fn hold(officer: &mut DemoOfficer, today: NaiveDate, own: &DemoAgency, agencies: &[DemoAgency]) {
    let n = officer.ordinal;
    let days = 200 + u64::try_from(n * 37 % 1_400).unwrap_or_default();
    let issued_on = workday(today - Days::new(days));
    let until = issued_on + Months::new(60) - Days::new(1);
    let justice = agencies.iter().find(|a| a.is_justice && a.division == own.division);
    let mut prior = Prior {
        number: format!("70{:09}", 10_001 + n * 7),
        issuer: justice.map(|a| a.name.clone()).unwrap_or_default(),
        issued_on,
        valid_until: Some(until),
        state: "有效",
    };
    officer.public_law = None;
    officer.professional_law = None;
    if n % 6 == 1 {
        officer.ministry = ["渔业行政执法证 HD-00917", "税务检查证 620100"].get(n / 6 % 2).copied();
    }
    match n % 18 {
        2 => prior.valid_until = None,
        4 => prior.issuer = "原省人民政府法制办公室".into(),
        6 => prior.valid_until = Some(issued_on + Months::new(120)),
        8 => prior.state = "暂扣",
        10 => prior.state = "遗失",
        12 => officer.duty = DutyStatus::SecondedOut,
        14 => officer.portrait = None,
        16 => {
            prior.state = "过期";
            prior.issued_on = issued_on - Months::new(61);
            prior.valid_until = Some(until - Months::new(61));
        }
        _ => {}
    }
    officer.prior = Some(prior);
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
mod tests;

//! What happens in the field and when: days before today and minutes of that day.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use entities::enums::{SecondAnswer, ShowingKind};

use crate::platform::clock::start_of_day;

/// Something that happens at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scene {
    /// Officers are given accounts; they and the supervisors enrol phones.
    Enrol,
    /// About joint authorisations.
    Joint(Joint),
    /// About a showing of [`SHOWINGS`].
    Show(usize, Show),
    /// With the phone of a supervisor, the city's or the province's.
    Check(usize, Check),
    /// The issuing authority lifts what a supervisor has suspended.
    Lift,
    /// Citizens evaluate.
    Evaluate,
    /// What they said is released.
    Release,
    /// A citizen sends a complaint of `citizens::COMPLAINTS`.
    Complain(usize),
    /// It is handled.
    Handle(usize, Handling),
}

/// What is done about joint authorisations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Joint {
    /// One is proposed for an officer.
    Propose,
    /// It is approved by another person.
    Approve,
    /// One is proposed for two agencies, and waits.
    ProposeAnother,
}

/// What is done about a showing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Show {
    /// The officer starts it.
    Start,
    /// The second officer answers, if at all.
    Answer,
    /// The officer ends it.
    End,
}

/// What a supervisor's phone does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Check {
    /// Sends what it has recorded, and takes a mark along.
    Sync,
    /// Records the printed code of an officer's card.
    SeePrinted(usize),
    /// Records what an officer's phone shows.
    SeePhone(usize),
    /// Records that no certificate was shown.
    SeeNothing,
    /// The district suspends the certificate of [`SUSPENDED`].
    Suspend,
    /// The reason for what came late is given.
    Explain,
}

/// What a justice department does with a complaint, and the agency that is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Handling {
    /// It is taken up.
    Accept,
    /// It is not.
    Refuse,
    /// The agency is asked.
    Ask,
    /// The agency answers.
    Answer,
    /// An outcome is proposed: whether it is right.
    Propose(bool),
    /// Another person decides.
    Decide,
}

/// Who is there beside the officer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Company {
    /// Another officer, and what that one answers.
    Second(usize, Option<SecondAnswer>),
    /// Nobody, for a reason of the policy.
    Alone(&'static str),
}

/// A showing that is planned.
#[derive(Clone, Copy, Debug)]
pub struct Planned {
    pub days: i64,
    pub minute: i64,
    pub officer: usize,
    pub company: Company,
    pub kind: ShowingKind,
    /// Number of the notice of inspection.
    pub notice: Option<u32>,
    /// Nothing of any party.
    pub task: &'static str,
    /// Whether it is in a field that the officer's certificate does not have.
    pub beyond: bool,
}

/// Whom the joint authorisation names, an officer of the cast.
pub const AUTHORISED: usize = 5;
/// Whose certificate is suspended for two days, an officer of the cast who shows nothing.
pub const SUSPENDED: usize = 7;
/// The supervisor of the city, and that of the province.
pub const CITY: usize = 0;
pub const PROVINCE: usize = 1;

/// Minutes after which the second officer answers, and the officer ends a showing.
const ANSWERED_AFTER: i64 = 4;
const ENDED_AFTER: i64 = 40;

const CONFIRMED: Option<SecondAnswer> = Some(SecondAnswer::Confirmed);

/// The showings of the last weeks.
pub const SHOWINGS: [Planned; 8] = [
    Planned {
        days: 24,
        minute: 9 * 60 + 30,
        officer: 0,
        company: Company::Second(1, CONFIRMED),
        kind: ShowingKind::Inspection,
        notice: Some(11),
        task: "“双随机、一公开”日常检查",
        beyond: false,
    },
    Planned {
        days: 20,
        minute: 14 * 60 + 30,
        officer: 2,
        company: Company::Second(3, CONFIRMED),
        kind: ShowingKind::Inspection,
        notice: Some(12),
        task: "许可事项事后核查",
        beyond: false,
    },
    Planned {
        days: 17,
        minute: 10 * 60,
        officer: 4,
        company: Company::Alone("EMERGENCY"),
        kind: ShowingKind::Other,
        notice: None,
        task: "接到险情报告，先行到场处置",
        beyond: false,
    },
    Planned {
        days: 14,
        minute: 10 * 60,
        officer: AUTHORISED,
        company: Company::Second(0, CONFIRMED),
        kind: ShowingKind::Inspection,
        notice: Some(13),
        task: "联合执法：节前安全检查",
        beyond: true,
    },
    Planned {
        days: 10,
        minute: 15 * 60,
        officer: 1,
        company: Company::Second(0, None),
        kind: ShowingKind::Inspection,
        notice: None,
        task: "投诉举报事项现场核查",
        beyond: false,
    },
    Planned {
        days: 6,
        minute: 10 * 60,
        officer: 6,
        company: Company::Second(4, Some(SecondAnswer::Declined)),
        kind: ShowingKind::Inspection,
        notice: Some(14),
        task: "专项整治行动检查",
        beyond: true,
    },
    Planned {
        days: 2,
        minute: 11 * 60,
        officer: 3,
        company: Company::Second(2, CONFIRMED),
        kind: ShowingKind::Penalty,
        notice: None,
        task: "送达责令改正通知书",
        beyond: false,
    },
    Planned {
        days: 1,
        minute: 9 * 60 + 45,
        officer: 0,
        company: Company::Second(AUTHORISED, CONFIRMED),
        kind: ShowingKind::Inspection,
        notice: Some(15),
        task: "“双随机、一公开”日常检查",
        beyond: false,
    },
];

/// Everything else: days before today, minute of the day, what.
const SCRIPT: [(i64, i64, Scene); 45] = [
    (62, 9 * 60, Scene::Enrol),
    (40, 18 * 60, Scene::Evaluate),
    // A day of another month, whatever today is.
    (2, 2 * 60, Scene::Release),
    (30, 9 * 60, Scene::Joint(Joint::Propose)),
    (28, 10 * 60, Scene::Joint(Joint::Approve)),
    (3, 9 * 60, Scene::Joint(Joint::ProposeAnother)),
    // Of the city: seen and sent on the same day.
    (21, 8 * 60, Scene::Check(CITY, Check::Sync)),
    (21, 10 * 60, Scene::Check(CITY, Check::SeePrinted(0))),
    (21, 12 * 60, Scene::Check(CITY, Check::Sync)),
    (18, 8 * 60, Scene::Check(CITY, Check::Sync)),
    (18, 10 * 60, Scene::Check(CITY, Check::SeePhone(1))),
    (18, 13 * 60, Scene::Check(CITY, Check::Sync)),
    (15, 8 * 60, Scene::Check(CITY, Check::Sync)),
    (15, 10 * 60, Scene::Check(CITY, Check::SeeNothing)),
    (15, 11 * 60, Scene::Check(CITY, Check::SeePrinted(2))),
    (15, 12 * 60, Scene::Check(CITY, Check::Sync)),
    // Sent after a suspension of which neither phone nor list knew.
    (12, 8 * 60, Scene::Check(CITY, Check::Sync)),
    (12, 10 * 60, Scene::Check(CITY, Check::SeePrinted(SUSPENDED))),
    (11, 10 * 60, Scene::Check(CITY, Check::Suspend)),
    (11, 15 * 60, Scene::Check(CITY, Check::Sync)),
    (9, 10 * 60, Scene::Lift),
    // Of the province: sent long after.
    (16, 8 * 60, Scene::Check(PROVINCE, Check::Sync)),
    (16, 10 * 60, Scene::Check(PROVINCE, Check::SeePrinted(3))),
    (3, 10 * 60, Scene::Check(PROVINCE, Check::Sync)),
    (3, 10 * 60 + 5, Scene::Check(PROVINCE, Check::Explain)),
    (3, 15 * 60, Scene::Check(PROVINCE, Check::SeePrinted(4))),
    (3, 16 * 60, Scene::Check(PROVINCE, Check::Sync)),
    // Upheld.
    (26, 12 * 60, Scene::Complain(0)),
    (25, 9 * 60, Scene::Handle(0, Handling::Accept)),
    (24, 15 * 60, Scene::Handle(0, Handling::Ask)),
    (22, 15 * 60, Scene::Handle(0, Handling::Answer)),
    (17, 15 * 60, Scene::Handle(0, Handling::Propose(true))),
    (13, 15 * 60, Scene::Handle(0, Handling::Decide)),
    // Proposed; waits for another person.
    (20, 12 * 60, Scene::Complain(1)),
    (19, 9 * 60, Scene::Handle(1, Handling::Accept)),
    (18, 15 * 60, Scene::Handle(1, Handling::Ask)),
    (14, 15 * 60, Scene::Handle(1, Handling::Answer)),
    (5, 15 * 60, Scene::Handle(1, Handling::Propose(false))),
    // Not taken up.
    (12, 12 * 60, Scene::Complain(2)),
    (10, 9 * 60, Scene::Handle(2, Handling::Refuse)),
    // Taken up; the agency has yet to answer.
    (8, 12 * 60, Scene::Complain(3)),
    (7, 9 * 60, Scene::Handle(3, Handling::Accept)),
    (6, 15 * 60, Scene::Handle(3, Handling::Ask)),
    // Nobody has looked at them yet.
    (4, 12 * 60, Scene::Complain(4)),
    (2, 12 * 60, Scene::Complain(5)),
];

/// All of it, in order.
pub fn scenes(today: NaiveDate) -> Vec<(DateTime<Utc>, Scene)> {
    let at = |days: i64, minute: i64| {
        start_of_day(today) - Duration::days(days) + Duration::minutes(minute)
    };
    let shown = SHOWINGS.iter().enumerate().flat_map(|(number, planned)| {
        let after = |minutes| at(planned.days, planned.minute + minutes);
        [
            (after(0), Scene::Show(number, Show::Start)),
            (after(ANSWERED_AFTER), Scene::Show(number, Show::Answer)),
            (after(ENDED_AFTER), Scene::Show(number, Show::End)),
        ]
    });
    let script = SCRIPT.iter().map(|(days, minute, scene)| (at(*days, *minute), *scene));
    let mut all: Vec<_> = script.chain(shown).collect();
    all.sort_by_key(|(at, _)| *at);
    all
}

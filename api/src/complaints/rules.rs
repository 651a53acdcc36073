//! Rules of evaluations and complaints: what a form may say, how receipts are numbered, when
//! evaluations are released, which act follows which state. No database and no clock.

#[cfg(test)]
mod tests;

use chrono::{Datelike, NaiveDate};
use entities::enums::{ComplaintCategory, ComplaintState};

use super::error::ComplaintRefusal as Refusal;
use crate::platform::spelling::{compact, has_control, is_bidi, is_ideograph, tidy};
use crate::verification::feedback_page::{CONTACT, TEXT, Typed, UNIT, Wrong};
use crate::verification::receipt_page::WrongNumber;

/// Characters of reasons, questions and answers.
const REASONS: usize = 1_000;
/// Evaluations that are released together, at least (`public-page`: batches of five or more).
pub const BATCH: i64 = 5;
/// Characters in a row that a question must not share with the complaint.
const QUOTED: usize = 12;
/// Characters of a contact or of a short complaint from which on it must not be in a question as a
/// whole: fewer are a word that anybody uses.
const WHOLE: usize = 4;
/// Digits and ASCII letters in a row that a question must not share with the contact.
const CODE: usize = 6;
/// Han in a row that a question must not share with the contact; of two the both.
const NAME: usize = 3;
/// Words around a contact that tell nobody's name; longer ones before those within them.
const AROUND: [&str; 27] = [
    "手机号码",
    "电话号码",
    "联系电话",
    "联系方式",
    "联系人",
    "请联系",
    "微信号",
    "手机号",
    "手机",
    "微信",
    "电话",
    "号码",
    "短信",
    "邮箱",
    "联系",
    "姓名",
    "先生",
    "女士",
    "同志",
    "本人",
    "我叫",
    "我是",
    "上午",
    "中午",
    "下午",
    "晚上",
    "白天",
];

/// What an evaluation says; of a statement nothing where the sender was not sure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answers {
    /// Satisfied.
    pub satisfied: bool,
    /// The certificate was shown unasked.
    pub shown: Option<bool>,
    /// Two officers were there.
    pub two_officers: Option<bool>,
    /// They were polite.
    pub polite: Option<bool>,
    /// Money was asked for.
    pub fees_asked: Option<bool>,
}

/// What a complaint says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complained {
    /// What it is about.
    pub category: ComplaintCategory,
    /// Unit and officer in the sender's words, where no certificate was shown.
    pub named: Option<String>,
    /// Code of the division it was in, where the sender chose one.
    pub place: Option<String>,
    /// What happened.
    pub text: String,
    /// How the sender can be reached.
    pub contact: Option<String>,
}

/// What a form says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sent {
    /// An evaluation.
    Evaluation(Answers),
    /// A complaint.
    Complaint(Box<Complained>),
}

/// Reads a form; `shown` says whether it is about a certificate.
pub fn read(typed: &Typed, shown: bool) -> Result<Sent, Vec<Wrong>> {
    if typed.kind == "evaluation" && shown {
        let fact = |given: &str| match given {
            "yes" => Some(true),
            "no" => Some(false),
            _ => None,
        };
        let satisfied = fact(&typed.satisfied).ok_or_else(|| vec![Wrong::Missing("satisfied")])?;
        return Ok(Sent::Evaluation(Answers {
            satisfied,
            shown: fact(&typed.shown),
            two_officers: fact(&typed.two_officers),
            polite: fact(&typed.polite),
            fees_asked: fact(&typed.fees_asked),
        }));
    }
    let mut wrong = Vec::new();
    let category = ComplaintCategory::from_code(&typed.category);
    if category.is_none() {
        wrong.push(Wrong::Missing("category"));
    }
    let mut text = |name, given: &str, most: usize, required: bool| {
        let text = given.replace("\r\n", "\n").trim().to_owned();
        if required && tidy(&text).is_empty() {
            wrong.push(Wrong::Missing(name));
        } else if text.chars().count() > most {
            wrong.push(Wrong::TooLong(name, most));
        } else if has_control(&text) || text.chars().any(is_bidi) {
            wrong.push(Wrong::Control(name));
        }
        text
    };
    let named = (!shown).then(|| text("unit", &typed.unit, UNIT, true));
    let happened = text("text", &typed.text, TEXT, true);
    let contact = text("contact", &typed.contact, CONTACT, false);
    match category {
        Some(category) if wrong.is_empty() => Ok(Sent::Complaint(Box::new(Complained {
            category,
            named,
            place: Some(typed.place.clone()).filter(|code| !shown && !code.is_empty()),
            text: happened,
            contact: Some(contact).filter(|contact| !tidy(contact).is_empty()),
        }))),
        _ => Err(wrong),
    }
}

/// The number of a receipt from random bytes: fifteen digits (beyond guessing: a province's
/// complaints of ten years are one in a thousand million of them) and a check digit.
pub fn receipt(random: [u8; 32]) -> String {
    let (first, _) = random.split_at(8);
    let value = first.iter().fold(0_u64, |value, byte| value << 8 | u64::from(*byte));
    let digits = format!("{:015}", value % 1_000_000_000_000_000);
    let check = check_digit(&digits);
    format!("{digits}{check}")
}

/// A number in groups of four, as it is written down.
pub fn in_groups(receipt: &str) -> String {
    let digits: Vec<char> = receipt.chars().collect();
    let groups: Vec<String> = digits.chunks(4).map(|group| group.iter().collect()).collect();
    groups.join(" ")
}

/// The number of a receipt as it was typed: widths, spaces and hyphens do not matter.
pub fn read_receipt(typed: &str) -> Result<String, WrongNumber> {
    let digits: String = compact(typed).chars().filter(|c| !matches!(c, '-' | '–' | '—')).collect();
    if digits.is_empty() {
        return Err(WrongNumber::Missing);
    }
    let whole = digits.len() == 16 && digits.bytes().all(|b| b.is_ascii_digit());
    match digits.split_at_checked(15) {
        Some((body, check)) if whole && check_digit(body).to_string() == check => Ok(digits),
        _ => Err(WrongNumber::Mistyped),
    }
}

/// The check digit of ISO/IEC 7064, MOD 11,10: it finds every single wrong digit and nearly every
/// pair that changed places.
fn check_digit(digits: &str) -> u32 {
    let product = digits.chars().filter_map(|c| c.to_digit(10)).fold(10, |product, digit| {
        let sum = match (product + digit) % 10 {
            0 => 10,
            sum => sum,
        };
        sum * 2 % 11
    });
    (11 - product) % 10
}

/// The first day of a day's month: finer than that nothing of an evaluation is kept.
pub fn month(day: NaiveDate) -> NaiveDate {
    day.with_day(1).unwrap_or(day)
}

/// Whether the evaluations of an agency that wait from months before this one are released: all of
/// them together or none. Each is released once, with the same others for good, so what can be
/// summed up from batches differs by none or by five at least.
pub const fn is_released(waiting: i64) -> bool {
    waiting >= BATCH
}

/// Reasons, a question or an answer: trimmed, never empty, at most 1,000 characters.
pub fn reasons(text: &str) -> Result<String, Refusal> {
    let text = text.trim();
    match text.chars().count() {
        0 => Err(Refusal::ReasonsRequired),
        n if n > REASONS => Err(Refusal::TextTooLong { most: REASONS }),
        _ if has_control(text) || text.chars().any(is_bidi) => Err(Refusal::ReasonInvalid),
        _ => Ok(text.to_owned()),
    }
}

/// Whether a question repeats what a sender wrote: twelve characters in a row of what happened (all
/// of it where it is shorter) or of whom they named, a contact of four and more, or a number, an
/// account or a name out of the contact. Spaces, widths and punctuation do not hide it.
pub fn repeats(question: &str, text: &str, named: Option<&str>, contact: Option<&str>) -> bool {
    let question = plain(question);
    let within = |part: &[char]| question.windows(part.len()).any(|window| window == part);
    let text = plain(text);
    // A short name of an agency is no quotation: a question may well address it.
    text.windows(text.len().clamp(WHOLE, QUOTED)).any(within)
        || named.is_some_and(|named| plain(named).windows(QUOTED).any(within))
        || contact.is_some_and(|contact| {
            let whole = plain(contact);
            let mut codes = whole.split(|c| !c.is_ascii_alphanumeric());
            let mut names = names(contact).into_iter();
            whole.len() >= WHOLE && within(&whole)
                || codes.any(|code| code.windows(CODE).any(within))
                || names.any(|name| name.windows(name.len().clamp(2, NAME)).any(within))
        })
}

/// Letters and digits alone, small.
fn plain(text: &str) -> Vec<char> {
    let letters = compact(text).to_lowercase();
    letters.chars().filter(|c| c.is_alphanumeric() || is_ideograph(*c)).collect()
}

/// Runs of Han of a contact, as they are spaced and without any space, less the words around it.
fn names(contact: &str) -> Vec<Vec<char>> {
    let mut names: Vec<Vec<char>> = Vec::new();
    for mut written in [tidy(contact), compact(contact)] {
        for word in AROUND {
            written = written.replace(word, " ");
        }
        for run in written.split(|c: char| !is_ideograph(c)) {
            names.push(run.chars().collect());
        }
    }
    names
}

/// An act of a justice department on a complaint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Takes it up.
    Accept,
    /// Does not take it up.
    Refuse,
    /// Says whom it is about.
    Assign,
    /// Extends its deadline.
    Extend,
    /// Asks the agency.
    Ask,
    /// Proposes an outcome.
    Propose,
    /// Gives a proposal back.
    GiveBack,
    /// Decides as proposed.
    Decide,
}

impl Act {
    /// Every act.
    pub const ALL: [Self; 8] = [
        Self::Accept,
        Self::Refuse,
        Self::Assign,
        Self::Extend,
        Self::Ask,
        Self::Propose,
        Self::GiveBack,
        Self::Decide,
    ];

    /// Whether the act may follow a state.
    pub const fn follows(self, state: ComplaintState) -> bool {
        use ComplaintState::{Accepted, Proposed, Received};
        match self {
            Self::Accept | Self::Refuse => matches!(state, Received),
            Self::Assign => matches!(state, Received | Accepted),
            Self::Ask | Self::Propose => matches!(state, Accepted),
            Self::Extend => matches!(state, Accepted | Proposed),
            Self::GiveBack | Self::Decide => matches!(state, Proposed),
        }
    }
}

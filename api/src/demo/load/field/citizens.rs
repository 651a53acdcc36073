//! What citizens say after a check: evaluations that are released as counts, and complaints as far as
//! the district's justice department has come with them. Nothing in them is of anybody.

use entities::enums::{ComplaintCategory, ComplaintState, Role};
use entities::ids::{CertificateId, ComplaintId};
use entities::{complaint, complaint_question};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use super::cast::DISTRICT;
use super::lost;
use super::scenes::Handling;
use crate::complaints::rules::{Answers, Complained, Sent};
use crate::complaints::{self, Received};
use crate::demo::load::refused;
use crate::demo::load::timeline::Story;
use crate::demo::roster::DESK;
use crate::platform::Platform;
use crate::platform::actor::Actor;
use crate::platform::clock::{Clock as _, local_date};
use crate::platform::failure::Fault;
use crate::verification::feedback_link::{About, Form};

/// A complaint as it is sent.
struct Told {
    category: ComplaintCategory,
    /// The unit in the sender's words; none where the certificate was shown.
    named: Option<&'static str>,
    text: &'static str,
    contact: Option<&'static str>,
    /// What the agency is asked, if at all; nothing of what the sender wrote.
    question: &'static str,
    answer: &'static str,
    /// The reasons of what is proposed, or of not taking it up.
    reasons: &'static str,
}

/// The complaints of the demo, as the script counts them.
const COMPLAINTS: [Told; 6] = [
    Told {
        category: ComplaintCategory::SingleOfficer,
        named: None,
        text: "当天进店检查的只有一个人，问他为什么没有同事，他说人手不够。",
        // A domain that is nobody's (RFC 2606).
        contact: Some("sender@example.invalid"),
        question: "请说明贵局该日的派员安排，并提供出勤记录。",
        answer: "经核对出勤记录，该日另一名人员临时返回单位，未及时补派。",
        reasons: "经查，检查时只有一名执法人员在场，不符合规定。已责令该局整改，并对当事人员批评教育。",
    },
    Told {
        category: ComplaintCategory::Conduct,
        named: None,
        text: "检查的时候说话很不耐烦，我多问了两句就让我闭嘴。",
        contact: None,
        question: "请提供该日检查的全过程记录，并由在场人员作出说明。",
        answer: "已调取记录仪影像，全程未发现不文明用语，影像随函移送。",
        reasons: "经调阅全程影像，未见所反映的情形。",
    },
    Told {
        category: ComplaintCategory::Other,
        named: Some("城关区一家执法单位，没有记下名称"),
        text: "罚款的数额太高，要求减免。",
        contact: None,
        question: "",
        answer: "",
        reasons: "对处罚决定的内容不服，不属于行政执法人员亮证和行为监督的范围。",
    },
    Told {
        category: ComplaintCategory::NotShown,
        named: None,
        text: "来的人一进门就翻看货架，一直没有出示证件，最后我要求了才拿出来。",
        contact: None,
        question: "请说明在场人员何时表明身份，并附现场检查笔录。",
        answer: "",
        reasons: "",
    },
    Told {
        category: ComplaintCategory::Procedure,
        named: Some("城关区查占道的几个人"),
        text: "把摆在门口的东西收走了，没有给任何清单。",
        contact: None,
        question: "",
        answer: "",
        reasons: "",
    },
    Told {
        category: ComplaintCategory::FeesAsked,
        named: Some("自称市场监管的两个人"),
        text: "说是要收检测费，没有票据，我没有给。",
        contact: None,
        question: "",
        answer: "",
        reasons: "",
    },
];

/// Where to turn with what is not taken up.
const OTHER_CHANNEL: &str = "可以依法申请行政复议或者提起行政诉讼。";

/// What those say who evaluate; the first five of the agency whose HR signs in, all of another.
const SAID: [Answers; 6] = [
    said(true, Some(true), Some(true)),
    said(true, Some(true), Some(true)),
    said(true, Some(true), None),
    said(false, Some(false), Some(true)),
    said(true, None, Some(true)),
    said(true, Some(true), Some(false)),
];

const fn said(satisfied: bool, shown: Option<bool>, two_officers: Option<bool>) -> Answers {
    Answers { satisfied, shown, two_officers, polite: Some(satisfied), fees_asked: Some(false) }
}

impl Story<'_> {
    /// Evaluations of two agencies, as forms that are sent.
    pub(super) async fn evaluate(&self, subject: CertificateId) -> Result<(), Fault> {
        let met_on = local_date(self.clock.now());
        let other = self.field.officers.first().ok_or_else(lost)?.certificate;
        let of_desk = SAID.iter().take(5).map(|answers| (subject, answers));
        for (certificate, answers) in of_desk.chain(SAID.iter().map(|said| (other, said))) {
            let about = Some(About { certificate, met_on });
            send(self.platform, about, &Sent::Evaluation(*answers)).await?;
        }
        Ok(())
    }

    /// The evaluations of the months before are released.
    pub(super) async fn release(&self) -> Result<(), Fault> {
        complaints::release_due(self.platform).await?;
        Ok(())
    }

    /// A citizen sends a complaint.
    pub(super) async fn complain(
        &mut self,
        number: usize,
        subject: CertificateId,
    ) -> Result<(), Fault> {
        let told = COMPLAINTS.get(number).ok_or_else(lost)?;
        let today = local_date(self.clock.now());
        let about = told.named.is_none().then_some(About { certificate: subject, met_on: today });
        let complained = Complained {
            category: told.category,
            named: told.named.map(str::to_owned),
            place: told.named.map(|_| DISTRICT.to_owned()),
            text: told.text.to_owned(),
            contact: told.contact.map(str::to_owned),
        };
        send(self.platform, about, &Sent::Complaint(Box::new(complained))).await?;
        // Senders are given a receipt and no id. None but this came today.
        let row = complaint::Entity::find()
            .filter(complaint::Column::ReceivedOn.eq(today))
            .filter(complaint::Column::State.eq(ComplaintState::Received))
            .order_by_asc(complaint::Column::Id)
            .one(self.platform.db.read())
            .await?;
        self.field.complaints.insert(number, row.ok_or_else(lost)?.id);
        Ok(())
    }

    /// A complaint is handled by the justice department, or answered by the agency.
    pub(super) async fn handle(&self, number: usize, what: Handling) -> Result<(), Fault> {
        let platform = self.platform;
        let told = COMPLAINTS.get(number).ok_or_else(lost)?;
        let id = *self.field.complaints.get(&number).ok_or_else(lost)?;
        let desk = self.agencies.iter().position(|agency| agency.slug == DESK);
        let desk = desk.ok_or_else(lost)?;
        let (justice, now) = (self.justice_of(desk)?, self.clock.now());
        let reviewer = self.staff.actor(Role::JusticeReviewer, justice, now)?;
        let done = match what {
            Handling::Accept => complaints::accept(platform, &reviewer, id).await,
            Handling::Refuse => {
                let other = Some(OTHER_CHANNEL);
                complaints::refuse(platform, &reviewer, id, told.reasons, other).await
            }
            Handling::Ask => complaints::ask(platform, &reviewer, id, told.question).await,
            Handling::Answer => {
                let hr = self.staff.actor(Role::AgencyHr, desk, now)?;
                return answer(platform, &hr, id, told.answer).await;
            }
            Handling::Propose(upheld) => {
                complaints::propose(platform, &reviewer, id, upheld, told.reasons).await
            }
            Handling::Decide => {
                let supervisor = self.staff.actor(Role::Supervisor, justice, now)?;
                complaints::decide(platform, &supervisor, id).await
            }
        };
        done.map_err(refused)?;
        Ok(())
    }
}

/// The agency answers what it was asked about a complaint.
async fn answer(
    platform: &Platform,
    hr: &Actor,
    complaint: ComplaintId,
    answer: &str,
) -> Result<(), Fault> {
    let question = complaint_question::Entity::find()
        .filter(complaint_question::Column::ComplaintId.eq(complaint))
        .order_by_asc(complaint_question::Column::Id)
        .one(platform.db.read())
        .await?
        .ok_or_else(lost)?;
    complaints::answer_question(platform, hr, question.id, answer).await.map_err(refused)?;
    Ok(())
}

/// Tries of a form: a page does not wait for a slow disk as long as the demo may.
const TRIES: usize = 5;

/// Sends a form that was opened just now.
async fn send(platform: &Platform, about: Option<About>, sent: &Sent) -> Result<(), Fault> {
    let form = Form { nonce: platform.random.bytes(), about };
    let mut answered = None;
    for _ in 0..TRIES {
        match complaints::receive(platform, None, &form, sent).await {
            // One that was not answered in time may have been taken all the same.
            Received::Under { .. } => return Ok(()),
            other => answered = Some(other),
        }
    }
    Err(Fault::other(format!("a form of the demo is not taken: {answered:?}")))
}

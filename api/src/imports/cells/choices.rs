//! Values of a list: the words of the workbook for each enumeration, the words that real files use
//! for them, and the words that can mean several and are asked about.

use super::{CellValue, Parsed, compact, read_as};
use crate::imports::findings::{FindingCode, Note};
use entities::enums::{
    CertificateState, DutyStatus, Establishment, Gender, PersonKind, StandingKind,
};

/// A list of the workbook.
pub struct Choices<T: 'static> {
    /// The words of the workbook.
    pub words: &'static [(&'static str, T)],
    /// Other words that mean just one of them: read, and shown.
    pub synonyms: &'static [(&'static str, T)],
    /// Words that may mean several of them: an error that asks.
    pub unclear: &'static [&'static str],
}

/// 性别
pub const GENDERS: Choices<Gender> = Choices {
    words: &[("男", Gender::Male), ("女", Gender::Female)],
    synonyms: &[
        ("1", Gender::Male),
        ("2", Gender::Female),
        ("男性", Gender::Male),
        ("女性", Gender::Female),
        ("M", Gender::Male),
        ("F", Gender::Female),
    ],
    unclear: &[],
};

/// 人员类别
pub const KINDS: Choices<PersonKind> = Choices {
    words: &[
        ("执法人员", PersonKind::EnforcementOfficer),
        ("监督人员", PersonKind::SupervisionOfficer),
        ("辅助人员", PersonKind::AuxiliaryStaff),
    ],
    synonyms: &[
        ("行政执法人员", PersonKind::EnforcementOfficer),
        ("执法员", PersonKind::EnforcementOfficer),
        ("行政执法监督人员", PersonKind::SupervisionOfficer),
        ("执法监督人员", PersonKind::SupervisionOfficer),
        ("行政执法辅助人员", PersonKind::AuxiliaryStaff),
        ("执法辅助人员", PersonKind::AuxiliaryStaff),
        ("协管员", PersonKind::AuxiliaryStaff),
        ("协管", PersonKind::AuxiliaryStaff),
        ("协勤", PersonKind::AuxiliaryStaff),
        ("协勤人员", PersonKind::AuxiliaryStaff),
        ("临聘", PersonKind::AuxiliaryStaff),
        ("临聘人员", PersonKind::AuxiliaryStaff),
        ("辅助", PersonKind::AuxiliaryStaff),
    ],
    unclear: &["干部", "职工", "工人", "公务员", "其他"],
};

/// 编制类型
pub const ESTABLISHMENTS: Choices<Establishment> = Choices {
    words: &[
        ("行政", Establishment::Administrative),
        ("参公", Establishment::CivilServantManaged),
        ("事业", Establishment::PublicInstitution),
        ("无编制", Establishment::None),
    ],
    synonyms: &[
        ("行政编制", Establishment::Administrative),
        ("参公编制", Establishment::CivilServantManaged),
        ("参照公务员法管理", Establishment::CivilServantManaged),
        ("事业编制", Establishment::PublicInstitution),
        ("无", Establishment::None),
        ("编外", Establishment::None),
    ],
    unclear: &[
        "全额",
        "全额事业",
        "差额",
        "工勤",
        "工勤编制",
        "公益岗",
        "公益性岗位",
        "公务员",
        "在编",
        "聘用",
    ],
};

/// 在岗状态
pub const DUTIES: Choices<DutyStatus> = Choices {
    words: &[
        ("在岗", DutyStatus::OnDuty),
        ("借出", DutyStatus::SecondedOut),
        ("借入", DutyStatus::SecondedIn),
        ("离岗", DutyStatus::OffDuty),
        ("退休", DutyStatus::Retired),
    ],
    synonyms: &[
        ("在职", DutyStatus::OnDuty),
        ("在职在岗", DutyStatus::OnDuty),
        ("在岗在编", DutyStatus::OnDuty),
        ("已退休", DutyStatus::Retired),
        ("已离岗", DutyStatus::OffDuty),
    ],
    unclear: &["长期病假", "病假", "产假", "借调", "抽调", "挂职", "内退", "调离", "离职"],
};

/// 原证件状态. 已收回 says where the card is, not what it is in law, and is asked about.
pub const PRIOR_STATES: Choices<CertificateState> = Choices {
    words: &[
        ("有效", CertificateState::Active),
        ("暂扣", CertificateState::Suspended),
        ("注销", CertificateState::Cancelled),
        ("遗失", CertificateState::Lost),
        ("过期", CertificateState::Expired),
    ],
    synonyms: &[
        ("正常", CertificateState::Active),
        ("在用", CertificateState::Active),
        ("已注销", CertificateState::Cancelled),
        ("丢失", CertificateState::Lost),
        ("已过期", CertificateState::Expired),
        ("到期", CertificateState::Expired),
    ],
    unclear: &["已收回", "收回", "失效", "作废", "无效", "停用"],
};

impl<T: Copy + PartialEq> Choices<T> {
    /// The value that a cell means.
    pub fn parse(&self, cell: &CellValue) -> Parsed<T> {
        let text = compact(&cell.tidy()?);
        let find = |list: &[(&str, T)]| list.iter().find(|(w, _)| *w == text).map(|(_, v)| *v);
        if let Some(value) = find(self.words) {
            return Ok((value, Vec::new()));
        }
        if let Some(value) = find(self.synonyms).or_else(|| find_upper(self.synonyms, &text)) {
            return Ok((value, vec![read_as(&text, self.word(value))]));
        }
        let unclear = self.unclear.contains(&text.as_str());
        let code = if unclear { FindingCode::ValueUnclear } else { FindingCode::ValueUnknown };
        Err(Note::new(code).arg("value", &text).arg("choices", self.list()))
    }

    /// The word of the workbook for a value.
    pub fn word(&self, value: T) -> &'static str {
        self.words.iter().find(|(_, v)| *v == value).map_or("", |(word, _)| word)
    }

    /// The words in a row, as a message names them.
    pub fn list(&self) -> String {
        self.words.iter().map(|(word, _)| *word).collect::<Vec<_>>().join("、")
    }
}

fn find_upper<T: Copy>(list: &[(&str, T)], text: &str) -> Option<T> {
    let upper = text.to_uppercase();
    list.iter().find(|(word, _)| *word == upper).map(|(_, value)| *value)
}

/// 不得申领情形 other than 无, as the workbook words them.
pub const STANDINGS: &[(&str, StandingKind)] = &[
    ("有-考核不称职", StandingKind::IncompetentRating),
    ("有-记过以上处分期内", StandingKind::DemeritOrHeavier),
    ("有-立案审查调查", StandingKind::UnderInvestigation),
    ("有-处分后未满限制期", StandingKind::RecentSanction),
    ("有-吊销后未满限制期", StandingKind::RecentRevocation),
    ("有-应离岗培训", StandingKind::RetrainingOwed),
];

/// 不得申领情形: 无, or 有 with one or more codes. Whatever else stands there is not repeated in
/// any note, and a cell that holds it must not be kept (see [`storable_standing`]).
pub fn standings(cell: &CellValue) -> Parsed<Vec<StandingKind>> {
    let text = compact(&cell.tidy()?);
    match text.as_str() {
        "无" => return Ok((Vec::new(), Vec::new())),
        "否" | "没有" | "暂无" | "/" | "-" | "无处分" | "无此情形" | "未受处分" => {
            return Ok((Vec::new(), vec![read_as(&text, "无")]));
        }
        "有" | "是" => return Err(Note::new(FindingCode::StandingCodeMissing)),
        _ => {}
    }
    let mut kinds = Vec::new();
    for part in text.split(['、', ',', ';', '，', '；']).filter(|p| !p.is_empty()) {
        let bare = part.trim_start_matches('有').trim_start_matches(['-', ':', '：', '—', '(']);
        let bare = bare.trim_end_matches(')');
        let kind = STANDINGS
            .iter()
            .find(|(word, _)| word.trim_start_matches("有-") == bare)
            .map(|(_, kind)| *kind)
            .or_else(|| StandingKind::from_code(&bare.to_uppercase()))
            .ok_or(Note::new(FindingCode::StandingNarrative))?;
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    if kinds.is_empty() {
        return Err(Note::new(FindingCode::StandingNarrative));
    }
    Ok((kinds, Vec::new()))
}

/// The cell of 不得申领情形 as it may be kept: a narrative is withheld as soon as it is read.
pub fn storable_standing(cell: CellValue) -> CellValue {
    match standings(&cell) {
        Err(note) if note.code != FindingCode::StandingCodeMissing => CellValue::Withheld,
        _ => cell,
    }
}

/// The words in 备注 that belong into another column; the remark itself is never kept.
const STATES_IN_REMARKS: &[&str] = &[
    "退休", "离岗", "借调", "借出", "借入", "调离", "调出", "辞职", "离职", "死亡", "去世", "病假",
    "开除", "辞退",
];

/// A state that a remark speaks of.
pub fn remark_state(cell: &CellValue) -> Option<&'static str> {
    let text = compact(&cell.tidy().ok()?);
    STATES_IN_REMARKS.iter().copied().find(|word| text.contains(word))
}

/// The parts of a list of fields, and whether the separators had to be mended.
pub fn split_list(text: &str) -> (Vec<String>, bool) {
    let tidy = super::tidy(text);
    let parts: Vec<String> = tidy
        .split(['、', ',', ';', '/', '，', '；', '|', '\\', ' ', '+'])
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect();
    let mended = parts.join("、") != tidy;
    (parts, mended)
}

//! The columns of the roster and of other workbooks of people as data: headings, needs, synonyms and what to fill in.
//! The reader, the row parser, the template and the report all take them from here.

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

/// Whether a column must be filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// In every row; its heading must be there.
    Required,
    /// For some people (see the description).
    Conditional,
    /// Never has to be.
    Optional,
}

/// What the workbook says of one column.
#[derive(Debug)]
pub struct Spec {
    /// The canonical heading.
    pub heading: &'static str,
    /// Whether it must be filled in.
    pub need: Need,
    /// Other headings that mean the same.
    pub synonyms: &'static [&'static str],
    /// How to fill it in, in Chinese, for the sheet 填写说明.
    pub description: &'static str,
}

/// `roster { … }` are the columns of the roster, `others { … }` those of other workbooks.
macro_rules! columns {
    (
        roster {$($(#[$doc:meta])* $name:ident $need:ident $heading:literal [$($synonym:literal),*] $text:literal;)*}
        others {$($(#[$odoc:meta])* $oname:ident $oneed:ident $oheading:literal [$($osynonym:literal),*] $otext:literal;)*}
    ) => {
        /// A column of the sheet 人员.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "SCREAMING_SNAKE_CASE")]
        pub enum Column { $($(#[$doc])* $name,)* $($(#[$odoc])* $oname,)* }

        impl Column {
            /// Every column of the roster, in the order of its template.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// What the workbook says of this column.
            pub const fn spec(self) -> &'static Spec {
                match self {
                    $(Self::$oname => &Spec {
                        heading: $oheading,
                        need: Need::$oneed,
                        synonyms: &[$($osynonym),*],
                        description: $otext,
                    },)*
                    $(Self::$name => &Spec {
                        heading: $heading,
                        need: Need::$need,
                        synonyms: &[$($synonym),*],
                        description: $text,
                    },)*
                }
            }
        }
    };
}

columns! {
    roster {
        /// 姓名
        Name Required "姓名" ["人员姓名", "持证人", "持证人姓名"]
            "与居民身份证一致，2至50个字；少数民族姓名中的间隔号用“·”。";
        /// 身份证号
        IdNumber Required "身份证号" ["身份证", "身份证号码", "公民身份号码", "公民身份证号码", "居民身份证号码", "证件号码"]
            "18位公民身份号码，以文本格式填写，末位为X的填大写X。";
        /// 性别
        Gender Optional "性别" []
            "男或女，仅用于与身份证号核对，不入库。";
        /// 所属机关全称
        Agency Required "所属机关全称" ["单位", "单位名称", "单位全称", "工作单位", "所在单位", "所属单位", "所属机关", "执法主体", "执法主体名称"]
            "行政执法机关的法定全称，须已在系统登记（见“字典”）。";
        /// 统一社会信用代码
        Uscc Required "统一社会信用代码" ["机构代码", "单位代码", "信用代码", "统一信用代码"]
            "所属机关18位统一社会信用代码，以文本格式填写。";
        /// 内设机构
        Section Optional "内设机构" ["科室", "大队", "中队", "所在科室"]
            "所在处室、科室、大队、中队等，不要填在机关名称里。";
        /// 人员类别
        Kind Required "人员类别" ["身份", "岗位类型", "人员类型"]
            "执法人员、监督人员或辅助人员。辅助人员不得申领证件。";
        /// 编制类型
        Establishment Required "编制类型" ["编制性质", "编制"]
            "行政、参公、事业或无编制。";
        /// 在岗状态
        Duty Required "在岗状态" ["人员状态", "在岗情况"]
            "在岗、借出、借入、离岗或退休。";
        /// 职务、职级
        Post Optional "职务、职级" ["职务", "职级", "职务职级", "职务/职级"]
            "可填职务、职级，中间用顿号隔开。";
        /// 执法领域
        Fields Required "执法领域" ["执法类别", "业务领域", "执法门类"]
            "按“字典”填写名称或代码，多个领域用顿号“、”隔开；不要填“综合执法”“全部”。";
        /// 执法区域
        Area Conditional "执法区域" ["辖区", "执法辖区"]
            "行政区划代码或全称；不填即为所属机关的辖区。";
        /// 手机号
        Phone Conditional "手机号" ["手机", "手机号码", "电话", "联系电话", "联系方式"]
            "11位手机号码；需要开通账号的人员必填。";
        /// 公共法律考试成绩
        PublicScore Conditional "公共法律考试成绩" ["公共法律知识成绩", "公共法律知识", "公共法律", "公共法律考试分数", "公共法律知识考试成绩", "公共法律成绩", "综合法律", "综合法律成绩", "综合法律考试成绩", "综合法律知识考试成绩", "公共知识", "公共知识成绩", "公共知识考试成绩"]
            "0至100，可保留一位小数；申领证件的人员必填。";
        /// 公共法律考试日期
        PublicDate Conditional "公共法律考试日期" ["公共法律知识日期", "公共法律考试时间", "公共法律时间", "综合法律考试时间", "公共法律知识考试日期", "公共法律日期", "综合法律日期", "综合法律考试日期", "综合法律知识考试日期", "公共知识日期", "公共知识考试日期"]
            "形如2026-03-05；填写了成绩的必填。";
        /// 专业法律考试成绩
        ProfessionalScore Conditional "专业法律考试成绩" ["专业法律知识成绩", "专业法律知识", "专业法律", "专业法律考试分数", "专业法律知识考试成绩", "专业法律成绩", "专业知识", "专业知识成绩", "专业知识考试成绩"]
            "0至100，可保留一位小数；申领证件的人员必填。";
        /// 专业法律考试日期
        ProfessionalDate Conditional "专业法律考试日期" ["专业法律知识日期", "专业法律考试时间", "专业法律时间", "专业知识考试时间", "专业法律知识考试日期", "专业法律日期", "专业知识日期", "专业知识考试日期"]
            "形如2026-03-05；填写了成绩的必填。";
        /// 本年培训学时
        Hours Optional "本年培训学时" ["学时", "课时", "培训学时", "本年度培训学时"]
            "0至999，可保留一位小数，只填数字；不含已在本系统登记的培训班学时。";
        /// 原证件编号
        PriorNumber Conditional "原证件编号" ["执法证号", "证号", "原证号", "证件编号", "执法证件编号", "执法证编号"]
            "已持证人员填写现有证件的编号，以文本格式填写，保留前面的0。";
        /// 原发证机关
        PriorIssuer Conditional "原发证机关" ["发证单位", "发证机关", "原发证单位"]
            "已持证人员必填，填发证机关全称。";
        /// 原发证日期
        PriorIssued Conditional "原发证日期" ["发证日期", "原证件发证日期"]
            "已持证人员必填，形如2024-03-05。";
        /// 有效期至
        PriorUntil Conditional "有效期至" ["有效期", "原证件有效期至", "有效期限", "有效期截止日期"]
            "已持证人员必填，只填截止日期，形如2029-03-04；证件上为长期的填“长期”。";
        /// 原证件状态
        PriorState Conditional "原证件状态" ["证件状态"]
            "已持证人员必填：有效、暂扣、注销、遗失或过期。";
        /// 部委证件
        MinistryCertificate Optional "部委证件" ["其他证件", "部委执法证件"]
            "持有国务院部门所发执法证件的，填证件种类和编号。";
        /// 不得申领情形
        Standing Required "不得申领情形" ["处分情况", "不得申领的情形"]
            "没有的填“无”；有的只填“字典”所列情形，不得填写任何经过和细节。";
        /// 照片文件名
        Photo Conditional "照片文件名" ["照片", "照片名称", "相片"]
            "照片压缩包内的文件名，jpg或png；申领证件的人员必填，不要在单元格内粘贴图片。";
        /// 备注
        Remarks Optional "备注" ["备注说明"]
            "不入库，仅供本单位使用；人员状态请填入“在岗状态”。";
    }
    others {
        /// 参训学时
        Attended Required "参训学时" ["学时", "课时", "培训学时", "实际学时", "实际参训学时"]
            "本次实际参加的学时，可保留一位小数，不得超过本次培训的总学时；未参加的填0。";
        /// 成绩
        Score Required "成绩" ["考试成绩", "分数", "得分", "考试分数"]
            "0至100，可保留一位小数；缺考的填“缺考”，作弊、违纪的填“作弊”。";
    }
}

/// Which columns a workbook of people has: the reader looks for these and reads over all others.
#[derive(Clone, Copy, Debug)]
pub struct Form {
    /// The columns, in the order of its template.
    pub columns: &'static [Column],
    /// Those of them that may be missing, whatever the roster says of them.
    pub optional: &'static [Column],
}

impl Form {
    /// The roster.
    pub const ROSTER: Self = Self { columns: Column::ALL, optional: &[] };

    /// Whether a column must be filled in.
    pub fn need(&self, column: Column) -> Need {
        if self.optional.contains(&column) { Need::Optional } else { column.spec().need }
    }

    /// Whether the heading of a column must be there.
    pub fn requires(&self, column: Column) -> bool {
        self.need(column) == Need::Required
    }
}

/// What a heading of a file turned out to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heading {
    /// A column of the roster.
    Known(Column),
    /// Personal data that is never stored; read over.
    NeverStored,
    /// A serial number or a column that the report added; read over without a word.
    Incidental,
    /// Anything else; read over.
    Unknown,
}

/// Columns that are never stored, whatever a file holds.
const NEVER_STORED: &[&str] = &["民族", "政治面貌", "家庭住址", "住址", "家庭地址", "住宅地址"];

/// The columns which the report workbook adds; it must be readable when sent again.
pub const REPORT_HEADINGS: [&str; 4] = ["原表位置", "结果", "问题", "Findings"];

impl Heading {
    /// What `text` is as a heading of a form; width, spaces, stars and remarks in brackets do not
    /// matter.
    pub fn of(text: &str, form: &Form) -> Self {
        let heading = normalise(text);
        let same = |name: &&str| normalise(name) == heading;
        let known = form.columns.iter().copied().find(|column| {
            let spec = column.spec();
            same(&spec.heading) || spec.synonyms.iter().any(same)
        });
        if let Some(column) = known {
            Self::Known(column)
        } else if NEVER_STORED.iter().any(same) {
            Self::NeverStored
        } else if REPORT_HEADINGS.iter().chain(&["序号", "编号", "No."]).any(same) {
            Self::Incidental
        } else {
            Self::Unknown
        }
    }
}

/// A heading without what does not matter: width, spaces, `*`, `:`, and remarks in brackets.
fn normalise(text: &str) -> String {
    let mut depth = 0_u32;
    let mut out = String::new();
    for c in text.nfkc() {
        match c {
            '(' | '[' | '【' => depth += 1,
            ')' | ']' | '】' => depth = depth.saturating_sub(1),
            _ if depth > 0 || c.is_whitespace() || matches!(c, '*' | ':' | '\u{feff}') => {}
            _ => out.extend(c.to_lowercase()),
        }
    }
    out
}

//! The lines of work of a province's enforcement agencies (条线): what each is called at each
//! level, who leads it, what it was called before the reform of 2018, and when it is in the demo.
//! The names follow the official pattern; `{}` stands for the place.

use entities::enums::{AgencyKind, DivisionLevel, Leadership};

/// A line of work. An agency's superior is the one of its line a level above.
pub(super) struct Line {
    /// A lowercase ASCII word, part of the sign-in names.
    pub key: &'static str,
    /// Codes of the dictionary of enforcement fields.
    pub fields: &'static [&'static str],
    /// In law; organisations that are entrusted name the line that entrusts them.
    pub kind: AgencyKind,
    /// Who leads it, below the province.
    pub leadership: Leadership,
    /// The line whose agency of the same division entrusts this one.
    pub entrusted_by: Option<&'static str>,
    /// The name at the province, the prefecture and the county, where there is one.
    pub names: [Option<&'static str>; 3],
    /// The words of the name that the short name abbreviates, and how.
    pub short: (&'static str, &'static str),
    /// Names before the reform, at the prefecture and the county.
    pub former: &'static [&'static str],
    /// Whether the county's agency is among the usual ones, or only in a whole province.
    pub usual_in_counties: bool,
    /// How many officers it has, compared with others of its level.
    pub weight: u32,
}

impl Line {
    /// The pattern of its name at a level; `None` where there is no such agency.
    pub fn name(&self, level: DivisionLevel) -> Option<&'static str> {
        let [province, prefecture, county] = self.names;
        match level {
            DivisionLevel::Province => province,
            DivisionLevel::Prefecture => prefecture,
            DivisionLevel::County => county,
            DivisionLevel::Township => None,
        }
    }
}

/// A local organ, the commonest case; the lines below say what differs.
const ORGAN: Line = Line {
    key: "",
    fields: &[],
    kind: AgencyKind::Organ,
    leadership: Leadership::Local,
    entrusted_by: None,
    names: [None; 3],
    short: ("", ""),
    former: &[],
    usual_in_counties: false,
    weight: 10,
};

/// A brigade that enforces in the name of the organ that entrusts it (行政处罚法 §20).
const ENTRUSTED: Line = Line { kind: AgencyKind::EntrustedOrganisation, ..ORGAN };

/// The line of the justice departments, which supervise the others.
pub(super) const JUSTICE: &str = "justice";

/// All lines; one that entrusts or guides another stands before it, the justice departments first.
pub(super) const LINES: &[Line] = &[
    Line {
        key: JUSTICE,
        fields: &["justice", "supervision"],
        names: [Some("{}司法厅"), Some("{}司法局"), Some("{}司法局")],
        usual_in_counties: true,
        weight: 8,
        ..ORGAN
    },
    Line {
        key: "market",
        fields: &["market"],
        names: [Some("{}市场监督管理局"), Some("{}市场监督管理局"), Some("{}市场监督管理局")],
        short: ("市场监督管理局", "市场监管局"),
        former: &["{}工商行政管理局", "{}食品药品监督管理局", "{}质量技术监督局"],
        usual_in_counties: true,
        weight: 40,
        ..ORGAN
    },
    Line {
        key: "transport",
        fields: &["transport"],
        names: [Some("{}交通运输厅"), Some("{}交通运输局"), Some("{}交通运输局")],
        short: ("交通运输", "交通"),
        usual_in_counties: true,
        weight: 28,
        ..ORGAN
    },
    Line {
        key: "agriculture",
        fields: &["agriculture"],
        names: [Some("{}农业农村厅"), Some("{}农业农村局"), Some("{}农业农村局")],
        short: ("农业农村", "农业"),
        former: &["{}农牧局"],
        usual_in_counties: true,
        weight: 12,
        ..ORGAN
    },
    Line {
        key: "emergency",
        fields: &["emergency"],
        names: [Some("{}应急管理厅"), Some("{}应急管理局"), Some("{}应急管理局")],
        short: ("应急管理", "应急"),
        former: &["{}安全生产监督管理局"],
        usual_in_counties: true,
        weight: 16,
        ..ORGAN
    },
    // The county's branch is an outpost of the prefecture's bureau since the vertical reform
    // (中办发〔2016〕63号); the bureau itself answers to the province first, to its city as well.
    Line {
        key: "ecology",
        fields: &["ecology"],
        leadership: Leadership::Dual,
        names: [Some("{}生态环境厅"), Some("{}生态环境局"), Some("{}分局")],
        short: ("生态环境", "环境"),
        former: &["{}环境保护局"],
        usual_in_counties: true,
        weight: 16,
        ..ORGAN
    },
    Line {
        key: "culture",
        fields: &["culture", "tourism"],
        names: [Some("{}文化和旅游厅"), Some("{}文化和旅游局"), Some("{}文体广电和旅游局")],
        short: ("文化和旅游", "文旅"),
        former: &["{}文化广播影视新闻出版局"],
        usual_in_counties: true,
        weight: 10,
        ..ORGAN
    },
    Line {
        key: "housing",
        fields: &["housing"],
        names: [Some("{}住房和城乡建设厅"), Some("{}住房和城乡建设局"), Some("{}住房和城乡建设局")],
        short: ("住房和城乡建设", "住建"),
        ..ORGAN
    },
    Line {
        key: "urban",
        fields: &["urban"],
        names: [None, Some("{}城市管理综合行政执法局"), Some("{}城市管理综合行政执法局")],
        short: ("城市管理综合行政执法局", "城管执法局"),
        former: &["{}城市管理行政执法局"],
        usual_in_counties: true,
        weight: 36,
        ..ORGAN
    },
    Line {
        key: "health",
        fields: &["health"],
        names: [Some("{}卫生健康委员会"), Some("{}卫生健康委员会"), Some("{}卫生健康局")],
        short: ("卫生健康", "卫健"),
        former: &["{}卫生和计划生育局"],
        usual_in_counties: true,
        weight: 12,
        ..ORGAN
    },
    Line {
        key: "land",
        fields: &["land"],
        names: [Some("{}自然资源厅"), Some("{}自然资源局"), Some("{}自然资源局")],
        short: ("自然资源", "自然资源"),
        former: &["{}国土资源局"],
        weight: 14,
        ..ORGAN
    },
    Line {
        key: "water",
        fields: &["water"],
        names: [Some("{}水利厅"), Some("{}水务局"), Some("{}水务局")],
        ..ORGAN
    },
    Line {
        key: "labour",
        fields: &["labour"],
        names: [
            Some("{}人力资源和社会保障厅"),
            Some("{}人力资源和社会保障局"),
            Some("{}人力资源和社会保障局"),
        ],
        short: ("人力资源和社会保障", "人社"),
        ..ORGAN
    },
    Line {
        key: "tax",
        fields: &["tax"],
        leadership: Leadership::Vertical,
        names: [
            Some("国家税务总局{}税务局"),
            Some("国家税务总局{}税务局"),
            Some("国家税务总局{}税务局"),
        ],
        short: ("国家税务总局", ""),
        former: &["{}国家税务局", "{}地方税务局"],
        weight: 18,
        ..ORGAN
    },
    // Both are authorised by a law of their own: 气象法 §5 and 消防法 §4.
    Line {
        key: "weather",
        fields: &["weather"],
        kind: AgencyKind::AuthorisedOrganisation,
        leadership: Leadership::Dual,
        names: [Some("{}气象局"), Some("{}气象局"), Some("{}气象局")],
        weight: 4,
        ..ORGAN
    },
    Line {
        key: "fire",
        fields: &["fire"],
        kind: AgencyKind::AuthorisedOrganisation,
        leadership: Leadership::Vertical,
        names: [Some("{}消防救援总队"), Some("{}消防救援支队"), Some("{}消防救援大队")],
        short: ("消防救援", "消防"),
        former: &["{}公安消防队"],
        ..ORGAN
    },
    Line {
        key: "drugs",
        fields: &["drugs"],
        names: [Some("{}药品监督管理局"), None, None],
        short: ("药品监督管理局", "药监局"),
        ..ORGAN
    },
    Line {
        key: "agriculture-team",
        fields: &["agriculture"],
        entrusted_by: Some("agriculture"),
        names: [None, Some("{}农业综合行政执法支队"), Some("{}农业综合行政执法大队")],
        short: ("农业综合行政执法", "农业执法"),
        former: &["{}动物卫生监督所"],
        usual_in_counties: true,
        weight: 20,
        ..ENTRUSTED
    },
    Line {
        key: "culture-team",
        fields: &["culture", "tourism"],
        entrusted_by: Some("culture"),
        names: [None, Some("{}文化市场综合行政执法支队"), Some("{}文化市场综合行政执法队")],
        short: ("文化市场综合行政执法", "文化执法"),
        weight: 12,
        ..ENTRUSTED
    },
    Line {
        key: "transport-team",
        fields: &["transport"],
        entrusted_by: Some("transport"),
        names: [None, Some("{}交通运输综合行政执法支队"), Some("{}交通运输综合行政执法大队")],
        short: ("交通运输综合行政执法", "交通执法"),
        former: &["{}道路运输管理局"],
        weight: 30,
        ..ENTRUSTED
    },
    Line {
        key: "health-team",
        fields: &["health"],
        entrusted_by: Some("health"),
        names: [None, None, Some("{}卫生健康综合监督执法所")],
        short: ("卫生健康综合监督执法", "卫健执法"),
        former: &["{}卫生监督所"],
        ..ENTRUSTED
    },
    Line {
        key: "labour-team",
        fields: &["labour"],
        entrusted_by: Some("labour"),
        names: [None, None, Some("{}劳动保障监察大队")],
        short: ("劳动保障监察", "劳动监察"),
        weight: 8,
        ..ENTRUSTED
    },
    Line {
        key: "forestry",
        fields: &["forestry"],
        names: [Some("{}林业和草原局"), Some("{}林业和草原局"), Some("{}林业和草原局")],
        short: ("林业和草原", "林草"),
        ..ORGAN
    },
    Line {
        key: "education",
        fields: &["education"],
        names: [Some("{}教育厅"), Some("{}教育局"), Some("{}教育局")],
        weight: 4,
        ..ORGAN
    },
    Line {
        key: "civil",
        fields: &["civil"],
        names: [Some("{}民政厅"), Some("{}民政局"), Some("{}民政局")],
        weight: 4,
        ..ORGAN
    },
    Line {
        key: "medicare",
        fields: &["medicare"],
        names: [Some("{}医疗保障局"), Some("{}医疗保障局"), Some("{}医疗保障局")],
        short: ("医疗保障", "医保"),
        weight: 6,
        ..ORGAN
    },
    Line {
        key: "food",
        fields: &["food"],
        names: [Some("{}粮食和物资储备局"), Some("{}粮食和物资储备局"), None],
        short: ("粮食和物资储备", "粮储"),
        weight: 4,
        ..ORGAN
    },
    Line {
        key: "energy",
        fields: &["energy"],
        names: [Some("{}能源局"), None, None],
        weight: 4,
        ..ORGAN
    },
    Line {
        key: "statistics",
        fields: &["statistics"],
        names: [Some("{}统计局"), Some("{}统计局"), Some("{}统计局")],
        weight: 4,
        ..ORGAN
    },
];

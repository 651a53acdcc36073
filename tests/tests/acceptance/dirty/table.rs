//! The rows of the dirty roster: everything that real files are known to hold, at least once each.

use serde_json::json;

use super::places::Places;
use super::row::{Applicants, Cell, EXAM_DAY, Row};
use crate::roster::id_number;

/// The ID number of somebody of a region nobody has: birth date and sequence (GB 11643-1999 §4).
fn id_of(born: &str, sequence: u32) -> String {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let body = format!("629997{born}{sequence:03}");
    let sum: u32 = body.chars().zip(WEIGHTS).map(|(c, w)| c.to_digit(10).unwrap() * w).sum();
    let check = char::from_digit((12 - sum % 11) % 11, 10).unwrap_or('X');
    format!("{body}{check}")
}

/// The first ID number that ends so, of a man or (an even last but one digit) a woman.
fn id_ending(end: &str, sequence: u32) -> String {
    (1..=12)
        .flat_map(|month| (1..=28).map(move |day| format!("1990{month:02}{day:02}")))
        .map(|born| id_of(&born, sequence))
        .find(|id| id.ends_with(end))
        .expect("every check character occurs")
}

/// A person who stands in the register under the county's agency before the roster comes.
pub fn elsewhere(applicants: &mut Applicants<'_>, places: &Places) -> Row {
    applicants.next().id(&id_of("19880808", 11)).at(&places.county)
}

/// Full-width forms of letters and digits.
fn wide(text: &str) -> String {
    text.chars().map(|c| char::from_u32(u32::from(c) + 0xfee0).unwrap()).collect()
}

/// The people of the first sheet.
pub fn first_sheet(people: &mut Applicants<'_>, places: &Places) -> Vec<Row> {
    let mut rows = vec![people.next()];
    rows.extend(names(people));
    rows.extend(numbers(people));
    rows.extend(units(people, places));
    rows.extend(words(people, places));
    rows.extend(exams(people));
    rows.extend(holders(people));
    rows.extend(bars_and_photos(people));
    // The person of another agency: which one, is not said.
    rows.push(people.next().id(&id_of("19880808", 11)).fails("TRANSFER_REQUIRED ", "another"));
    // The person of the first row once more.
    let first = rows[0].person["idNumber"].as_str().unwrap().to_owned();
    rows.push(people.next().id(&first).fails("ID_DUPLICATE 身份证号", "row 6"));
    rows
}

/// 姓名
fn names(people: &mut Applicants<'_>) -> Vec<Row> {
    let dot = "NAME_DOT_MENDED 姓名";
    vec![
        people.next().with("姓名", "张 三").keeps("name", "张三"),
        people.next().with("姓名", "　欧阳　建国 ").keeps("name", "欧阳建国"),
        people
            .next()
            .with("姓名", "阿依古丽•买买提")
            .asks(dot, "“阿依古丽·买买提”")
            .keeps("name", "阿依古丽·买买提"),
        people.next().with("姓名", "扎西.多吉").asks(dot, "“扎西·多吉”").keeps("name", "扎西·多吉"),
        people
            .next()
            .with("姓名", "李梅（女）")
            .id(&id_of("19910203", 22))
            .with("性别", "女")
            .asks("NAME_SUFFIX_REMOVED 姓名", "“李梅”")
            .keeps("name", "李梅"),
        people.next().with("姓名", "𬱖𠮷").keeps("name", "𬱖𠮷"),
        people.next().with("姓名", "王㛃").keeps("name", "王㛃"),
        people.next().with("姓名", "张").fails("NAME_LENGTH 姓名", "2 to 50"),
        people.next().with("姓名", "").fails("CELL_REQUIRED 姓名", "“姓名”"),
    ]
}

/// 身份证号 and 性别
fn numbers(people: &mut Applicants<'_>) -> Vec<Row> {
    let lost = "ID_PRECISION_LOST 身份证号";
    let (with_x, zeros) = (id_ending("X", 11), id_ending("000", 100));
    let (full, apostrophe) = (id_of("19930405", 31), id_of("19940506", 31));
    let (one, two, other) = (id_of("19950607", 31), id_of("19950607", 42), id_of("19960708", 52));
    vec![
        people.next().with("身份证号", "6.3E+17").fails(lost, "as text"),
        people.next().with("身份证号", Cell::Number(6.299_971_985_010_1e17)).fails(lost, "as text"),
        people
            .next()
            .with("身份证号", format!("{}000", &id_number(60)[..15]))
            .fails(lost, "as text"),
        people.next().id(&zeros).with("性别", "女").asks("ID_TAIL_ZEROS 身份证号", "ends in 000"),
        people.next().id(&with_x).with("身份证号", with_x.to_lowercase()),
        people
            .next()
            .with("身份证号", "629997850101001")
            .fails("ID_FIFTEEN_DIGITS 身份证号", "one of 18"),
        people.next().id(&full).with("身份证号", wide(&full)),
        people
            .next()
            .id(&apostrophe)
            .with("身份证号", format!("'{apostrophe}"))
            .asks("ID_APOSTROPHE 身份证号", "taken off"),
        people
            .next()
            .with("身份证号", "629997198501010019")
            .fails("ID_CHECK_DIGIT 身份证号", "compare it with the card"),
        people.next().id(&one).with("性别", "1").asks("VALUE_READ_AS 性别", "read as “男”"),
        people.next().id(&two).with("性别", "2").asks("VALUE_READ_AS 性别", "read as “女”"),
        people.next().id(&other).with("性别", "男").asks("GENDER_DISAGREES 性别", "followed"),
    ]
}

/// 所属机关全称, 统一社会信用代码 and 内设机构
fn units(people: &mut Applicants<'_>, places: &Places) -> Vec<Row> {
    let (name, code) = ("所属机关全称", "统一社会信用代码");
    let market = &places.market;
    let other_name = "AGENCY_OTHER_NAME 所属机关全称";
    let read = format!("“{}”", market.name);
    let [short, former, ..] = market.aliases.as_slice() else { panic!("{:?}", market.aliases) };
    let letters = market.uscc.replacen('0', "O", 1).replacen('1', "I", 1);
    let above = |row: Row, place: &super::places::Place| {
        row.asks("VALUE_FROM_ABOVE 所属机关全称", &format!("“{}”", place.name))
            .asks("VALUE_FROM_ABOVE 统一社会信用代码", &format!("“{}”", place.uscc))
    };
    let from_city = |row: Row| above(row.at(&places.city), &places.city);
    vec![
        people.next().with(name, short.as_str()).asks(other_name, &read),
        people.next().with(name, former.as_str()).asks(other_name, &read),
        people
            .next()
            .with(name, "城关区工商和质监局")
            .fails("AGENCY_UNKNOWN 所属机关全称", &market.name),
        // The unit of three rows in one merged area.
        people.next().at(&places.city),
        from_city(people.next()).merged(),
        from_city(people.next()).merged(),
        people.next().at(&places.city),
        from_city(people.next()).with(name, "同上").with(code, "〃"),
        people
            .next()
            .with(code, letters)
            .asks("USCC_LETTERS_MENDED 统一社会信用代码", &market.uscc),
        people
            .next()
            .with(code, &market.uscc[8..17])
            .fails("USCC_OLD_CODE 统一社会信用代码", "unified code of 18"),
        people
            .next()
            .with(code, places.city.uscc.as_str())
            .fails("AGENCY_CODE_DISAGREES 统一社会信用代码", "not that of the agency"),
        people
            .next()
            .with(name, format!("{}稽查大队", market.name))
            .with("内设机构", "")
            .asks("AGENCY_WITH_SECTION 所属机关全称", "“稽查大队”")
            .keeps("internalUnit", "稽查大队"),
    ]
}

/// 人员类别, 编制类型, 在岗状态, 职务、职级, 执法领域, 执法区域 and 手机号
fn words(people: &mut Applicants<'_>, places: &Places) -> Vec<Row> {
    let mut rows = Vec::new();
    for word in ["协管员", "协勤", "临聘"] {
        let row = people.next().bare().with("人员类别", word).with("编制类型", "无编制");
        rows.push(
            row.asks("VALUE_READ_AS 人员类别", "“辅助人员”")
                .keeps("kind", "AUXILIARY_STAFF")
                .keeps("establishment", "NONE"),
        );
    }
    for word in ["全额", "工勤", "公益岗"] {
        let row = people.next().with("编制类型", word);
        rows.push(row.fails("VALUE_UNCLEAR 编制类型", "行政、参公、事业、无编制"));
    }
    let choices = "在岗、借出、借入、离岗、退休";
    let duty = "VALUE_UNCLEAR 在岗状态";
    let fields = "VALUE_READ_AS 执法领域";
    let two = json!(["市场监管", "交通运输", "农业"]);
    let all = "“市场监管、交通运输、农业”";
    rows.extend([
        people.next().with("在岗状态", "").fails("CELL_REQUIRED 在岗状态", "“在岗状态”"),
        people.next().with("在岗状态", "长期病假").fails(duty, choices),
        people
            .next()
            .with("职务、职级", "副大队长 四级主任科员")
            .keeps("position", "副大队长 四级主任科员"),
        people.next().with("执法领域", "综合执法").fails("FIELD_UNCLEAR 执法领域", "“综合执法”"),
        people.next().with("执法领域", "全部").fails("FIELD_UNCLEAR 执法领域", "“全部”"),
        people
            .next()
            .with("执法领域", "市场监管,交通运输；农业")
            .asks(fields, all)
            .keeps("fields", two),
        people.next().at(&places.city).with("执法区域", "榆中县").keeps("area", "620123"),
        people
            .next()
            .at(&places.city)
            .with("执法区域", "榆中")
            .asks("VALUE_READ_AS 执法区域", "read as “榆中县”")
            .keeps("area", "620123"),
        people.next().at(&places.city).with("执法区域", "620123").keeps("area", "620123"),
        people
            .next()
            .at(&places.city)
            .with("执法区域", "622201")
            .fails("DIVISION_UNKNOWN 执法区域", "“622201”"),
        people.next().with("手机号", "0931-0000001").fails("PHONE_LANDLINE 手机号", "landline"),
        people
            .next()
            .with("手机号", "13900000001/13900000002")
            .fails("PHONE_TWO_NUMBERS 手机号", "keep one"),
        people
            .next()
            .with("手机号", "+86 139 0000 0003")
            .asks("PHONE_PREFIX_REMOVED 手机号", "taken off")
            .keeps("phone", "13900000003"),
        people.next().with("手机号", Cell::Number(13_900_000_004.0)).keeps("phone", "13900000004"),
    ]);
    rows
}

/// The exams and 本年培训学时
fn exams(people: &mut Applicants<'_>) -> Vec<Row> {
    let (public, on) = ("公共法律考试成绩", "公共法律考试日期");
    let professional = "专业法律考试成绩";
    let read_day = "read as “2025-06-10”";
    let hours = "本年培训学时";
    vec![
        people.next().with(public, "合格").fails("SCORE_WORD 公共法律考试成绩", "in points"),
        people
            .next()
            .with(professional, "缺考")
            .fails("SCORE_ABSENT 专业法律考试成绩", "leave it empty"),
        people
            .next()
            .with(public, "85.5分")
            .asks("VALUE_READ_AS 公共法律考试成绩", "read as “85.5”"),
        people.next().with(professional, Cell::Number(90.0)),
        people
            .next()
            .with(on, Cell::Number(45_818.0))
            .asks("VALUE_READ_AS 公共法律考试日期", read_day),
        people.next().with(on, Cell::Day(45_818, EXAM_DAY)),
        people.next().with(on, "2025年6月10日").asks("VALUE_READ_AS 公共法律考试日期", read_day),
        people
            .next()
            .with(professional, "")
            .with("专业法律考试日期", "")
            .asks("EXAM_MISSING 专业法律考试成绩", "“专业法律考试成绩”")
            .keeps("exams", json!(["PUBLIC_LAW 1/1 855 2025-06-10"])),
        people
            .next()
            .with(hours, "60学时")
            .asks("VALUE_READ_AS 本年培训学时", "read as “60”")
            .keeps("trainingMinutes", 3_600),
        people.next().with(hours, "8天").fails("HOURS_IN_DAYS 本年培训学时", "not in days"),
    ]
}

/// The existing certificate and 部委证件
fn holders(people: &mut Applicants<'_>) -> Vec<Row> {
    let (number, issuer, issued, until) = ("原证件编号", "原发证机关", "原发证日期", "有效期至");
    let state = "原证件状态";
    vec![
        people.holder(),
        people
            .holder()
            .with(number, Cell::Number(1_200_345.0))
            .asks("PRIOR_NUMBER_AS_NUMBER 原证件编号", "1200345")
            .unseen_in_csv("PRIOR_NUMBER_AS_NUMBER 原证件编号"),
        people
            .next()
            .with(number, "办理中")
            .asks("PRIOR_NUMBER_PENDING 原证件编号", "as having none"),
        people
            .holder()
            .with(issuer, "甘肃省人民政府")
            .asks("PRIOR_ISSUER_UNKNOWN 原发证机关", "“甘肃省人民政府”"),
        people
            .holder()
            .with(issued, "2021.3.5")
            .with(until, "20280304")
            .asks("VALUE_READ_AS 原发证日期", "read as “2021-03-05”")
            .asks("VALUE_READ_AS 有效期至", "read as “2028-03-04”"),
        people.holder().with(until, "长期").asks("PRIOR_LONG_TERM 有效期至", "has no end"),
        people
            .holder()
            .with(until, "2021.3.5-2026.3.4")
            .fails("DATE_RANGE 有效期至", "give one date"),
        people.holder().with(state, "正常").asks("VALUE_READ_AS 原证件状态", "read as “有效”"),
        people
            .holder()
            .with(state, "已收回")
            .fails("VALUE_UNCLEAR 原证件状态", "有效、暂扣、注销、遗失、过期"),
        people
            .next()
            .with("部委证件", "交通运输部执法证 甘A0012")
            .warns("MINISTRY_FILED 部委证件", "is filed"),
    ]
}

/// 不得申领情形, 照片文件名 and 备注
fn bars_and_photos(people: &mut Applicants<'_>) -> Vec<Row> {
    let (bar, photo) = ("不得申领情形", "照片文件名");
    let no_name = "PHOTO_NAME 照片文件名";
    let paste = "do not paste the picture";
    vec![
        people
            .next()
            .with(bar, "2023年因酒后驾驶被给予记过处分")
            .fails("STANDING_NARRATIVE 不得申领情形", "was not stored"),
        people.next().with(bar, "有").fails("STANDING_CODE_MISSING 不得申领情形", "which"),
        people
            .next()
            .with(bar, "有-立案审查调查")
            .keeps("standings", json!(["UNDER_INVESTIGATION"])),
        people.next().with(bar, "").fails("CELL_REQUIRED 不得申领情形", "“不得申领情形”"),
        people
            .next()
            .with(photo, Cell::PictureOver)
            .asks("PHOTO_MISSING 照片文件名", "named by the ID number"),
        people.next().with(photo, Cell::PictureIn).fails(no_name, paste),
        people.next().with(photo, "=DISPIMG(\"ID_3F2A\",1)").fails(no_name, paste),
        people.next().with(photo, "微信图片_20260301093012.jpg"),
        people.next().with(photo, "微信图片_20260301093013").fails(no_name, paste),
        people.next().with("备注", "已退休，返聘").warns("REMARKS_HIDE_STATE 备注", "“退休”"),
        people.next().with("备注", "家在外地"),
    ]
}

/// The people of the second sheet, which has its columns in another order.
pub fn second_sheet(people: &mut Applicants<'_>, places: &Places) -> Vec<Row> {
    vec![
        // What stood on the sheet before is not above.
        people
            .next()
            .with("所属机关全称", "同上")
            .fails("NOTHING_ABOVE 所属机关全称", "nothing above"),
        people.next().at(&places.county).with("执法领域", "农业").keeps("fields", json!(["农业"])),
        people.next().hidden(),
        people
            .next()
            .bare()
            .with("在岗状态", "退休")
            .keeps("duty", "RETIRED")
            .keeps("employment", "RETIRED"),
    ]
}

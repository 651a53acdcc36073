//! Names of people who do not exist: surnames by their frequency, given names of the generations in
//! service, and the forms a register in Gansu must take: compound surnames, rare characters, names
//! of the Hui, Tibetan, Kazakh and Mongolian autonomous areas, with or without `·`.

use entities::enums::Gender;
use rand::RngExt as _;

use super::{Generator, pick, weighted};

/// Common surnames, each with its share of a thousand (rounded; the rest follows in [`RARE_SURNAMES`]).
const SURNAMES: &[(&str, u32)] = &[
    ("王", 74),
    ("李", 73),
    ("张", 70),
    ("刘", 51),
    ("陈", 38),
    ("杨", 33),
    ("赵", 25),
    ("马", 24),
    ("黄", 17),
    ("周", 17),
    ("吴", 16),
    ("徐", 14),
    ("孙", 14),
    ("胡", 12),
    ("朱", 12),
    ("高", 12),
    ("何", 11),
    ("郭", 11),
    ("林", 10),
    ("罗", 9),
    ("宋", 9),
    ("梁", 8),
    ("郑", 8),
    ("韩", 8),
    ("谢", 7),
    ("唐", 7),
    ("冯", 7),
    ("董", 6),
    ("许", 6),
    ("曹", 6),
    ("魏", 6),
    ("苏", 6),
    ("田", 6),
    ("石", 5),
    ("白", 5),
    ("蒋", 5),
    ("丁", 5),
    ("薛", 5),
    ("潘", 5),
    ("杜", 5),
    ("雷", 5),
    ("贾", 5),
    ("范", 5),
    ("金", 4),
    ("陆", 4),
    ("汪", 4),
    ("姜", 4),
    ("任", 4),
    ("康", 4),
    ("毛", 4),
    ("史", 4),
    ("侯", 4),
    ("邵", 3),
    ("孟", 3),
    ("龙", 3),
    ("万", 3),
    ("段", 3),
    ("漆", 3),
    ("巩", 3),
    ("虎", 2),
    ("撒", 2),
    ("妥", 2),
    ("祁", 3),
    ("鲁", 3),
    ("裴", 2),
    ("滕", 2),
    ("牟", 2),
    ("颉", 2),
    ("蔺", 2),
    ("苟", 2),
];

/// Surnames seldom met, among them compound ones.
const RARE_SURNAMES: [&str; 14] = [
    "欧阳", "司马", "上官", "诸葛", "慕容", "尉迟", "令狐", "皇甫", "拓跋", "逯", "郗", "仝", "亓",
    "芈",
];

/// Characters of men's given names.
const MEN: [&str; 44] = [
    "伟", "强", "军", "勇", "建国", "志强", "国栋", "永平", "鹏", "海龙", "文斌", "晓东", "宏伟",
    "斌", "涛", "明", "超", "俊杰", "浩然", "子轩", "天佑", "宇", "磊", "刚", "波", "辉", "文涛",
    "建军", "学文", "世荣", "兴旺", "生辉", "得福", "维国", "彦龙", "小平", "振华", "立新", "继东",
    "长青", "博", "凯", "旭东", "嘉诚",
];

/// Characters of women's given names.
const WOMEN: [&str; 40] = [
    "芳", "娜", "敏", "静", "丽", "秀英", "艳", "娟", "霞", "燕", "玲", "桂兰", "丹", "萍", "红梅",
    "晓燕", "雪梅", "玉兰", "婷", "婷婷", "雅琴", "欣怡", "梓涵", "诗涵", "佳慧", "文静", "慧",
    "莉", "小红", "彩霞", "淑珍", "亚楠", "海燕", "思雨", "蓉", "倩", "颖", "琳", "瑞雪", "转弟",
];

/// Characters many a system fails at: seldom ones, and from 𬀩 on outside the basic plane.
const RARE_GIVEN: [&str; 18] = [
    "喆", "翀", "赟", "堃", "龑", "彧", "甡", "媖", "玥", "昇", "頔", "祎", "垚", "𬀩", "𫍽", "𬴊",
    "𬸚", "𫖯",
];

const HUI_SURNAMES: &[(&str, u32)] =
    &[("马", 60), ("妥", 6), ("穆", 6), ("丁", 5), ("撒", 4), ("拜", 4), ("罕", 2), ("牟", 3)];
const HUI_MEN: [&str; 14] = [
    "哈三",
    "尤素福",
    "伊布拉",
    "阿卜杜",
    "胡塞尼",
    "苏来曼",
    "一卜拉",
    "木沙",
    "热木赞",
    "国忠",
    "占彪",
    "福祥",
    "学仁",
    "达吾德",
];
const HUI_WOMEN: [&str; 10] =
    ["麦尔彦", "法图麦", "阿米娜", "海彻", "索菲亚", "哈力麦", "秀兰", "热比耶", "晓梅", "祖丽哈"];

const TIBETAN_BOTH: [&str; 14] = [
    "扎西", "才让", "丹增", "索南", "贡保", "旦正", "尕藏", "拉毛", "卓玛", "桑吉", "格桑", "仁青",
    "道吉", "完代",
];
const TIBETAN_MEN: [&str; 8] = ["东珠", "加措", "多杰", "嘉措", "扎西", "才旦", "次力", "南杰"];
const TIBETAN_WOMEN: [&str; 8] = ["卓玛", "拉姆", "草", "措", "央金", "吉毛", "曲珍", "梅朵"];

const KAZAKH_MEN: [&str; 6] = ["叶尔兰", "巴合提", "努尔兰", "赛力克", "哈力木", "阿依丁"];
const KAZAKH_WOMEN: [&str; 6] =
    ["古丽娜", "阿依古丽", "巴合提古丽", "努尔古丽", "萨依拉", "加娜尔"];
const MONGOL_MEN: [&str; 6] = ["巴特尔", "那木加", "孟克", "布仁", "额尔德尼", "苏和"];
const MONGOL_WOMEN: [&str; 6] = ["娜仁花", "其木格", "萨仁", "乌兰", "斯琴", "高娃"];

/// A name as they are given where the agency is (a division code).
pub(super) fn name(rng: &mut Generator, gender: Gender, division: &str) -> String {
    let hui = ["6229", "620525"].iter().any(|d| division.starts_with(d));
    let tibetan = ["6230", "620623"].iter().any(|d| division.starts_with(d));
    match rng.random_range(0..100) {
        0..45 if hui => hui_name(rng, gender),
        0..45 if tibetan => tibetan_name(rng, gender),
        0..35 if division == "620924" => joined(rng, gender, KAZAKH_MEN, KAZAKH_WOMEN, KAZAKH_MEN),
        0..35 if division == "620923" => joined(rng, gender, MONGOL_MEN, MONGOL_WOMEN, MONGOL_MEN),
        0..3 => hui_name(rng, gender),
        3 => tibetan_name(rng, gender),
        _ => han_name(rng, gender),
    }
}

fn han_name(rng: &mut Generator, gender: Gender) -> String {
    let surname = if rng.random_range(0..100) < 2 {
        pick(rng, &RARE_SURNAMES)
    } else {
        weighted(rng, SURNAMES)
    };
    let given = if rng.random_range(0..100) < 2 {
        pick(rng, &RARE_GIVEN)
    } else if gender == Gender::Male {
        pick(rng, &MEN)
    } else {
        pick(rng, &WOMEN)
    };
    format!("{surname}{given}")
}

fn hui_name(rng: &mut Generator, gender: Gender) -> String {
    let given = if gender == Gender::Male { pick(rng, &HUI_MEN) } else { pick(rng, &HUI_WOMEN) };
    let surname = weighted(rng, HUI_SURNAMES);
    // One in ten has the long form with the father's name in the civil register.
    if rng.random_range(0..10) == 0 {
        format!("{given}·{}", pick(rng, &HUI_MEN))
    } else {
        format!("{surname}{given}")
    }
}

fn tibetan_name(rng: &mut Generator, gender: Gender) -> String {
    let first = pick(rng, &TIBETAN_BOTH);
    let second =
        if gender == Gender::Male { pick(rng, &TIBETAN_MEN) } else { pick(rng, &TIBETAN_WOMEN) };
    let between = if rng.random_range(0..5) == 0 { "·" } else { "" };
    format!("{first}{between}{second}")
}

/// A given name and, after `·`, the father's.
fn joined<const M: usize, const W: usize>(
    rng: &mut Generator,
    gender: Gender,
    men: [&'static str; M],
    women: [&'static str; W],
    fathers: [&'static str; M],
) -> String {
    let given = if gender == Gender::Male { pick(rng, &men) } else { pick(rng, &women) };
    format!("{given}·{}", pick(rng, &fathers))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng as _;

    fn sample(division: &str) -> Vec<String> {
        let mut rng = Generator::seed_from_u64(5);
        (0..4_000).map(|_| name(&mut rng, Gender::Female, division)).collect()
    }

    #[test]
    fn a_name_is_one_the_roster_takes() {
        for division in ["620100", "622901", "623001", "620923", "620924"] {
            for name in sample(division) {
                let length = name.chars().count();
                assert!((2..=50).contains(&length), "{name}");
                assert!(!name.starts_with('·') && !name.ends_with('·'), "{name}");
            }
        }
    }

    #[test]
    fn the_forms_that_break_systems_occur() {
        let lanzhou = sample("620100");
        let have = |test: fn(&str) -> bool| lanzhou.iter().filter(|n| test(n)).count();
        assert!(have(|n| n.starts_with("欧阳")) > 0);
        assert!(have(|n| n.contains('·')) > 0);
        assert!(have(|n| n.chars().any(|c| u32::from(c) > 0xFFFF)) > 0);
        assert!(have(|n| n.starts_with('王')) > 200);
        assert!(sample("620924").iter().filter(|n| n.contains('·')).count() > 1_000);
    }
}

//! The rules by themselves.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

fn complaint() -> Typed {
    Typed {
        kind: "complaint".into(),
        category: "NOT_SHOWN".into(),
        text: " 当天上午，\r\n来了一个人。 ".into(),
        ..Typed::default()
    }
}

#[test]
fn a_form_is_read_or_told_what_is_wrong_field_by_field() {
    let evaluation = Typed {
        kind: "evaluation".into(),
        satisfied: "no".into(),
        shown: "yes".into(),
        polite: "unknown".into(),
        fees_asked: "no".into(),
        ..Typed::default()
    };
    let answers = Answers {
        satisfied: false,
        shown: Some(true),
        two_officers: None,
        polite: None,
        fees_asked: Some(false),
    };
    assert_eq!(read(&evaluation, true), Ok(Sent::Evaluation(answers)));
    let unsaid = Typed { satisfied: String::new(), ..evaluation.clone() };
    assert_eq!(read(&unsaid, true), Err(vec![Wrong::Missing("satisfied")]));
    // Without a certificate there is nothing to evaluate: it is read as a complaint that says nothing.
    let missing = ["category", "unit", "text"].map(Wrong::Missing).to_vec();
    assert_eq!(read(&evaluation, false), Err(missing));

    let complained = Complained {
        category: ComplaintCategory::NotShown,
        named: None,
        place: None,
        text: "当天上午，\n来了一个人。".into(),
        contact: None,
    };
    let with = |typed: Typed, shown| read(&typed, shown);
    assert_eq!(with(complaint(), true), Ok(Sent::Complaint(complained.clone().into())));
    let (unit, contact) = ("某局".to_owned(), " 13800000000 ".to_owned());
    let named = Typed { unit, contact, place: "620102".into(), ..complaint() };
    let expected = Complained {
        named: Some("某局".into()),
        place: Some("620102".into()),
        contact: Some("13800000000".into()),
        ..complained
    };
    assert_eq!(with(named, false), Ok(Sent::Complaint(expected.into())));
}

#[test]
fn texts_have_bounds_and_nothing_invisible() {
    let longest = "字".repeat(TEXT);
    assert!(read(&Typed { text: longest.clone(), ..complaint() }, true).is_ok());
    for (text, wrong) in [
        (String::new(), Wrong::Missing("text")),
        (" \u{3000}\n".into(), Wrong::Missing("text")),
        (format!("{longest}。"), Wrong::TooLong("text", TEXT)),
        ("a\u{0}b".into(), Wrong::Control("text")),
        ("a\u{202e}b".into(), Wrong::Control("text")),
        ("a\u{1b}[31mb".into(), Wrong::Control("text")),
    ] {
        let typed = Typed { text, ..complaint() };
        assert_eq!(read(&typed, true), Err(vec![wrong]), "{typed:?}");
    }
    let typed = Typed { contact: "1".repeat(CONTACT + 1), category: "ALL".into(), ..complaint() };
    let wrong = vec![Wrong::Missing("category"), Wrong::TooLong("contact", CONTACT)];
    assert_eq!(read(&typed, true), Err(wrong));
}

#[test]
fn a_receipt_is_read_as_it_is_written_down() {
    let receipt = receipt([255; 32]);
    assert_eq!(in_groups(&receipt), "7440 7370 9551 615X".replace('X', &receipt[15..]));
    for typed in [
        receipt.clone(),
        in_groups(&receipt),
        format!("  {} ", in_groups(&receipt).replace(' ', "-")),
        receipt.chars().map(|c| char::from_u32(u32::from(c) + 0xfee0).unwrap()).collect(),
    ] {
        assert_eq!(read_receipt(&typed), Ok(receipt.clone()), "{typed}");
    }
    for typed in ["", "  ", "-"] {
        assert_eq!(read_receipt(typed), Err(WrongNumber::Missing), "{typed}");
    }
    for typed in
        ["1", "abc", &receipt[1..], &format!("{receipt}0"), "４８２１０９３７５５１６２０８甲"]
    {
        assert_eq!(read_receipt(typed), Err(WrongNumber::Mistyped), "{typed}");
    }
    // The published example of ISO/IEC 7064, MOD 11,10.
    assert_eq!(check_digit("0794"), 5);
}

proptest! {
    #[test]
    fn one_wrong_digit_of_a_receipt_is_always_noticed(
        random in any::<[u8; 32]>(), at in 0_usize..16, by in 1_u8..10
    ) {
        let receipt = receipt(random);
        prop_assert_eq!(read_receipt(&receipt), Ok(receipt.clone()));
        let mut digits = receipt.into_bytes();
        digits[at] = b'0' + (digits[at] - b'0' + by) % 10;
        let typed = String::from_utf8(digits).unwrap();
        prop_assert_eq!(read_receipt(&typed), Err(WrongNumber::Mistyped));
    }

    /// Evaluations of some agencies come in over months and are released as the worker does it. Of
    /// all that can ever be asked for, sums over agencies and over times, no two differ by one to
    /// four evaluations.
    #[test]
    fn no_two_summaries_differ_by_fewer_than_five_evaluations(
        months in prop::collection::vec(prop::collection::vec(0_i64..9, 4), 1..5)
    ) {
        let mut waiting = [0_i64; 4];
        let mut batches: Vec<(usize, usize, i64)> = Vec::new();
        let mut received = 0;
        for (month, came) in months.iter().enumerate() {
            for (agency, came) in came.iter().enumerate() {
                waiting[agency] += came;
                received += came;
                if is_released(waiting[agency]) {
                    batches.push((month, agency, std::mem::take(&mut waiting[agency])));
                }
            }
        }
        let released: i64 = batches.iter().map(|(_, _, count)| count).sum();
        prop_assert_eq!(released + waiting.iter().sum::<i64>(), received);
        let mut sums: BTreeMap<(usize, usize, usize), i64> = BTreeMap::new();
        for from in 0..months.len() {
            for until in from..=months.len() {
                for agencies in 0_usize..16 {
                    let within = |(month, agency, _): &&(usize, usize, i64)| {
                        (from..until).contains(month) && agencies & (1 << agency) != 0
                    };
                    let sum = batches.iter().filter(within).map(|(_, _, count)| count).sum();
                    sums.insert((from, until, agencies), sum);
                }
            }
        }
        // Where one asks for more than the other, the difference is what the more holds.
        for ((from, until, agencies), sum) in &sums {
            for ((wider_from, wider_until, more), wider) in &sums {
                let holds = wider_from <= from && wider_until >= until && more & agencies == *agencies;
                if holds {
                    let differ = wider - sum;
                    prop_assert!(differ == 0 || differ >= BATCH, "{sum} and {wider}");
                }
            }
        }
    }
}

#[test]
fn a_question_does_not_repeat_what_the_sender_wrote() {
    let text = "3月2日上午，店里来了一个自称市场监管局的人，没有出示证件就要罚款两百元。";
    let contact = Some("138-0000-0000");
    for (question, repeated) in [
        ("请说明3月2日对辖区商户的检查安排、到场人员和亮证情况。", false),
        ("有人反映：没有出示证件 就要罚款，两百元。请说明。", true),
        ("请联系13800000000核实。", true),
        ("请说明当天到场的人员。", false),
    ] {
        assert_eq!(repeats(question, text, None, contact), repeated, "{question}");
    }
    assert!(!repeats("短", "短", None, None) && !repeats("", text, None, contact));
    assert!(!repeats("短", "", Some(""), Some("")));
}

#[test]
fn a_question_has_no_part_of_a_contact() {
    let text = "3月2日上午，店里来了一个自称市场监管局的人，没有出示证件就要罚款两百元。";
    let contact = "张小明先生，手机 138-0000-0000（晚上），微信号：Wang_0931";
    for (question, repeated) in [
        ("请说明3月2日晚上的检查安排，可以电话或者微信联系我科。", false),
        ("请先生们说明2026年3月2日的情况，文号甘司〔2026〕0931号。", false),
        ("请说明对张小明一店的检查。", true),
        ("请说明对张 小 明的检查。", true),
        ("请核实尾号为 000000 的来电。", true),
        ("请核实１３８００００００００。", true),
        ("请核实wang0931所述。", true),
    ] {
        assert_eq!(repeats(question, text, None, Some(contact)), repeated, "{question}");
    }
    for (contact, question, repeated) in [
        ("我是张三", "请说明对张三的检查。", true),
        ("张 三 丰 13800000000", "请说明对张三丰的检查。", true),
        ("市民欧阳小明", "请说明对欧阳小明的检查。", true),
        ("阿依古丽·买买提", "请说明对买买提店的检查。", true),
        ("王女士 13800000000", "请说明对女士服装店和王府饭店的检查。", false),
        ("电话", "请电话说明。", false),
        ("QQ 12345", "请说明12345热线转来的事项。", false),
    ] {
        assert_eq!(repeats(question, text, None, Some(contact)), repeated, "{contact}: {question}");
    }
}

#[test]
fn a_short_complaint_is_compared_whole() {
    let text = "收了我两百元。";
    let named = Some("永登县交通运输局");
    for (question, repeated) in [
        ("有人反映收了我两百元，是否属实？", true),
        ("有人反映：收了我，两百元？", true),
        ("当天是否收了两百元？", false),
        // The agency may be addressed by its name.
        ("请永登县交通运输局说明当天的情况。", false),
    ] {
        assert_eq!(repeats(question, text, named, None), repeated, "{question}");
    }
    let named = Some("交通局穿蓝衣服戴眼镜的高个子");
    assert!(repeats("当天是否有交通局穿蓝衣服戴眼镜的高个子？", text, named, None));
}

#[test]
fn acts_follow_states() {
    use ComplaintState as S;
    let follow =
        |state| -> Vec<Act> { Act::ALL.into_iter().filter(|act| act.follows(state)).collect() };
    assert_eq!(follow(S::Received), [Act::Accept, Act::Refuse, Act::Assign]);
    assert_eq!(follow(S::Accepted), [Act::Assign, Act::Extend, Act::Ask, Act::Propose]);
    assert_eq!(follow(S::Proposed), [Act::Extend, Act::GiveBack, Act::Decide]);
    for over in [S::NotAccepted, S::Upheld, S::NotUpheld] {
        assert_eq!(follow(over), []);
    }
}

#[test]
fn reasons_are_some_text() {
    assert_eq!(reasons(" 属实。\n"), Ok("属实。".into()));
    assert_eq!(reasons(" \n"), Err(Refusal::ReasonsRequired));
    assert_eq!(reasons(&"字".repeat(1001)), Err(Refusal::TextTooLong { most: 1000 }));
    assert_eq!(reasons("a\u{0}"), Err(Refusal::ReasonInvalid));
}

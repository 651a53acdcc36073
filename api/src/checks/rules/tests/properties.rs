//! What holds whatever the record, the clocks and the order of delivery.

use proptest::prelude::*;

use super::*;

fn statuses() -> impl Strategy<Value = Vec<(i64, CertificateStatus)>> {
    use CertificateStatus as S;
    let status =
        prop::sample::select(vec![S::Valid, S::Suspended, S::Revoked, S::Lost, S::Expired]);
    let later = prop::collection::vec((RECEIVED - 10 * DAY..RECEIVED + DAY, status.clone()), 0..4);
    (status, later).prop_map(|(first, mut later)| {
        later.sort_by_key(|(at, _)| *at);
        std::iter::once((0, first)).chain(later).collect()
    })
}

prop_compose! {
    fn known()(
        enrolled in RECEIVED - 10 * DAY..=RECEIVED,
        ended in prop::option::of(RECEIVED - 10 * DAY..RECEIVED + DAY),
        mark_is_ours: bool,
        since in RECEIVED - 10 * DAY..=RECEIVED,
        statuses in statuses(),
    ) -> Known {
        Known { enrolled, ended, mark_is_ours, on_record: true, since, statuses }
    }
}

/// One of two credentials, how long ago, and the challenge it answers.
fn any_showing() -> impl Strategy<Value = (bool, i64, Option<u8>)> {
    (any::<bool>(), 0i64..3, prop::option::of(0u8..2))
}

prop_compose! {
    fn any_record()(
        form in 0usize..3,
        app in prop::sample::select(Verdict::ALL),
        ago in -2 * HOUR..10 * HOUR,
        mark in prop::option::of(RECEIVED - 10 * DAY..=RECEIVED),
    ) -> CheckRecord {
        let code = match form {
            0 => printed(),
            1 => shown(RECEIVED - ago, None),
            _ => shown(RECEIVED - ago, Some(&CHALLENGE)),
        };
        CheckRecord {
            challenge: (form == 2).then_some(CHALLENGE),
            mark: mark.map(|at| SyncMark { at: at * 1_000, proof: [0; 16] }),
            ..record(&code, app)
        }
    }
}

proptest! {
    #[test]
    fn the_time_of_a_check_lies_between_what_is_known(record in any_record(), known in known()) {
        let judged = judged(&record, &known);
        prop_assert!(judged.from <= judged.about && judged.about <= at(RECEIVED));
        prop_assert!(at(known.enrolled) <= judged.from);
        if let Some(mark) = record.mark.filter(|_| known.mark_is_ours) {
            prop_assert!(mark.at <= judged.from.timestamp_millis());
        }
    }

    /// A clock that was set changes what is told of the clock, and nothing that is decided.
    #[test]
    fn no_clock_of_the_phone_decides_anything(
        record in any_record(), known in known(), clock in 0i64..=4_000_000_000_000,
        millis in 0i64..=4_000_000_000_000, boot: bool,
    ) {
        let since = if boot || record.mark.is_none() { Since::Boot } else { Since::Sync };
        let shifted = CheckRecord { clock, elapsed: Elapsed { since, millis }, ..record.clone() };
        let strip = |mut judged: Judged| {
            judged.reasons.retain(|reason| *reason != Reason::ClockWrong);
            judged.about = judged.from;
            judged
        };
        prop_assert_eq!(strip(judged(&shifted, &known)), strip(judged(&record, &known)));
    }

    /// No check is confirmed as valid in whose time the certificate was not in force.
    #[test]
    fn valid_is_confirmed_only_where_it_was_so_all_the_time(
        record in any_record(), known in known(),
    ) {
        let judged = judged(&record, &known);
        if judged.outcome == CheckOutcome::Confirmed && judged.verdict == Some(Verdict::Valid) {
            let within = known.statuses.iter().filter(|(s, _)| judged.from < at(*s) && *s <= RECEIVED);
            let first = known.statuses.iter().rfind(|(s, _)| at(*s) <= judged.from);
            for (_, status) in within.chain(first) {
                prop_assert_eq!(*status, CertificateStatus::Valid);
            }
            prop_assert!(agrees(record.verdict.unwrap(), Verdict::Valid));
        }
    }

    /// Whatever order, parts and repetitions records come in, the same are kept and the same are in
    /// conflict.
    #[test]
    fn what_is_kept_depends_on_what_came_alone(
        records in prop::collection::vec((0u8..4, 0u8..3), 1..12),
        deliveries in prop::collection::vec(any::<prop::sample::Index>(), 0..30),
        order: u64,
    ) {
        let key = |(id, hash): &(u8, u8)| (Uuid::from_u128((*id).into()), [*hash; 32]);
        let run = |sent: &[(Uuid, [u8; 32])]| {
            let mut ledger = Ledger::default();
            let mut kept: HashMap<Uuid, BTreeSet<[u8; 32]>> = HashMap::new();
            for (id, hash) in sent {
                let placed = ledger.place(*id, *hash);
                let is_new = kept.entry(*id).or_default().insert(*hash);
                assert_eq!(placed == Placed::Known, !is_new);
                assert_eq!(placed == Placed::Conflict, is_new && kept[id].len() > 1);
            }
            let in_conflict: BTreeSet<Uuid> =
                kept.keys().copied().filter(|id| ledger.conflicts(*id)).collect();
            (kept, in_conflict)
        };
        let once: Vec<_> = records.iter().map(key).collect();
        let mut often: Vec<_> = deliveries.iter().map(|at| once[at.index(once.len())]).collect();
        often.extend(&once);
        often.sort_by_key(|(id, hash)| {
            (u128::from(hash[0]) + 1).wrapping_mul(id.as_u128() + 7).wrapping_mul(order.into())
        });
        let (kept, in_conflict) = run(&once);
        prop_assert_eq!(run(&often), (kept.clone(), in_conflict.clone()));
        for (id, hashes) in kept {
            prop_assert_eq!(in_conflict.contains(&id), hashes.len() > 1);
        }
    }

    /// Of what is kept the very same and the only ones under an id are enough, beside which ids are
    /// contradicted: the answers are those of who knows all.
    #[test]
    fn what_contradicts_itself_need_not_be_read_whole(
        kept in prop::collection::btree_set((0u8..3, 0u8..5), 0..10),
        sent in prop::collection::vec((0u8..3, 0u8..5), 0..10),
    ) {
        let key = |(id, hash): &(u8, u8)| (Uuid::from_u128((*id).into()), [*hash; 32]);
        let (mut whole, mut part) = (Ledger::default(), Ledger::default());
        for record in &kept {
            let (id, hash) = key(record);
            whole.place(id, hash);
            let alone = kept.iter().filter(|other| other.0 == record.0).count() == 1;
            if !alone {
                part.contradict(id);
            }
            if alone || sent.contains(record) {
                part.place(id, hash);
            }
        }
        for record in &sent {
            let (id, hash) = key(record);
            prop_assert_eq!(part.place(id, hash), whole.place(id, hash));
            prop_assert_eq!(part.conflicts(id), whole.conflicts(id));
        }
    }

    /// Two showings are one exactly where credential, time and challenge are the same.
    #[test]
    fn a_showing_is_its_credential_time_and_challenge(
        one in any_showing(), other in any_showing(),
    ) {
        let of = |(second, ago, challenge): (bool, i64, Option<u8>)| {
            let challenge = challenge.map(|byte| [byte; 16]);
            let shown = Credential {
                status_index: if second { 2 } else { 1 },
                ..credential(DeviceKey::new(&holder().public_key()))
            };
            let bound = shown.issue(&issuer()).unwrap();
            let code =
                present(&bound.bytes, RECEIVED - ago, challenge.as_ref(), &holder()).unwrap();
            presentation_of(&code, challenge.as_ref())
        };
        prop_assert!(of(one).is_some());
        prop_assert_eq!(of(one) == of(other), one == other);
    }
}
